"""Who was there, when: the roll at an instant, and each member's times of presence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from arengo.council.engine import events as e
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.record.account import Account, Moment
from arengo.council.engine.record.document import Attendance, AttendanceRow, Paragraph
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.people import gender
from arengo.council.engine.state import HERE, State

PRESENCE = (e.PresenceSet, e.ConnectionChanged)
WORDS = {
    "present": "presente",
    "remote": "presente da remoto",
    "absent": "assente",
    "mission": "in missione",
}
JUSTIFIED = {
    "m": "assente giustificato",
    "f": "assente giustificata",
    "": "assente con giustificazione",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """From when to when a member was there, and how; `until` None while the sitting goes on."""

    status: str
    since: datetime
    until: datetime | None


def status_words(member: e.Member, status: str) -> str:
    """Return a presence in words that agree with the member's office."""
    if status == "justified":
        return JUSTIFIED[gender(member.office)]
    return WORDS.get(status, status)


def roll(account: Account, moment: Moment, title: str) -> Attendance:
    """Return who is there after a moment; the quorum is the journal's own at that instant."""
    state = moment.after
    seen = _last_seqs(account, moment.seq)
    rows = tuple(_row(state, one, moment.at, seen) for one in state.members.values())
    voting = [row for row in rows if state.members[row.member].votes]
    present = sum(row.status in HERE for row in voting)
    quorum = quorum_at(state, moment.at)
    return Attendance(
        title,
        rows,
        present,
        len(voting) - present,
        moment.at,
        tuple(sorted({seq for row in rows for seq in row.seqs} | {moment.seq})),
        quorum.needed,
        quorum.counted,
        quorum.is_met,
        quorum.formula,
        quorum.article,
    )


def quorum_words(account: Account, moment: Moment) -> tuple[Paragraph, ...]:
    """Return the paragraph that says whether enough are there, with formula and article."""
    found = roll(account, moment, "")
    verdict = "è presente il numero legale" if found.is_met else "manca il numero legale"
    text = f"Si constata che {verdict}: {found.formula} [{found.article}]"
    return (Paragraph(sentence(text), (moment.seq,), at=moment.at),)


def _row(
    state: State, member: e.Member, at: datetime, seen: dict[str, tuple[int, ...]]
) -> AttendanceRow:
    status = state.presence[member.id].status
    if status in HERE and not state.is_here(member.id, at):
        status = "absent"  # a connection lost for longer than the rules forgive
    words = status_words(member, status)
    seqs = seen.get(member.id, (1,))
    return AttendanceRow(member.id, member.name, member.office, member.group, status, words, seqs)


def _last_seqs(account: Account, until: int) -> dict[str, tuple[int, ...]]:
    """Return the entry that last set each member's presence, up to `until`."""
    found: dict[str, tuple[int, ...]] = {}
    for moment in account.moments:
        if moment.seq > until:
            break
        if isinstance(moment.event, PRESENCE):
            found[moment.event.member] = (moment.seq,)
    return found


def stays(account: Account) -> dict[str, tuple[Stay, ...]]:
    """Return each member's times of presence, those of a lost connection apart."""
    found: dict[str, list[Stay]] = {member: [] for member in account.end.members}
    here: dict[str, tuple[str, datetime]] = {}
    for moment in account.moments:
        for member, status in _changes(moment):
            _close(found, here, member, moment.at)
            if status in HERE:
                here[member] = (status, moment.at)
    for member, (status, since) in here.items():
        found[member].append(Stay(status, since, account.ended_at))
    return {member: tuple(listed) for member, listed in found.items()}


def _changes(moment: Moment) -> Iterator[tuple[str, str]]:
    """Yield who is from now on what; losing a connection ends a stay, its return begins one."""
    match moment.event:
        case e.PresenceSet(member=member, status=status):
            if _was(moment.before, member) != status:
                yield member, status
        case e.ConnectionChanged(member=member):
            yield member, _was(moment.after, member)


def _was(state: State, member: str) -> str:
    standing = state.presence.get(member)
    if standing is None or standing.lost_at is not None:
        return ""
    return standing.status


def _close(
    found: dict[str, list[Stay]],
    here: dict[str, tuple[str, datetime]],
    member: str,
    at: datetime,
) -> None:
    if member in here:
        status, since = here.pop(member)
        found[member].append(Stay(status, since, at))


def minutes_of(listed: Iterable[Stay], until: datetime | None) -> int:
    """Return how many whole minutes the stays amount to; `until` ends those that go on."""
    seconds = sum(
        ((stay.until or until or stay.since) - stay.since).total_seconds() for stay in listed
    )
    return int(seconds // 60)
