"""Edits applied: `apply` one, `fold` a log. What an edit means stands here, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Protocol

from arengo.record.engine.edits import (
    Edit,
    MachineAccepted,
    MachineProposed,
    MachineRejected,
    Replaced,
    SegmentsMerged,
    SegmentSplit,
    SpeakerSet,
    TextFixed,
    Undone,
    WordsConfirmed,
    WordsStruck,
)
from arengo.record.engine.errors import (
    EditUnreadable,
    NothingWritten,
    NotStanding,
    NotTogether,
    Overtaken,
    PieceAbsent,
)
from arengo.record.engine.sheet import (
    Sheet,
    absent,
    closed,
    opened,
    perform,
    place,
    segment_at,
)
from arengo.record.engine.steps import (
    Done,
    Merge,
    Offer,
    Offering,
    Speak,
    Split,
    Step,
    Swap,
    inverse,
)
from arengo.record.engine.transcript import Transcript
from arengo.record.engine.words import MACHINE, Segment, Voice, Word, confirmed, rewritten, text_of

# What the machine may do by itself, and never over a person's work.
MECHANICAL = (TextFixed, Replaced, WordsStruck, SpeakerSet, MachineProposed)


class Logged(Protocol):
    """An edit with its place in the log and who made it (`MACHINE` for no person)."""

    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def by(self) -> str: ...  # noqa: D102
    @property
    def edit(self) -> Edit: ...  # noqa: D102


def apply(transcript: Transcript, edit: Edit, *, seq: int, by: str) -> Transcript:
    """Return the transcript after one edit; `seq` is its place in the log, never used before.

    Raises
    ------
    Overtaken, NotTogether, NotStanding
        The transcript is no longer what the editor saw.
    PieceAbsent
        An id was never in this transcript.
    NothingWritten, EditUnreadable
        The edit says nothing, or contradicts itself.
    """
    sheet = opened(transcript)
    _write(sheet, edit, seq, by)
    return closed(sheet)


def fold(base: Transcript, log: Iterable[Logged]) -> Transcript:
    """Return the base after all its edits, in the log's order; raises as `apply` does."""
    sheet = opened(base)
    for one in log:
        _write(sheet, one.edit, one.seq, one.by)
    return closed(sheet)


def open_offers(transcript: Transcript) -> tuple[Offer, ...]:
    """Return the offers that can still be accepted: their words are as the machine left them."""
    sheet = opened(transcript)
    return tuple(offer for offer in transcript.offers if _is_free(sheet, offer))


def _write(sheet: Sheet, edit: Edit, seq: int, by: str) -> None:
    if seq in sheet.past:
        raise ValueError(f"edit {seq} is already in the log")
    if by == MACHINE and not isinstance(edit, MECHANICAL):
        raise EditUnreadable(why="può farlo solo una persona")
    undoes = edit.seq if isinstance(edit, Undone) else None
    perform(sheet, Done(seq, by, tuple(_steps(sheet, edit, seq, by)), undoes))


def _steps(sheet: Sheet, edit: Edit, seq: int, by: str) -> Iterator[Step]:
    ids = (f"e{seq}.{n}" for n in count())
    match edit:
        case TextFixed():
            yield _fixed(sheet, edit, ids, by)
        case Replaced():
            yield from _replaced(sheet, edit, ids, by)
        case WordsStruck(words, seen):
            before = _seen_run(sheet, words, seen, by)
            yield Swap(before, rewritten(before, (), ids, by))
        case WordsConfirmed():
            yield from _confirmed(sheet, edit, by)
        case Undone(undone):
            yield from _undone(sheet, undone)
        case SegmentSplit() | SegmentsMerged() | SpeakerSet():
            yield _moved(sheet, edit, seq, by)
        case MachineProposed() | MachineAccepted() | MachineRejected():
            yield from _heard_again(sheet, edit, seq, by)
        case _:
            raise EditUnreadable(why=f"il tipo «{edit.kind}» non esiste")


# --- words ------------------------------------------------------------------------------


def _fixed(sheet: Sheet, edit: TextFixed, ids: Iterator[str], by: str) -> Swap:
    texts = edit.text.split()
    if not texts:
        raise NothingWritten
    before = _seen_run(sheet, edit.words, edit.seen, by)
    return Swap(before, rewritten(before, texts, ids, by))


def _replaced(sheet: Sheet, edit: Replaced, ids: Iterator[str], by: str) -> Iterator[Step]:
    if not edit.fixes:
        raise NothingWritten
    for fix in edit.fixes:
        before = _seen_run(sheet, fix.words, fix.seen, by)
        yield Swap(before, rewritten(before, fix.text.split(), ids, by))


def _confirmed(sheet: Sheet, edit: WordsConfirmed, by: str) -> Iterator[Step]:
    if not edit.words:
        raise NothingWritten
    if len(set(edit.words)) != len(edit.words):
        raise EditUnreadable(why="una parola è detta due volte")
    _same_length(edit.words, edit.seen)
    for run in _runs(sheet, dict(zip(edit.words, edit.seen, strict=True))):
        yield Swap(run, confirmed(run, by))


