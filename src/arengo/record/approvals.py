"""From shared to ready to be signed: rectifications, approval in a later sitting, the final text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from arengo.council import akn_schema
from arengo.council.engine.record.document import Document
from arengo.council.models import Sitting
from arengo.council.queries.journal import read_journal
from arengo.council.queries.people import ROME
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.acts import (
    AKN,
    PDF,
    TREE,
    add_versions,
    audit_act,
    check,
    hold,
    latest,
    links_of,
    read_tree,
    read_version,
    versions_of,
)
from arengo.record.drafts import WORD, Written
from arengo.record.engine.acts import chain_json
from arengo.record.engine.approving import Fact, approvals_in, final, sentence_of
from arengo.record.engine.final_akn import final_akn
from arengo.record.engine.frozen import freeze, thaw
from arengo.record.errors import SchemaBroken, StepRefused
from arengo.record.models import (
    Act,
    ActState,
    Approval,
    Impediment,
    Rectification,
    RectificationState,
    Signature,
    Signer,
    SigningOrder,
    SigningRule,
    VersionCause,
)
from arengo.record.render.docx import docx
from arengo.record.render.flow import Line, flow
from arengo.record.render.pdf import Attachment, pdf
from arengo.record.render.signature_fields import with_fields

LONGEST = 5_000  # characters of a rectification
LATER = 12  # sittings after an act's own in which its approval is looked for
FIELDS = (("Presidente", "Firma del Presidente"), ("Segretario", "Firma del Segretario"))


# --- rectifications ---------------------------------------------------------------------


@query
def rectifications_of(*, comune: Comune, act: Act) -> tuple[Rectification, ...]:
    """Return what councillors would have written otherwise, in the order of the text."""
    found = Rectification.objects.filter(act=act).select_related("by", "decided_by", "version")
    return tuple(found.order_by("piece", "id"))


@operation
def propose(
    *, comune: Comune, act: Act, piece: int, text: str, reason: str, by: User
) -> Rectification:
    """Write a councillor's rectification beside a paragraph of the text that was shared.

    Raises
    ------
    StepRefused
        The text is not open to rectifications, or nothing is proposed.
    NotFound
        The text has no such paragraph.
    """
    held = hold(act)
    if held.state != ActState.SHARED or Approval.objects.filter(act=held).exists():
        raise StepRefused(
            why="Le rettifiche si propongono finché il documento è condiviso e non approvato",
            law="regolamento del Consiglio",
        )
    written = text.strip()
    if not written or len(written) > LONGEST or len(reason) > LONGEST:
        raise StepRefused(
            why=f"Scrivi come andrebbe corretto il testo, in non più di {LONGEST} caratteri",
            law="regolamento del Consiglio",
        )
    version = latest(comune=comune, act=held)
    pieces = flow(read_tree(comune=comune, act=held))
    if version is None or not 0 <= piece < len(pieces):
        raise NotFound
    chosen = pieces[piece]
    if not isinstance(chosen, Line):
        raise NotFound
    made = Rectification.objects.create(
        comune=comune,
        act=held,
        version=version,
        piece=piece,
        quote=chosen.text,
        text=written,
        reason=reason.strip(),
        by=by,
        at=clock.now(),
    )
    audit_act("record.propose_rectification", held, by, rectification=made.pk)
    return made


@operation
def decide(
    *, comune: Comune, act: Act, rectification_id: int, accept: bool, why: str, by: User
) -> Rectification:
    """Accept or reject a rectification; who, when and why stay for ever.

    Raises
    ------
    NotFound
    StepRefused
        It was decided already, or is rejected without a reason.
    """
    held = hold(act)
    found = Rectification.objects.filter(act=held, pk=rectification_id).first()
    if found is None:
        raise NotFound
    if found.state != RectificationState.PROPOSED or held.state != ActState.SHARED:
        raise StepRefused(why="Questa rettifica è già decisa", law="regolamento del Consiglio")
    if not accept and not why.strip():
        raise StepRefused(why="Scrivi perché non la accogli", law="L. 241/1990 art. 3")
    found.state = RectificationState.ACCEPTED if accept else RectificationState.REJECTED
    found.decided_by, found.decided_at = by, clock.now()
    found.decision = why.strip()[:LONGEST]
    found.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    audit_act("record.decide_rectification", held, by, rectification=found.pk, outcome=found.state)
    return found


# --- approval ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact of a later sitting that may be the approval: `key` names it in a form."""

    key: str
    sitting: Sitting
    fact: Fact
    sentence: str


