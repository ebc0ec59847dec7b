"""The transcript while it is edited: the same pieces in dictionaries, changed step by step.

A sheet is born from a transcript and given back as one; a step that is refused leaves it
half-way, so the sheet is then thrown away.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from arengo.record.engine.errors import NotTogether, Overtaken, PieceAbsent
from arengo.record.engine.steps import Done, Merge, Offer, Offering, Speak, Split, Step, Swap
from arengo.record.engine.transcript import Transcript
from arengo.record.engine.words import Segment, Word, text_of


@dataclass(slots=True)
class Sheet:
    """`home` and `starts` say where a word is: its speech and second.

    `gone` is the edit that took a word or a speech away, `undone` the edits that do not stand.
    """

    segments: dict[str, Segment]
    order: list[str]
    home: dict[str, str]
    starts: dict[str, float]
    offers: dict[str, Offer]
    past: dict[int, Done] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)


def opened(transcript: Transcript) -> Sheet:
    """Return a transcript as a sheet to be written on."""
    segments = {segment.id: segment for segment in transcript.segments}
    sheet = Sheet(
        segments=segments,
        order=list(segments),
        home={word.id: segment.id for segment in transcript.segments for word in segment.words},
        starts={word.id: word.start_s for word in transcript.words()},
        offers={offer.id: offer for offer in transcript.offers},
    )
    for done in transcript.past:
        remember(sheet, done)
        for step in done.steps:
            _trace(sheet, step, done.seq)
    return sheet


def closed(sheet: Sheet) -> Transcript:
    """Return what is on the sheet."""
    return Transcript(
        segments=tuple(sheet.segments[id_] for id_ in sheet.order),
        offers=tuple(sheet.offers.values()),
        past=tuple(sheet.past.values()),
    )


def perform(sheet: Sheet, done: Done) -> None:
    """Do an edit's steps, each only if what it found is still there.

    Raises
    ------
    Overtaken
        A piece is not as the step found it.
    NotTogether
        Its words, or its speeches, no longer follow one another.
    PieceAbsent
        An id was never in the transcript.
    """
    remember(sheet, done)
    for step in done.steps:
        match step:
            case Swap():
                _swap(sheet, step)
            case Split():
                _split(sheet, step)
            case Merge():
                _merge(sheet, step)
            case Speak():
                _speak(sheet, step)
            case Offering():
                _offer(sheet, step)
        _trace(sheet, step, done.seq)


def remember(sheet: Sheet, done: Done) -> None:
    """Note an edit, and whether those that it undoes, or does again, stand."""
    sheet.past[done.seq] = done
    target, is_undone = done.undoes, True
    while target is not None:
        (sheet.undone.add if is_undone else sheet.undone.discard)(target)
        target, is_undone = sheet.past[target].undoes, not is_undone


def place(sheet: Sheet, ids: Sequence[str]) -> tuple[Segment, int]:
    """Return the speech that holds a run of words, and the index of the first."""
    for id_ in ids:
        if id_ not in sheet.home:
            raise absent(sheet, id_)
    segment = sheet.segments[sheet.home[ids[0]]]
    k = bisect_left(segment.words, sheet.starts[ids[0]], key=lambda word: word.start_s)
    while segment.words[k].id != ids[0]:
        k += 1
    if [word.id for word in segment.words[k : k + len(ids)]] != list(ids):
        raise NotTogether
    return segment, k


def segment_at(sheet: Sheet, id_: str) -> Segment:
    """Return a speech by its id."""
    if id_ not in sheet.segments:
        raise absent(sheet, id_)
    return sheet.segments[id_]


def absent(sheet: Sheet, id_: str) -> PieceAbsent | Overtaken:
    """Return why there is no such piece: it never was, or somebody put others in its place."""
    if id_ not in sheet.gone:
        return PieceAbsent(id=id_[:40])
    return Overtaken(by=sheet.past[sheet.gone[id_]].by, now=" ".join(_now(sheet, id_)))


def _now(sheet: Sheet, id_: str) -> Iterator[str]:
    """Yield the texts that stand where a piece was."""
    if id_ in sheet.home:
        segment, k = place(sheet, [id_])
        yield segment.words[k].text
        return
    for step in sheet.past[sheet.gone[id_]].steps:
        if isinstance(step, Swap) and any(word.id == id_ for word in step.before):
            for word in step.after:
                yield from _now(sheet, word.id)
        if isinstance(step, Merge) and step.second == id_:
            yield from _now(sheet, step.at)


def _trace(sheet: Sheet, step: Step, seq: int) -> None:
    """Keep `gone` true after a step."""
    match step:
        case Swap(before, after):
            left, came = {w.id for w in before}, {w.id for w in after}
        case Split(_, second):
            left, came = set(), {second}
        case Merge(_, second):
            left, came = {second}, set()
        case _:
            return
    sheet.gone.update(dict.fromkeys(left - came, seq))
    for id_ in came:
        sheet.gone.pop(id_, None)


def _swap(sheet: Sheet, step: Swap) -> None:
    segment, k = place(sheet, [word.id for word in step.before])
    end = k + len(step.before)
    _same_words(segment.words[k:end], step.before)
    for word in step.before:
        del sheet.home[word.id]
    sheet.home.update((word.id, segment.id) for word in step.after)
    sheet.starts.update((word.id, word.start_s) for word in step.after)
    words = (*segment.words[:k], *step.after, *segment.words[end:])
    sheet.segments[segment.id] = replace(segment, words=words)


def _same_words(now: Sequence[Word], found: Sequence[Word]) -> None:
    for one, other in zip(now, found, strict=True):
        if one != other:
            raise Overtaken(by=one.by, now=text_of(now))


def _split(sheet: Sheet, step: Split) -> None:
    segment, k = place(sheet, [step.at])
    if segment.id != step.first or k == 0:
        raise NotTogether
    _same_voice(segment, step.voices[0])
    second = Segment(step.second, step.voices[1], segment.words[k:])
    sheet.segments[segment.id] = replace(segment, words=segment.words[:k])
    sheet.segments[second.id] = second
    sheet.order.insert(sheet.order.index(segment.id) + 1, second.id)
    sheet.home.update((word.id, second.id) for word in second.words)


def _merge(sheet: Sheet, step: Merge) -> None:
    first, second = segment_at(sheet, step.first), segment_at(sheet, step.second)
    k = sheet.order.index(first.id)
    if sheet.order[k + 1 : k + 2] != [second.id]:
        raise NotTogether
    _same_voice(first, step.voices[0])
    _same_voice(second, step.voices[1])
    sheet.segments[first.id] = replace(first, words=first.words + second.words)
    del sheet.segments[second.id], sheet.order[k + 1]
    sheet.home.update((word.id, first.id) for word in second.words)


def _speak(sheet: Sheet, step: Speak) -> None:
    segment = segment_at(sheet, step.segment)
    _same_voice(segment, step.before)
    sheet.segments[segment.id] = replace(segment, voice=step.after)


def _same_voice(segment: Segment, found: object) -> None:
    if segment.voice != found:
        raise Overtaken(by=segment.voice.by, now=segment.speaker)


def _offer(sheet: Sheet, step: Offering) -> None:
    for offer in step.removed:
        sheet.offers.pop(offer.id, None)
    sheet.offers.update((offer.id, offer) for offer in step.added)
