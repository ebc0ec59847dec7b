"""The sections of a document, composed along the journal: acts in their order, words in theirs.

Each moment of the journal tells its paragraphs, opens or closes a section, or begins a speech;
each utterance joins the speech of whoever says it. Where an utterance falls is told by its
middle, so that a key pressed at the first syllable finds it on the right side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from arengo.council.engine import events as e
from arengo.council.engine.record.account import (
    Account,
    Heard,
    Moment,
    ended_at,
    public_item,
)
from arengo.council.engine.record.apart import hides_from_here, is_reserved
from arengo.council.engine.record.attendance import quorum_words, roll
from arengo.council.engine.record.document import (
    Block,
    Paragraph,
    Place,
    Role,
    Section,
    Speech,
)
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.narrative import proposal, speech_title, told
from arengo.council.engine.record.people import UNKNOWN_VOICE
from arengo.council.engine.record.quotes import Extract, Weights, extracted, weigh, whole
from arengo.council.engine.record.votes import vote_block
from arengo.council.engine.state import State

ROLL_TITLES = {
    "opening": "Appello nominale",
    "verification": "Verifica del numero legale",
    "resumption": "Appello alla ripresa",
}
FOLLOWS_APART = (
    "Quanto segue è trattato in seduta segreta e riportato nella parte separata del verbale."
)
NOT_TRANSCRIBED = (
    "Su questo argomento, che tratta dati personali di particolare natura, nulla è registrato né "
    "trascritto."
)
PERSONAL = (e.VerbatimAsked, e.Noted, e.ConflictDeclared)
FILED_EARLIER = (e.OpinionGiven, e.OpinionWaived, e.AmendmentFiled, e.AmendmentWithdrawn)


@dataclass(frozen=True, slots=True)
class Style:
    """How a document tells.

    `extract` is None for every word; `only_floor` is for speeches alone. `is_verbale` tells the
    text of proposals too, and what was asked, noted or declared on an item with personal data of
    special categories.
    """

    extract: Extract | None
    only_floor: bool
    is_verbale: bool = False


@dataclass(slots=True)
class Draft:
    """A section being written."""

    kind: Place
    title: str
    at: Moment | None = None
    item: str = ""
    number: str = ""
    type: str = ""
    is_sensitive: bool = False
    blocks: list[Block] = field(default_factory=list)
    wants_verbatim: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Turn:
    """A speech being heard; `seqs` is the entry that gave the floor, empty where nobody did."""

    by: str
    name: str
    role: Role
    type: str
    seqs: tuple[int, ...]
    heard: list[Heard] = field(default_factory=list)
    is_verbatim: bool = False


@dataclass(slots=True)
class Desk:
    """What the composer has before it."""

    account: Account
    style: Style
    weights: Weights
    state: State
    sections: list[Section] = field(default_factory=list)
    item: Draft | None = None
    roll: Draft | None = None
    other: Draft | None = None
    waiting: dict[str, list[Moment]] = field(default_factory=dict)  # facts on items to come
    turn: Turn | None = None
    floor: Moment | None = None
    floor_told: bool = False
    floor_place: tuple[Draft, int] | None = None  # where a speech of which nothing is heard stands


def compose(account: Account, style: Style) -> tuple[Section, ...]:
    """Return the sections of a document for everyone, from the first roll to the close."""
    desk = Desk(account, style, weigh(account.heard), account.constituted.after)
    for step in timeline(account):
        if isinstance(step, Heard):
            _hear(desk, step)
        else:
            _write(desk, step)
    _close_all(desk)
    return tuple(one for one in desk.sections if one.blocks)


def timeline(account: Account) -> Iterator[Moment | Heard]:
    """Yield moments and utterances in order of time; at the same instant the key came first."""
    waiting = list(reversed(account.heard))
    for moment in account.moments[1:]:
        while waiting and waiting[-1].middle < moment.at:
            yield waiting.pop()
        yield moment
    yield from reversed(waiting)


# --- moments --------------------------------------------------------------------------------


def _write(desk: Desk, moment: Moment) -> None:
    desk.state = moment.after
    turn = moment.after.turn
    if desk.floor and (turn is None or turn.seq != desk.floor.seq):
        _end_floor(desk)
    if not is_reserved(moment, desk.account.end):
        _open_section(desk, moment)
        _tell(desk, moment)
    if isinstance(moment.event, e.ItemCalled) and desk.item and desk.item.is_sensitive:
        _add(desk, Paragraph(NOT_TRANSCRIBED, (moment.seq,), kind="omitted", at=moment.at))
    if hides_from_here(moment):
        _flush(desk)
        _add(desk, Paragraph(FOLLOWS_APART, (moment.seq,), kind="omitted", at=moment.at))
    _close_section(desk, moment)


def _open_section(desk: Desk, moment: Moment) -> None:
    match moment.event:
        case e.RollCallBegan(purpose=purpose):
            _flush(desk)
            desk.roll = Draft("roll_call", ROLL_TITLES.get(purpose, "Appello"), moment)
        case e.ItemCalled(item=key):
            _close_all(desk)
            desk.item = _item_draft(moment, key)
        case e.SittingEnded():
            _close_all(desk)
            desk.other = Draft("closing", "Chiusura della seduta", moment)


def _item_draft(moment: Moment, key: str) -> Draft:
    item = public_item(moment.after.items[key].item)
    again = moment.before.items[key].called_at is not None
    title = f"Punto n. {item.number}: {item.title}{' (ripresa)' if again else ''}"
    sensitive = moment.after.items[key].item.is_sensitive
    return Draft("item", title, moment, key, item.number, item.type, sensitive)


def _tell(desk: Desk, moment: Moment) -> None:
    account, event = desk.account, moment.event
    if _keeps_quiet(desk, moment) or _waits(desk, moment):
        return
    match event:
        case e.PresenceSet(cause="roll_call") if moment.before.roll_call:
            return
        case e.ItemCalled():
            _begin_item(desk, moment, event)
        case e.RollCallEnded():
            _add(desk, roll(account, moment, "Presenze"), *quorum_words(account, moment))
        case e.FloorGiven():
            _give_floor(desk, moment)
        case e.BallotOpened() | e.BallotVoided() | e.Proclaimed():
            _vote(desk, moment, event.ballot)
        case e.VerbatimAsked(member=member, text=text):
            if not text.strip():
                _quote_whole(desk, member)
            _add_told(desk, moment)
        case _:
            _add_told(desk, moment)


def _begin_item(desk: Desk, moment: Moment, event: e.ItemCalled) -> None:
    """Tell that an item comes up, its proposal, and what was filed on it before."""
    _add_told(desk, moment)
    if desk.style.is_verbale and not moment.after.items[event.item].item.is_secret:
        _add(desk, *proposal(desk.account, moment, event.item))
    for one in desk.waiting.pop(event.item, ()):
        _add_told(desk, one)


def _give_floor(desk: Desk, moment: Moment) -> None:
    """Note who has the floor, and where that would be told if nothing of it were heard."""
    _flush(desk)
    draft = _draft(desk)
    desk.floor, desk.floor_told, desk.floor_place = moment, False, (draft, len(draft.blocks))


def _waits(desk: Desk, moment: Moment) -> bool:
    """Put aside what is filed on an item that is called later: it is told there."""
    event = moment.event
    if not isinstance(event, FILED_EARLIER) or moment.after.item == event.item:
        return False
    later = (one.event for one in desk.account.moments if one.seq > moment.seq)
    if not any(isinstance(one, e.ItemCalled) and one.item == event.item for one in later):
        return False
    desk.waiting.setdefault(event.item, []).append(moment)
    return True


def _keeps_quiet(desk: Desk, moment: Moment) -> bool:
    """Tell whether a resoconto leaves out what was put on record of a sensitive item."""
    is_personal = isinstance(moment.event, PERSONAL)
    return is_personal and moment.after.cut_since is not None and not desk.style.is_verbale


def _add_told(desk: Desk, moment: Moment) -> None:
    found = told(desk.account, moment)
    if found:
        _flush(desk)
        _add(desk, *found)


def _vote(desk: Desk, moment: Moment, ballot: str) -> None:
    """Write a vote where it was proclaimed or voided; one without an end, where it began."""
    found = desk.account.end.ballots[ballot]
    is_begun = isinstance(moment.event, e.BallotOpened)
    if is_begun == (found.stage in ("open", "closed")):
        _flush(desk)
        _add(desk, vote_block(desk.account, ballot, is_public=True))


def _close_section(desk: Desk, moment: Moment) -> None:
    if isinstance(moment.event, e.RollCallEnded) and desk.roll:
        _flush(desk)
        _shelve_roll(desk)
    if isinstance(moment.event, e.ItemLeft) and desk.item and desk.item.item == moment.event.item:
        _close_all(desk)


def _shelve_roll(desk: Desk) -> None:
    """A verification during an item stands inside it, otherwise by itself."""
    if desk.roll:
        made = _section(desk.roll)
        desk.roll = None
        if desk.item:
            desk.item.blocks.append(made)
        else:
            _shelve_other(desk)
            desk.sections.append(made)


def _shelve_other(desk: Desk) -> None:
    if desk.other:
        desk.sections.append(_section(desk.other))
        desk.other = None


def _close_all(desk: Desk) -> None:
    _end_floor(desk)
    _shelve_roll(desk)
    if desk.item:
        desk.sections.append(_section(desk.item))
        desk.item = None
    _shelve_other(desk)


def _section(draft: Draft) -> Section:
    at = draft.at
    return Section(
        draft.kind,
        draft.title,
        tuple(draft.blocks),
        (at.seq,) if at else (),
        draft.item,
        draft.number,
        draft.type,
        at.at if at else None,
        draft.is_sensitive,
    )


def _draft(desk: Desk) -> Draft:
    found = desk.roll or desk.item or desk.other
    if found is None:
        found = desk.other = Draft("general", "Lavori del Consiglio")
    return found


def _add(desk: Desk, *blocks: Block) -> None:
    _draft(desk).blocks.extend(blocks)


# --- speeches -------------------------------------------------------------------------------


def _hear(desk: Desk, heard: Heard) -> None:
    by, name, role = speaker(desk.state, heard)
    turn = desk.turn
    if turn is None or (turn.by, turn.name, turn.role) != (by, name, role):
        _flush(desk)
        desk.turn = turn = _begin(desk, by, name, role)
    turn.heard.append(heard)


def speaker(state: State, heard: Heard) -> tuple[str, str, Role]:
    """Return who says something: a member's id, else a name, and in which role."""
    said = heard.said
    if said.member and said.member in state.members:
        role: Role = "chair" if said.member == state.chair else "member"
        return said.member, state.members[said.member].name, role
    if said.name.strip():
        return "", said.name, "secretary" if said.name == state.secretary else "guest"
    return "", UNKNOWN_VOICE, "unknown"


