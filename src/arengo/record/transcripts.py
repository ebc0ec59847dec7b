"""The transcript of a sitting: the machine's words and every edit after them, in one log.

The words are frozen to a file when the first edit comes (`base_file`), once the sitting is closed
and nothing more is being heard; what the transcript says is the fold of the log over them.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock

from django.db import connection

from arengo import config
from arengo.council.engine.record.facts import Utterance
from arengo.council.models import Person, Sitting, SittingState
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.live.engine.wall import Anchor
from arengo.live.studio.attribution import GUEST
from arengo.record import events
from arengo.record.base_file import read_base, sha256_of, write_base
from arengo.record.engine.chain import Entry, body_of, next_entry
from arengo.record.engine.editing import apply, fold
from arengo.record.engine.edits import Edit, SegmentsMerged, SpeakerSet, edit_of, facts_of
from arengo.record.engine.errors import Overtaken
from arengo.record.engine.omissis import MARK, Cut, names_any, omitted_words, without
from arengo.record.engine.transcript import Transcript, utterances
from arengo.record.errors import (
    NothingHeard,
    NotYetEditable,
    OmittedWords,
    StillHeard,
    TranscriptLost,
)
from arengo.record.heard import Heard, base_in, heard_in, hour_of, timing_in
from arengo.record.models import TranscriptBase, TranscriptEdit
from arengo.record.omissions import cuts_of

QUIET_S = 20.0  # captions that came later than this before now may not be the last
KEPT = 4  # transcripts of long sittings are some megabytes each

_kept: OrderedDict[tuple[str, int], tuple[str, int, Transcript]] = OrderedDict()
_turn = Lock()


@dataclass(frozen=True, slots=True)
class Appended:
    """An edit that was written: its place in the log, and the transcript after it."""

    seq: int
    transcript: Transcript


# --- reading ----------------------------------------------------------------------------


@query
def transcript_of(*, comune: Comune, sitting: Sitting) -> Transcript:
    """Return the transcript as its editors left it; without an edit, as the machine heard it.

    Raises
    ------
    TranscriptLost
        The words on which the edits were made are not there.
    """
    frozen = _frozen(sitting)
    if frozen is None:
        return base_in(_folder(sitting))
    base, done = _known(sitting, frozen)
    news = log_of(comune=comune, sitting=sitting, after=done.past[-1].seq if done.past else 0)
    if not news:
        return done
    found = _continued(base, done, news)
    _keep(sitting, frozen.sha256, news[-1].seq, found)
    return found


@query
def heard_of(*, comune: Comune, sitting: Sitting) -> Heard:
    """Return what was heard in a sitting, corrected and without what is omitted: what documents and archive are made of."""
    return heard_without(
        comune=comune, sitting=sitting, cuts=cuts_of(comune=comune, sitting=sitting)
    )


@query
def heard_without(*, comune: Comune, sitting: Sitting, cuts: Sequence[Cut]) -> Heard:
    """Return what was heard without some cuts only: never for anybody's eyes."""
    found = _heard(comune, sitting)
    return replace(found, utterances=without(found.utterances, cuts)) if cuts else found


def _heard(comune: Comune, sitting: Sitting) -> Heard:
    folder = _folder(sitting)
    if _frozen(sitting) is None:
        return heard_in(folder)
    timing = timing_in(folder)
    if not timing.anchors:
        return timing
    transcript = transcript_of(comune=comune, sitting=sitting)
    return replace(timing, utterances=_utterances(transcript, timing.anchors))


@query
def utterances_of(*, comune: Comune, sitting: Sitting) -> tuple[Utterance, ...]:
    """Return the speeches of a sitting with the corrected words, in order of time."""
    return heard_of(comune=comune, sitting=sitting).utterances


@query
def log_of(*, comune: Comune, sitting: Sitting, after: int = 0) -> list[Entry]:
    """Return the edits of a sitting, in order, from the one after `after`."""
    rows = TranscriptEdit.objects.filter(sitting=sitting, seq__gt=after).order_by("seq")
    return [_entry(row) for row in rows]


@query
def editors_of(*, comune: Comune, sitting: Sitting) -> dict[str, str]:
    """Return the names of who has edited, by the way in which the log calls them."""
    rows = TranscriptEdit.objects.filter(sitting=sitting, by__isnull=False).order_by("by_id")
    found = rows.values_list("by_id", "by__full_name").distinct()
    return {f"user {pk}": name for pk, name in found}


def is_edited(sitting: Sitting) -> bool:
    """Tell whether the words of a sitting are frozen; its Comune must be in scope."""
    return _frozen(sitting) is not None


def is_being_heard(sitting: Sitting) -> bool:
    """Tell whether captions have come a moment ago."""
    path = _folder(sitting) / "cues.jsonl"
    if not path.exists():
        return False
    written_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (clock.now() - written_at).total_seconds() < QUIET_S


# --- writing ----------------------------------------------------------------------------


