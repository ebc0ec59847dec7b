"""A sitting told in order: the entries that count, each with the state before and after it.

What was undone is not here, nor anything said while outputs were cut: no document made of an
account can tell it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from arengo.council.engine import events as e
from arengo.council.engine.board import ALWAYS_SHOWN, HIDDEN_TITLE
from arengo.council.engine.chain import Entry
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.engine.record.facts import SittingFacts, Utterance
from arengo.council.engine.record.italian import hour
from arengo.council.engine.record.sentences import Sentence, sentences
from arengo.council.engine.state import Ballot, State

SILENT = (e.VoteCast, e.IdentityChecked, e.FloorAsked, e.FloorForgone)  # told with what follows
Interval = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry of the journal, with the sitting before and after it.

    Single votes and requests for the floor are no moments: those before an entry are folded
    with it.
    """

    entry: Entry
    before: State
    after: State

    @property
    def seq(self) -> int:
        """Return the entry's number."""
        return self.entry.seq

    @property
    def at(self) -> datetime:
        """Return when it was."""
        return self.entry.at

    @property
    def event(self) -> e.Event:
        """Return what happened."""
        return self.entry.event

    @property
    def is_inside_secret(self) -> bool:
        """Tell whether the sitting was secret before it and still is."""
        return self.before.secret_since is not None and self.after.secret_since is not None


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance with its place among those given, its sentences, and its middle.

    The middle places it in time.
    """

    index: int
    said: Utterance
    middle: datetime
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """All that the documents are made of."""

    facts: SittingFacts
    moments: tuple[Moment, ...]
    end: State
    heard: tuple[Heard, ...]
    seqs_of_ballots: dict[str, tuple[int, ...]]
    by_seq: dict[int, Moment]

    @property
    def constituted(self) -> Moment:
        """Return the first moment: who and what the sitting is made of."""
        return self.moments[0]

    @property
    def opened_at(self) -> datetime | None:
        """Return when the sitting was opened, None when it never was."""
        return self.end.opened_at or self.facts.began_at

    @property
    def ended_at(self) -> datetime | None:
        """Return when the sitting was over, None while it goes on."""
        return self.end.ended_at or self.facts.ended_at

    @property
    def date(self) -> date:
        """Return the day of the sitting, in its zone."""
        return self.local(self.opened_at or self.facts.scheduled_at).date()

    def local(self, at: datetime) -> datetime:
        """Return an instant in the sitting's zone."""
        return at.astimezone(self.facts.zone)

    def hour(self, at: datetime) -> str:
        """Return «21:05», with the day where it is not the sitting's own."""
        local = self.local(at)
        later = local.date() != self.date
        return f"{hour(local)} del {local:%d/%m/%Y}" if later else hour(local)


def account(
    entries: Iterable[Entry], facts: SittingFacts, utterances: Sequence[Utterance] = ()
) -> Account:
    """Return the account of a sitting, finished or not.

    Raises
    ------
    RuleBroken
        The journal has not begun.
    """
    kept = standing(entries)
    if not kept or not isinstance(kept[0].event, e.SittingConstituted):
        raise RuleBroken(
            "Il registro non è ancora iniziato: non c'è nulla da verbalizzare.",
            "formato del registro",
        )
    moments = tuple(_moments(kept))
    end = moments[-1].after
    by_seq = {one.seq: one for one in moments}
    return Account(facts, moments, end, _heard(moments, utterances), _of_ballots(kept), by_seq)


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that count: neither those undone nor the undoing."""
    listed = list(entries)
    undone = {one.event.seq for one in listed if isinstance(one.event, e.Undone)}
    return [one for one in listed if one.seq not in undone and not isinstance(one.event, e.Undone)]


def _moments(entries: Iterable[Entry]) -> Iterator[Moment]:
    """Yield a moment for each entry that may tell something, after folding those that do not."""
    state, silent = State(), list[Entry]()
    for entry in entries:
        if isinstance(entry.event, SILENT):
            silent.append(entry)
            continue
        after = fold([*silent, entry], state)
        yield Moment(entry, state, after)
        state, silent = after, []
    if silent:
        yield Moment(silent[-1], state, fold(silent, state))


def _of_ballots(entries: Iterable[Entry]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for entry in entries:
        ballot = getattr(entry.event, "ballot", "")
        if ballot and not isinstance(entry.event, e.SecretBegan):
            found.setdefault(ballot, []).append(entry.seq)
    return {ballot: tuple(seqs) for ballot, seqs in found.items()}


# --- what was heard -----------------------------------------------------------------------


def _heard(moments: Sequence[Moment], utterances: Sequence[Utterance]) -> tuple[Heard, ...]:
    """Return what may be quoted, by time: nothing said while outputs were cut."""
    cuts = cut_intervals(moments)
    begins = [began for began, _ in cuts]
    placed = [_placed(index, one) for index, one in enumerate(utterances)]
    kept = [one for one in placed if one.said.text.strip() and not _is_cut(one, cuts, begins)]
    return tuple(sorted(kept, key=lambda one: (one.middle, one.index)))


def _placed(index: int, said: Utterance) -> Heard:
    middle = said.at + timedelta(seconds=_length_s(said) / 2)
    return Heard(index, said, middle, sentences(said, index))


def _length_s(said: Utterance) -> float:
    return max(0.0, said.end_s - said.start_s)


def ended_at(said: Utterance) -> datetime:
    """Return when an utterance ends."""
    return said.at + timedelta(seconds=_length_s(said))


def _is_cut(one: Heard, cuts: Sequence[Interval], begins: Sequence[datetime]) -> bool:
    """Tell whether any of it was said in a cut: the last cut that begins before its end tells."""
    last = bisect_right(begins, ended_at(one.said)) - 1
    if last < 0:
        return False
    until = cuts[last][1]
    return until is None or one.said.at < until


def cut_intervals(moments: Iterable[Moment]) -> list[Interval]:
    """Return when every output was cut, in secret or for a sensitive item; None while it lasts."""
    found: list[Interval] = []
    since: datetime | None = None
    for moment in moments:
        if moment.after.cut_since and since is None:
            since = moment.at
        elif since is not None and moment.after.cut_since is None:
            found.append((since, moment.at))
            since = None
    return [*found, (since, None)] if since else found


# --- what is not for everyone ---------------------------------------------------------------


def is_reserved_ballot(state: State, ballot: Ballot) -> bool:
    """Tell whether a vote belongs to the separate part: taken in secret, or on a secret item.

    How the sitting became secret is public.
    """
    if ballot.subject in ALWAYS_SHOWN:
        return False
    item = state.items.get(ballot.item)
    return ballot.in_secret or bool(item and item.item.is_secret)


def public_item(item: e.Item) -> e.Item:
    """Return an item as everyone may see it: of a secret one, only that it is."""
    if not item.is_secret:
        return item
    return replace(e.Item(item.id, item.number, HIDDEN_TITLE, type=item.type), is_secret=True)


def is_secret_item(state: State, item: str) -> bool:
    """Tell whether an item was convened to be treated in secret."""
    found = state.items.get(item)
    return bool(found and found.item.is_secret)