@query
def candidates(*, comune: Comune, act: Act) -> tuple[Candidate, ...]:
    """Return the facts of the later sittings that may approve an act, the likeliest first."""
    later = Sitting.objects.filter(
        scheduled_at__gt=act.sitting.scheduled_at, is_demo=act.sitting.is_demo
    )
    found = [
        _candidate(sitting, fact)
        for sitting in later.order_by("scheduled_at", "id")[:LATER]
        for fact in approvals_in(read_journal(comune=comune, sitting=sitting))
    ]
    return tuple(sorted(found, key=lambda one: not one.fact.is_of_minutes))


def _candidate(sitting: Sitting, fact: Fact) -> Candidate:
    day = f"{fact.at.astimezone(ROME):%d/%m/%Y}"
    return Candidate(f"{sitting.uid}-{fact.seq}", sitting, fact, sentence_of(fact, day))


@query
def approval_of(*, comune: Comune, act: Act) -> Approval | None:
    """Return by which fact an act was approved; None when it is not yet."""
    return Approval.objects.filter(act=act).select_related("sitting", "by").first()


@operation
def approve(*, comune: Comune, act: Act, key: str, by: User | None) -> Approval:
    """Write by which fact of a later sitting the council approved an act.

    Raises
    ------
    StepRefused
        Rectifications wait for a decision, or that fact approves nothing.
    """
    held = hold(act)
    check(comune=comune, act=held, step="approve")
    chosen = next((one for one in candidates(comune=comune, act=held) if one.key == key), None)
    if chosen is None:
        raise StepRefused(
            why="Scegli il punto della seduta successiva in cui il Consiglio ha approvato: lo dice "
            "il suo registro",
            law="parere DAIT 98483",
        )
    made = Approval.objects.create(
        comune=comune,
        act=held,
        sitting=chosen.sitting,
        item=chosen.fact.item,
        ballot=chosen.fact.ballot,
        seq=chosen.fact.seq,
        entry=chosen.fact.sha256,
        sentence=chosen.sentence,
        approved_at=chosen.fact.at,
        by=by,
    )
    if held.state == ActState.SHARED:
        held.state = ActState.APPROVED
        held.save(update_fields=["state"])
    audit_act("record.approve", held, by, sitting=chosen.sitting.uid, seq=chosen.fact.seq)
    return made


# --- the text to sign -------------------------------------------------------------------


@operation
def prepare(*, comune: Comune, act: Act, by: User | None) -> Act:
    """Freeze the text that will be signed: what was shared, with the notes, no longer a draft.

    Raises
    ------
    StepRefused, VersionLost, VersionsUnwritten, SchemaBroken
    """
    held = hold(act)
    check(comune=comune, act=held, step="prepare")
    return _prepare(comune, held, by)


def _prepare(comune: Comune, act: Act, by: User | None, reason: str = "") -> Act:
    files = list(_final_files(comune, act))
    cause = VersionCause.READY
    add_versions(comune=comune, act=act, files=files, cause=cause, by=by, reason=reason)
    audit_act("record.prepare", act, by)
    return act