@operation
def append(
    *, comune: Comune, sitting: Sitting, edit: Edit, by: User | None, command: str = ""
) -> Appended:
    """Write an edit after the others, if what its editor saw is still there.

    Two editors take turns here: the second one's edit is judged on what the first one wrote.
    `command` is the page's own key: the same key again changes nothing.

    Raises
    ------
    NotYetEditable, StillHeard, NothingHeard
        There are no words to correct yet, or none at all.
    Overtaken, NotTogether, NotStanding, PieceAbsent, NothingWritten, EditUnreadable
        As `engine.editing.apply`; `Overtaken` names the colleague.
    OmittedWords
        It is about words that are omitted.
    """
    if sitting.comune_id != comune.pk:
        raise NotFound
    Sitting.objects.select_for_update().filter(pk=sitting.pk).values_list("pk").get()
    asked = TranscriptEdit.objects.filter(sitting=sitting, command=command) if command else None
    if asked and (row := asked.order_by("seq").first()):
        return Appended(row.seq, transcript_of(comune=comune, sitting=sitting))
    if _frozen(sitting) is None:
        _freeze(comune, sitting)
    before = transcript_of(comune=comune, sitting=sitting)
    last = _last(sitting)
    actor = f"user {by.pk}" if by else ""
    entry = next_entry(last, edit, at=clock.now().astimezone(ROME), by=actor)
    gone = omitted_words(before, cuts_of(comune=comune, sitting=sitting))
    if names_any(facts_of(edit), gone):
        raise OmittedWords
    try:
        after = apply(before, edit, seq=entry.seq, by=actor)
    except Overtaken as refused:
        if gone and not _may_be_told(refused, edit, before, gone):
            raise OmittedWords from None
        raise _named(refused) from refused
    _write(comune, sitting, entry, by, command)
    events.transcript_changed.send(Sitting, comune=comune, sitting=sitting)
    return Appended(entry.seq, after)


def _write(comune: Comune, sitting: Sitting, entry: Entry, by: User | None, command: str) -> None:
    TranscriptEdit.objects.create(
        comune=comune,
        sitting=sitting,
        seq=entry.seq,
        at=entry.at,
        kind=entry.edit.kind,
        body=body_of(entry.edit),
        by=by,
        command=command,
        previous=entry.previous,
        sha256=entry.sha256,
    )


def _freeze(comune: Comune, sitting: Sitting) -> None:
    if Sitting.objects.values_list("state", flat=True).get(pk=sitting.pk) != SittingState.CLOSED:
        raise NotYetEditable(title=sitting.title)
    if is_being_heard(sitting):
        raise StillHeard
    base = base_in(_folder(sitting))
    if not base.segments:
        raise NothingHeard(title=sitting.title)
    write_base(_folder(sitting), base)
    TranscriptBase.objects.create(
        comune=comune,
        sitting=sitting,
        at=clock.now(),
        words=sum(1 for _ in base.words()),
        sha256=sha256_of(base),
    )


def _may_be_told(refused: Overtaken, edit: Edit, before: Transcript, gone: frozenset[str]) -> bool:
    """Tell whether a refusal says only what can be read: it quotes what is written there now."""
    if isinstance(edit, SpeakerSet | SegmentsMerged):
        return True
    shown = " ".join(MARK if word.id in gone else word.text for word in before.words())
    return str(refused.facts["now"]) in shown


def _named(refused: Overtaken) -> Overtaken:
    """Return the refusal with people called by their names."""
    by, now = str(refused.facts["by"]), str(refused.facts["now"])
    writer = User.objects.filter(pk=int(by[5:])).first() if by.startswith("user ") else None
    if now.isascii() and now.isdigit():
        now = str(Person.objects.filter(pk=int(now)).first() or now)
    return Overtaken(by=by, now=now.removeprefix(GUEST), who=str(writer or ""))


# --- inside -----------------------------------------------------------------------------


def _folder(sitting: Sitting) -> Path:
    return config.load().sitting_folder(sitting.comune_id, sitting.uid)


def _frozen(sitting: Sitting) -> TranscriptBase | None:
    return TranscriptBase.objects.filter(sitting=sitting).order_by("-number").first()


def _last(sitting: Sitting) -> Entry | None:
    row = TranscriptEdit.objects.filter(sitting=sitting).order_by("-seq").first()
    return _entry(row) if row else None


def _entry(row: TranscriptEdit) -> Entry:
    return Entry(
        row.seq,
        row.at.astimezone(ROME),
        edit_of(row.kind, json.loads(row.body)),
        f"user {row.by_id}" if row.by_id else "",
        row.previous,
        row.sha256,
    )


def _known(sitting: Sitting, frozen: TranscriptBase) -> tuple[Transcript | None, Transcript]:
    """Return the base if it was read now, and the transcript as far as it is known.

    What is kept in memory counts only if the edit that it ends with is still in the database:
    a transaction that was rolled back takes its edits with it.
    """
    with _turn:
        kept = _kept.get((connection.alias, sitting.pk))
    if kept and kept[0] == _mark(sitting, frozen.sha256, kept[1]):
        return None, kept[2]
    base = read_base(_folder(sitting), frozen.sha256)
    if base is None:
        raise TranscriptLost(title=sitting.title)
    return base, base


def _continued(base: Transcript | None, done: Transcript, news: Sequence[Entry]) -> Transcript:
    if base is not None:
        return fold(base, news)
    for one in news:
        done = apply(done, one.edit, seq=one.seq, by=one.by)
    return done


def _mark(sitting: Sitting, base: str, seq: int) -> str:
    """Return what tells a state of the transcript from every other one."""
    links = TranscriptEdit.objects.filter(sitting=sitting, seq=seq).values_list("sha256", flat=True)
    return f"{base} {links.first()}"


def _keep(sitting: Sitting, base: str, seq: int, found: Transcript) -> None:
    key = (connection.alias, sitting.pk)
    mark = _mark(sitting, base, seq)
    with _turn:
        _kept[key] = (mark, seq, found)
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _utterances(transcript: Transcript, anchors: Sequence[Anchor]) -> tuple[Utterance, ...]:
    speakers = {segment.speaker for segment in transcript.segments}
    guests = {one: one.removeprefix(GUEST) for one in speakers if one.startswith(GUEST)}
    return utterances(transcript, partial(hour_of, anchors), guests)
