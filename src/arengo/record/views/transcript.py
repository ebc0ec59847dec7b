"""The transcript of a sitting, for who writes its verbale: read, heard and corrected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from arengo.council.access import CLERKS
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel.access import AuthenticatedRequest, has_role, members
from arengo.kernel.models import Comune
from arengo.record.access import ORDERERS
from arengo.record.engine.edits import edit_of
from arengo.record.engine.errors import EditUnreadable
from arengo.record.engine.omissis import MARK, omitted_words
from arengo.record.engine.transcript import Transcript
from arengo.record.engine.words import Word
from arengo.record.omissions import cuts_of
from arengo.record.queries.speakers import speakers_of
from arengo.record.transcripts import append, editors_of, transcript_of

LARGEST_EDIT = 200_000  # characters


@members(*CLERKS)
@never_cache
@require_GET
def transcript(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Show the page on which the words of a sitting are corrected."""
    sitting = get_sitting(comune=comune, uid=uid)
    context = {
        "comune": comune,
        "sitting": sitting,
        "tab": "transcript",
        "is_empty": not transcript_of(comune=comune, sitting=sitting).segments,
        "speakers": speakers_of(comune=comune, sitting=sitting),
        "sentences": _sentences(),
        "may_omit": has_role(request.user, comune=comune, roles=ORDERERS),
    }
    return render(request, "record/transcript.html", context | {"heading": _("Trascrizione")})


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def edits(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> JsonResponse:
    """Give the words as they are now, unless nothing is newer than `?dopo=`; or take one edit."""
    sitting = get_sitting(comune=comune, uid=uid)
    if request.method == "POST":
        asked = _asked(request)
        edit = edit_of(asked["kind"], asked["facts"])
        append(comune=comune, sitting=sitting, edit=edit, by=request.user, command=asked["key"])
    found = transcript_of(comune=comune, sitting=sitting)
    seq = found.past[-1].seq if found.past else 0
    if request.method == "GET" and request.GET.get("dopo") == str(seq):
        return JsonResponse({"seq": seq})
    return JsonResponse(_told(comune, sitting, found, request.user.pk))


def _asked(request: AuthenticatedRequest) -> dict[str, Any]:
    """Return what the page asked for: `kind`, `facts` and its own `key`."""
    try:
        asked = json.loads(request.body[:LARGEST_EDIT])
        kind, facts, key = asked["kind"], asked["facts"], asked["key"]
    except (ValueError, KeyError, TypeError) as error:
        raise EditUnreadable(why="mancano kind, facts o key") from error
    if not isinstance(kind, str) or not isinstance(key, str) or len(key) > 40:
        raise EditUnreadable(why="kind e key sono testo")
    return {"kind": kind, "facts": facts, "key": "".join(filter(str.isprintable, key))}


def _told(comune: Comune, sitting: Sitting, found: Transcript, me: int) -> dict[str, Any]:
    """Return the transcript as the page takes it: words as short rows."""
    mine = f"user {me}"
    gone = omitted_words(found, cuts_of(comune=comune, sitting=sitting))
    return {
        "seq": found.past[-1].seq if found.past else 0,
        "segments": [
            {
                "id": one.id,
                "speaker": one.speaker,
                "words": list(_rows(one.words, gone)),
            }
            for one in found.segments
        ],
        "editors": editors_of(comune=comune, sitting=sitting),
        "undo": _last_of(found, mine),
    }


def _rows(words: Iterable[Word], gone: frozenset[str]) -> Iterator[list[str | float]]:
    """Yield words as the page holds them; of those that are omitted one mark is told for each run."""
    is_inside = False
    for w in words:
        at_s = round(w.start_s, 2)
        if w.id in gone:
            yield [w.id, at_s, "" if is_inside else MARK, 1.0, "omitted", ""]
        else:
            yield [w.id, at_s, w.text, round(w.confidence, 2), w.state, w.by]
        is_inside = w.id in gone


def _last_of(found: Transcript, by: str) -> int | None:
    """Return this person's last edit that stands and is no undoing."""
    undone = {done.undoes for done in found.past if done.undoes is not None}
    own = (d.seq for d in reversed(found.past) if d.by == by and d.undoes is None)
    return next((seq for seq in own if seq not in undone), None)


def _sentences() -> dict[str, str]:
    """Return what the page's script says."""
    return {
        "machine": _("scritta dalla macchina"),
        "unsure": _("da riascoltare"),
        "corrected": _("corretta da {who}"),
        "confirmed": _("confermata da {who}"),
        "omitted": _("omessa: non si legge e non si corregge più"),
        "omitFrom": _(
            "Il passo comincia da «{text}»: scegli l’ultima parola e premi ancora «Ometti»."
        ),
        "unknown": _("Voce non riconosciuta"),
        "saved": _("Salvato."),
        "news": _("Un collega ha cambiato la trascrizione: ora è aggiornata."),
        "offline": _("Il servizio non risponde: ciò che hai scritto è ancora qui, riprova."),
        "kept": _("Il testo che avevi scritto: «{text}»."),
    }