def _final_files(comune: Comune, act: Act) -> Iterator[Written]:
    pages = latest(comune=comune, act=act, content_type=PDF, cause=VersionCause.SHARED)
    assert pages, "what is shared has pages"
    document = final(
        _thawed(comune, act),
        rectified=_accepted(act),
        approved=next(
            iter(Approval.objects.filter(act=act).values_list("sentence", flat=True)), ""
        ),
        replaced=[_replaced(one) for one in impediments_of(comune=comune, act=act).values()],
        number=act.number or 0,
    )
    stem = pages.file_name.removesuffix(".pdf")
    yield Written(f"{stem}.testo.json", TREE, freeze(document))
    chain = chain_json(act.uid, links_of(versions_of(comune=comune, act=act))).decode()
    inside = [Attachment("catena.json", "application/json", chain, "Catena", "supplement")]
    akn = latest(comune=comune, act=act, content_type=AKN, cause=VersionCause.SHARED)
    if akn:
        xml = final_akn(read_version(comune=comune, version=akn), document)
        wrong = akn_schema.validate(xml)
        if wrong:
            raise SchemaBroken(why=wrong[0])
        yield Written(f"{stem}.akn.xml", AKN, xml)
        inside.append(Attachment(f"{act.name}.akn.xml", AKN, xml.decode(), "Akoma Ntoso 3.0"))
    made = pdf(document, comune=comune.name, on=act.adopted_date, attachments=inside, code=act.uid)
    yield Written(f"{stem}.docx", WORD, docx(document, comune=comune.name, on=act.adopted_date))
    yield Written(f"{stem}.pdf", PDF, with_fields(made, FIELDS))


def _thawed(comune: Comune, act: Act) -> Document:
    found = latest(comune=comune, act=act, content_type=TREE, cause=VersionCause.SHARED)
    if found is None:
        raise NotFound
    return thaw(read_version(comune=comune, version=found))


def _accepted(act: Act) -> list[tuple[str, str]]:
    found = Rectification.objects.filter(act=act, state=RectificationState.ACCEPTED)
    return list(found.order_by("piece", "id").values_list("quote", "text"))


# --- who signs --------------------------------------------------------------------------


@query
def impediments_of(*, comune: Comune, act: Act) -> dict[str, Impediment]:
    """Return who signs in whose place, by signer."""
    return {one.signer: one for one in Impediment.objects.filter(act=act).order_by("id")}


def _replaced(one: Impediment) -> str:
    return (
        f"In luogo del {one.get_signer_display()}, impedito ({one.reason}), firma {one.name}, "
        f"{one.title} ({one.article})."
    )


@operation
def declare_impediment(
    *,
    comune: Comune,
    act: Act,
    signer: Signer,
    name: str,
    title: str,
    reason: str,
    article: str,
    by: User | None,
) -> Impediment:
    """Say who signs in the place of a signer who cannot; the text to sign will say it too.

    Raises
    ------
    StepRefused
        Something is missing, or there are signatures on the text already.
    """
    held = hold(act)
    told = [" ".join(one.split()) for one in (name, title, reason, article)]
    if not all(told):
        raise StepRefused(
            why="Scrivi chi firma, con quale qualifica, perché e in base a quale norma",
            law="TUEL art. 97 c. 5 e statuto",
        )
    if Signature.objects.filter(act=held).exists():
        raise StepRefused(
            why="C’è già una firma sul testo, che non può più cambiare", law="statuto"
        )
    made = Impediment.objects.create(
        comune=comune,
        act=held,
        signer=signer,
        name=told[0][:150],
        title=told[1][:150],
        reason=told[2],
        article=told[3][:200],
        by=by,
    )
    audit_act("record.declare_impediment", held, by, signer=signer)
    if latest(comune=comune, act=held, cause=VersionCause.READY):
        _prepare(comune, held, by, reason=_replaced(made))
    return made


@operation
def set_signing_rule(
    *,
    comune: Comune,
    order: SigningOrder,
    is_approved_first: bool,
    article: str,
    by: User | None,
) -> SigningRule:
    """Say how the Comune signs from now on."""
    made = SigningRule.objects.create(
        comune=comune,
        order=order,
        is_approved_first=is_approved_first,
        article=" ".join(article.split())[:200],
        by=by,
    )
    audit.record("record.set_signing_rule", comune=comune, by=by, subject=comune.pk, order=order)
    return made