def _runs(sheet: Sheet, seen: dict[str, str]) -> Iterator[tuple[Word, ...]]:
    """Yield the words named, run by run, once each is found to be as it was seen."""
    for id_ in seen:
        if id_ not in sheet.home:
            raise absent(sheet, id_)
    for home in dict.fromkeys(sheet.home[id_] for id_ in seen):
        run: list[Word] = []
        for word in sheet.segments[home].words:
            if word.id in seen:
                run.append(word)
            elif run:
                yield _as_seen(run, seen)
                run = []
        if run:
            yield _as_seen(run, seen)


def _as_seen(run: Sequence[Word], seen: dict[str, str]) -> tuple[Word, ...]:
    for word in run:
        if word.text != seen[word.id]:
            raise Overtaken(by=word.by, now=text_of(run))
    return tuple(run)


def _seen_run(sheet: Sheet, words: Sequence[str], seen: Sequence[str], by: str) -> tuple[Word, ...]:
    """Return a run of words if it is as it was seen and `by` may change it."""
    if not words:
        raise NothingWritten
    _same_length(words, seen)
    segment, k = place(sheet, words)
    run = _as_seen(segment.words[k : k + len(words)], dict(zip(words, seen, strict=True)))
    touched = next((word for word in run if word.is_touched), None)
    if by == MACHINE and touched:
        raise Overtaken(by=touched.by, now=text_of(run))
    return run


def _same_length(words: Sequence[str], seen: Sequence[str]) -> None:
    if len(words) != len(seen):
        raise EditUnreadable(why="le parole viste non sono quante le parole scelte")


# --- speeches ---------------------------------------------------------------------------


def _moved(
    sheet: Sheet, edit: SegmentSplit | SegmentsMerged | SpeakerSet, seq: int, by: str
) -> Step:
    match edit:
        case SegmentSplit(before):
            segment, k = place(sheet, [before])
            if k == 0:
                raise NotTogether
            return Split(segment.id, f"s-e{seq}", before, (segment.voice, segment.voice))
        case SegmentsMerged(first, second, seen):
            one, other = segment_at(sheet, first), segment_at(sheet, second)
            _same_length((first, second), seen)
            _speaker_seen(one, seen[0])
            _speaker_seen(other, seen[1])
            return Merge(first, second, other.words[0].id, (one.voice, other.voice))
        case SpeakerSet(id_, speaker, was):
            segment = segment_at(sheet, id_)
            _speaker_seen(segment, was)
            _may_speak(segment, by)
            return Speak(id_, segment.voice, Voice(speaker, 1.0, by))


def _speaker_seen(segment: Segment, seen: str) -> None:
    if segment.speaker != seen:
        raise Overtaken(by=segment.voice.by, now=segment.speaker)


def _may_speak(segment: Segment, by: str) -> None:
    if by == MACHINE and segment.voice.by:
        raise Overtaken(by=segment.voice.by, now=segment.speaker)


# --- undoing, and the second hearing ----------------------------------------------------


def _undone(sheet: Sheet, seq: int) -> Iterator[Step]:
    if seq not in sheet.past or seq in sheet.undone:
        raise NotStanding(seq=seq)
    for step in reversed(sheet.past[seq].steps):
        yield inverse(step)


def _heard_again(
    sheet: Sheet, edit: MachineProposed | MachineAccepted | MachineRejected, seq: int, by: str
) -> Iterator[Step]:
    match edit:
        case MachineProposed(offers):
            free = [offer for offer in offers if _is_free(sheet, offer)]
            yield Offering(tuple(replace(o, id=f"o{seq}.{n}") for n, o in enumerate(free)))
        case MachineRejected(chosen):
            yield Offering(removed=_standing(sheet, chosen))
        case MachineAccepted(chosen):
            taken = _standing(sheet, chosen)
            ids = (f"e{seq}.{n}" for n in count())
            for offer in taken:
                # As the machine: an offer never goes over what a person wrote after it.
                before = _seen_run(sheet, offer.words, offer.seen, MACHINE)
                yield Swap(before, rewritten(before, offer.text.split(), ids, by))
            yield Offering(removed=taken)


def _is_free(sheet: Sheet, offer: Offer) -> bool:
    """Tell whether an offer still fits: the machine is silent where a person has written."""
    try:
        _seen_run(sheet, offer.words, offer.seen, MACHINE)
    except (Overtaken, NotTogether):
        return False
    return True


def _standing(sheet: Sheet, chosen: Sequence[str]) -> tuple[Offer, ...]:
    if not chosen:
        raise NothingWritten
    for id_ in chosen:
        if id_ not in sheet.offers:
            raise PieceAbsent(id=id_[:40])
    return tuple(sheet.offers[id_] for id_ in dict.fromkeys(chosen))
