"""Who speaks in one sitting, told to the pages: boards, microphones and captions made one.

Facts come as they come; `news` says what changed of the answer, whenever it is asked. It looks
again at the last two minutes, or at all since the first fact that changed; what is older is kept
as rows. A sitting that is over keeps its rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import floor, inf
from pathlib import Path
from typing import Any

from arengo.live.engine.open_microphones import Microphone
from arengo.live.engine.playlist import Segment
from arengo.live.engine.sentences import Attendee
from arengo.live.engine.speakers import MICROPHONES, Hall, Key, Span
from arengo.live.engine.speakers import Attribution as Speakers
from arengo.live.engine.wall import Hours, sitting_time
from arengo.live.engine.words import Word, plain
from arengo.live.hearing.roll import lexicon
from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.record import Tail
from arengo.live.studio import floor as floor_
from arengo.live.studio import rows as rows_
from arengo.live.studio.board import Board
from arengo.live.studio.floor import Floor, FloorKey
from arengo.live.studio.placing import Placing
from arengo.live.studio.recorder import read_lines
from arengo.live.studio.rows import Row
from arengo.live.studio.spoken import Spoken

RECENT_S = 120.0
AHEAD_S = 10.0  # a key is pressed before its picture is here
WITHOUT_OFFICE = "consiglier"  # consigliere, consigliera: told by their group
SECRETARY = "Segretario"
GUEST = "="  # stands before the name of who is not of the council

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Era:
    """From `start_s` on these people are in the hall, and one of them presides."""

    start_s: float
    hall: Hall
    speakers: Speakers


class Attribution:
    """Who speaks in a sitting on air; once settled, who spoke."""

    def __init__(self, folder: Path) -> None:
        self.rows: list[Row] = []
        self.names: dict[str, str] = {}
        self._is_settled = False
        self._floor = Floor()
        self._hours = Hours()
        self._spoken = Spoken()
        self._tail = Tail(folder)
        self._told: list[MicrophoneEvent] = []
        self._secrets: list[datetime] = []
        self._keys: Placing[FloorKey] = Placing()
        self._microphones: Placing[MicrophoneEvent] = Placing()
        self._ids: dict[str, str] = {}
        self._eras: list[Era] = []
        self._changed_s = inf
        self._heard: list[str] | None = None
        self._unwritten: list[dict[str, Any]] = []

    # --- facts ------------------------------------------------------------------------

    def record(self, segment: Segment) -> None:
        """Take a segment's hour, by which what happens in the hall is placed."""
        if self._hours.add(segment) and not self._is_settled:
            self._place_keys()
            self._place_microphones()

    def remember(self, lines: Iterable[dict[str, Any]]) -> None:
        """Take what `floor.jsonl` holds."""
        for line in lines:
            self._floor.take(line)
        self._place_keys()

    def follow(self, board: Facts) -> None:
        """Take a board."""
        if self._is_settled or not board.get("members"):
            return
        lines = self._floor.follow(board)
        self._unwritten += lines
        self._meet(board)
        if lines:
            self._place_keys()

    def take_lines(self) -> list[dict[str, Any]]:
        """Return what boards have added to `floor.jsonl` since the last time."""
        lines, self._unwritten = self._unwritten, []
        return lines

    def hear(self, cue: Facts, words: Sequence[Any]) -> None:
        """Take a caption with its words; one that is not final, or withdrawn, counts for none."""
        if self._is_settled:
            return
        said = _words(words) if cue["final"] and cue["lines"] else []
        since_s = self._spoken.put(str(cue["id"]), tuple(sorted(said, key=_begins)))
        if since_s is not None:
            self._replace_words(since_s)

    def listen(self) -> None:
        """Take what the microphones have announced in the folder since the last time."""
        if not self._is_settled and (told := self._tail.read()) is not None:
            self._told = told
            self._place_microphones()

    def forget_open(self, since: datetime) -> None:
        """Know of no open microphone any more: from then on nobody was listening."""
        self._secrets.append(since)
        self._place_microphones()

    def withdraw(self, since: datetime, at_s: float) -> dict[str, Any]:
        """Forget what was said after a sitting time, at which the sitting became secret.

        Returns what pages are to be told.
        """
        self._spoken.withdraw(at_s)
        self._replace_words(at_s)
        self._hours.cut(at_s)
        self.forget_open(since)
        self._update(min(self._changed_s, at_s), at_s)
        self._changed_s = inf
        self._heard = None
        return self._told_since(_hundredth(max(0.0, at_s - RECENT_S)))

    # --- from facts to the engine -------------------------------------------------------

    def _meet(self, board: Facts) -> None:
        """Know who is in the hall and who presides; another chair begins another era."""
        hall = _hall(board)
        if self._eras and self._eras[-1].hall == hall:
            return
        members = board["members"]
        self._ids |= {plain(one.name): one.id for one in hall.people}
        self.names |= {one["id"]: label(one) for one in members}
        self.names |= {one.id: one.name for one in hall.people if one.id.startswith(GUEST)}
        start_s = self._era_start(board)
        self._eras = [era for era in self._eras if era.start_s < start_s]
        self._eras.append(Era(start_s, hall, Speakers(hall)))
        self._replace_words(start_s)
        self._replace_keys(self._eras[-1:], -inf)
        self._replace_microphones(self._eras[-1:], -inf)

    def _era_start(self, board: Facts) -> float:
        if not self._eras or not self._hours.anchors:
            return -inf
        return sitting_time(self._hours.anchors, datetime.fromisoformat(board["at"]))

    def _place_keys(self) -> None:
        since_s = self._keys.place(self._floor.keys(), self._hours.anchors)
        if since_s is not None:
            self._replace_keys(self._eras, since_s)

    def _replace_keys(self, eras: Sequence[Era], since_s: float) -> None:
        self._changed_s = min(self._changed_s, since_s)
        found = self._keys.since(since_s)
        keys = [Key(at_s, key.kind, key.member or None) for at_s, key in found]
        for era in eras:
            era.speakers.replace_keys(since_s, keys)

    def _place_microphones(self) -> None:
        told = _closed(self._told, self._secrets)
        since_s = self._microphones.place(told, self._hours.anchors)
        if since_s is not None:
            self._replace_microphones(self._eras, since_s)

    def _replace_microphones(self, eras: Sequence[Era], since_s: float) -> None:
        self._changed_s = min(self._changed_s, since_s)
        found = self._microphones.since(since_s)
        events = [Microphone(at_s, one.seat, one.is_on, self._id(one)) for at_s, one in found]
        for era in eras:
            era.speakers.replace_microphones(since_s, events)

    def _id(self, event: MicrophoneEvent) -> str | None:
        """Return the id of whose seat it is: the table of seats has names."""
        return self._ids.get(plain(event.member), event.member) if event.member else None

    def _replace_words(self, since_s: float) -> None:
        self._changed_s = min(self._changed_s, since_s)
        for era, end_s in self._eras_to_end():
            from_s = max(since_s, era.start_s)
            if from_s < end_s:
                words = [word for word in self._spoken.since(from_s) if word.start < end_s]
                era.speakers.replace_words(from_s, words)

    def _eras_to_end(self) -> Iterator[tuple[Era, float]]:
        """Yield each era with the time at which the next one begins."""
        for k, era in enumerate(self._eras, start=1):
            yield era, self._eras[k].start_s if k < len(self._eras) else inf

    # --- the answer ---------------------------------------------------------------------

    def news(self, end_s: float) -> dict[str, Any] | None:
        """Return what pages are to be told when the sitting has come to `end_s`; None if nothing.

        `spans` take the place of all that was told `from` a time on; `heard` is whom microphones
        or words name since the console's last key, and by which.
        """
        if self._changed_s == inf or not self._eras:
            return None
        start_s = _hundredth(max(0.0, min(end_s - RECENT_S, self._changed_s)))
        was, heard = rows_.shape(rows_.since(self.rows, start_s)), self._heard
        self._update(start_s, end_s + AHEAD_S)
        self._heard = self._hint(end_s)
        last_s = max(self._keys.last_s, self._microphones.last_s)
        self._changed_s = last_s if last_s > end_s + AHEAD_S else inf
        if was == rows_.shape(rows_.since(self.rows, start_s)) and heard == self._heard:
            return None
        return self._told_since(start_s)

    def _update(self, start_s: float, end_s: float) -> None:
        start_s = _hundredth(max(0.0, start_s))
        fresh = rows_.rows_of(self._spans(start_s, end_s))
        for guest in self._guests():
            if guest[0] < end_s and guest[1] > start_s:
                cut = (max(start_s, guest[0]), min(end_s, guest[1]), *guest[2:])
                fresh = rows_.overlaid(fresh, cut)
        self.rows = rows_.lasting(rows_.before(self.rows, start_s), start_s)
        for row in fresh:
            rows_.append(self.rows, row)

    def _spans(self, start_s: float, end_s: float) -> Iterator[Span]:
        for era, until_s in self._eras_to_end():
            yield from era.speakers.spans(max(start_s, era.start_s), min(end_s, until_s))

    def _guests(self) -> Iterator[Row]:
        """Yield the speeches of who is on no roll: the console knows their names."""
        for one in self._floor.guests() if self._hours.anchors else ():
            self.names[GUEST + one.name] = one.name
            start_s = round(sitting_time(self._hours.anchors, one.began), 2)
            end_s = sitting_time(self._hours.anchors, one.ended) if one.ended else inf
            yield start_s, round(end_s, 2), GUEST + one.name, 1.0

    def _hint(self, end_s: float) -> list[str] | None:
        """Return whom something else than the console names, if that is news to the console."""
        until_s = end_s + AHEAD_S
        *_, span = self._eras[-1].speakers.heard(max(0.0, until_s - RECENT_S), until_s)
        if not span.member or span.start_s <= self._keys.last_s:
            return None
        return [span.member, "microphones" if MICROPHONES in span.sources else "words"]

    def _told_since(self, start_s: float) -> dict[str, Any]:
        spans = rows_.since(self.rows, start_s)
        return {"from": start_s, **self._said(spans), "heard": self._heard}

    @property
    def is_known(self) -> bool:
        """Return whether there is a chamber of which something is known."""
        return bool(self._eras or self.rows)

    def whole(self) -> dict[str, Any]:
        """Return who spoke in the whole sitting."""
        return self._said(self.rows)

    def _said(self, spans: Sequence[Row]) -> dict[str, Any]:
        used = {member for _, _, member, _ in spans if member}
        names = {member: name for member, name in self.names.items() if member in used}
        return {"spans": spans, "names": names}

    def who(self, start_s: float, end_s: float) -> str:
        """Return who spoke in a stretch as the transcript says it; empty when not known."""
        row = rows_.row_of(self.rows, start_s, end_s)
        if row is None or row[2] is None:
            return ""
        name = self.names.get(row[2], "")
        return name if row[3] >= rows_.SURE else f"{name} (probabile)"

    def settle(self, end_s: float) -> None:
        """Look at the whole once more, then keep nothing but the answer: the sitting is over."""
        if self._is_settled:
            return
        if self._eras:
            self._update(min(end_s - RECENT_S, self._changed_s), end_s)
        self._is_settled = True
        self._changed_s, self._heard = inf, None
        self._eras, self._told, self._spoken = [], [], Spoken()