def _begin(desk: Desk, by: str, name: str, role: Role) -> Turn:
    floor = desk.floor
    given = floor.event if floor and isinstance(floor.event, e.FloorGiven) else None
    has_floor = given is not None and (given.member == by if by else given.name == name)
    wants = _draft(desk).wants_verbatim
    made = Turn(by, name, role, "", (), is_verbatim=by in wants)
    wants.discard(by)
    if has_floor and floor and given:
        made.type, made.seqs = given.type, (floor.seq,)
    return made


def _quote_whole(desk: Desk, member: str) -> None:
    """Whoever asks «a verbale» without a text means what is being said, or said next."""
    if desk.turn and desk.turn.by == member:
        desk.turn.is_verbatim = True
    _draft(desk).wants_verbatim.add(member)


def _flush(desk: Desk) -> None:
    """Write down the speech that was being heard, if the document's style has it."""
    turn, desk.turn = desk.turn, None
    if turn is None or not turn.heard or not _is_kept(desk, turn):
        return
    _add(desk, _speech(desk, turn))
    desk.floor_told |= bool(turn.seqs)


def _is_kept(desk: Desk, turn: Turn) -> bool:
    """A document of speeches keeps those who had the floor, and members who spoke on an item."""
    if not desk.style.only_floor or turn.seqs or turn.is_verbatim:
        return True
    return turn.role == "member" and desk.item is not None and desk.roll is None


def _speech(desk: Desk, turn: Turn) -> Speech:
    extract = None if turn.is_verbatim else desk.style.extract
    verb = "Prosegue" if turn.seqs and desk.floor_told else "Interviene"
    verb = verb if desk.style.extract else ""
    return Speech(
        turn.by,
        turn.name,
        turn.role,
        turn.type,
        speech_title(desk.state, turn.by, turn.name, turn.type, verb),
        extracted(turn.heard, desk.weights, extract) if extract else whole(turn.heard),
        turn.seqs,
        turn.heard[0].said.at,
        ended_at(turn.heard[-1].said),
        is_whole=extract is None,
    )


def _end_floor(desk: Desk) -> None:
    """Close the turn that the journal gave; one of which nothing was heard is told all the same."""
    _flush(desk)
    floor, desk.floor = desk.floor, None
    if floor is None or not isinstance(floor.event, e.FloorGiven) or desk.floor_place is None:
        return
    event, (draft, place) = floor.event, desk.floor_place
    draft.wants_verbatim.discard(event.member)
    if not desk.floor_told:
        text = sentence(speech_title(floor.after, event.member, event.name, event.type))
        draft.blocks.insert(place, Paragraph(text, (floor.seq,), at=floor.at))
