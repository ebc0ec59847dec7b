"""How far an act has come, in the words that pages use."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from arengo.kernel.models import Comune
from arengo.record.acts import standing_of
from arengo.record.engine.acts import SIGNED_KINDS, Standing, next_step, refusal
from arengo.record.models import Act

STATES = {
    "": gettext_noop("Bozza"),
    "recalled": gettext_noop("Richiamato"),
    "shared": gettext_noop("Condiviso con i consiglieri"),
    "approved": gettext_noop("Approvato"),
    "signed": gettext_noop("Firmato"),
    "published": gettext_noop("Pubblicato"),
}
PHASES = {"": "before", "recalled": "before", "shared": "waiting", "approved": "waiting"}
STEPS = {
    "share": gettext_noop("condividere con i consiglieri"),
    "approve": gettext_noop("approvazione in una seduta successiva"),
    "prepare": gettext_noop("preparare il testo da firmare"),
    "sign": gettext_noop("firma di Presidente e Segretario"),
    "publish": gettext_noop("pubblicazione"),
}


@dataclass(frozen=True, slots=True)
class Way:
    """Where an act is and what comes next; `missing` says what stops it, with the rule."""

    phase: str
    words: str
    next: str
    next_words: str
    missing: str
    undecided: int
    can_recall: bool
    is_signing: bool


def way_of(comune: Comune, act: Act | None, kind: str) -> Way:
    """Return where a document is; without an act it is a draft."""
    standing = standing_of(comune=comune, act=act, kind=kind)
    step = next_step(standing)
    return Way(
        phase=PHASES.get(standing.state, "closed"),
        words=_(STATES[standing.state]),
        next=step or "",
        next_words=_(STEPS[step]) if step else "",
        missing=_missing(standing),
        undecided=standing.undecided,
        can_recall=refusal(standing, "recall") is None,
        is_signing=kind in SIGNED_KINDS and standing.state not in ("", "recalled"),
    )


def _missing(standing: Standing) -> str:
    step = next_step(standing)
    refused = refusal(standing, step) if step else None
    return f"{refused.why} ({refused.law})" if refused else ""