def attributed(
    folder: Path,
    segments: Iterable[Segment],
    cues: Iterable[Facts],
    secrets: Iterable[datetime],
    board: Board | None,
) -> Attribution:
    """Return who spoke, as far as the folder of a sitting tells.

    `secrets` are the instants at which it became secret, `board` the last one that was pushed.
    """
    found = Attribution(folder)
    for segment in segments:
        found.record(segment)
    found.remember(read_lines(folder / floor_.NAME))
    for cue in cues:
        found.hear(cue, cue.get("words", []))
    found.listen()
    for since in secrets:
        found.forget_open(since)
    if board:
        found.follow(board.facts)
    return found


def label(member: Facts) -> str:
    """Return how a member is told: by the office, or by the group who has none."""
    office = str(member.get("office") or "")
    group = str(member.get("group") or "")
    is_plain = not office or office.casefold().startswith(WITHOUT_OFFICE)
    return ", ".join(filter(None, (member["name"], group if is_plain else office)))


def _hundredth(at_s: float) -> float:
    """Return a time as rows have it, not later than it is."""
    return floor(at_s * 100) / 100


def _hall(board: Facts) -> Hall:
    """Return who is in the hall; the secretary is told by name where he or she is no member."""
    people = [
        Attendee(one["id"], one["name"], str(one.get("office") or "")) for one in board["members"]
    ]
    secretary = str(board.get("secretary") or "")
    if secretary and all(one.id != secretary for one in people):
        people.append(Attendee(GUEST + secretary, secretary, SECRETARY))
        secretary = GUEST + secretary
    return Hall(tuple(people), board.get("chair"), secretary or None, known=lexicon())


def _closed(told: Sequence[MicrophoneEvent], secrets: Sequence[datetime]) -> list[MicrophoneEvent]:
    """Return the events in order, with all microphones off at each of some instants."""
    found: list[MicrophoneEvent] = []
    opened: dict[str, MicrophoneEvent] = {}
    left = sorted(secrets)
    for event in sorted(told, key=_when):
        while left and left[0] <= event.at:
            found += _offs(opened, left.pop(0))
        found.append(event)
        opened.pop(event.seat, None)
        if event.is_on:
            opened[event.seat] = event
    for since in left:
        found += _offs(opened, since)
    return found


def _offs(opened: dict[str, MicrophoneEvent], at: datetime) -> list[MicrophoneEvent]:
    offs = [replace(event, at=at, is_on=False) for event in opened.values()]
    opened.clear()
    return offs


def _when(event: MicrophoneEvent) -> datetime:
    return event.at


def _words(words: Sequence[Any]) -> list[Word]:
    """Return the words of a cue, `[start, end, text, …]` each; what is none is passed over."""
    found = []
    for word in words:
        match word:
            case [int() | float() as start, int() | float() as end, str() as text, *_]:
                found.append(Word(start, end, text))
    return found


def _begins(word: Word) -> float:
    return word.start
