"""What happens in a sitting: typed, frozen facts. The journal is a list of them.

Every event is a dataclass whose fields JSON can hold (tuples are lists there); `kind` is its
name in the journal. Members and items are named by their ids as given in `SittingConstituted`.
When something happened stands in the journal's entry, not in the event.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, TypeVar

from arengo.council.engine.errors import RuleBroken

KINDS: dict[str, type[Event]] = {}
E = TypeVar("E", bound="type[Event]")


class Event:
    """Base of all events."""

    __slots__ = ()
    kind: ClassVar[str] = ""


def event(kind: str) -> Callable[[E], E]:
    """Give an event its name in the journal."""

    def register(cls: E) -> E:
        cls.kind = kind
        KINDS[kind] = cls
        return cls

    return register


# --- who and what -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the sitting. `votes` is false for external assessori; `side` is a group's stance."""

    id: str
    name: str
    surname: str = ""
    office: str = ""
    group: str = ""
    side: str = ""
    is_mayor: bool = False
    votes: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an item, by its address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Item:
    """A point of the agenda.

    `subject` says by which majority it is decided (rule profile), `opinions_due` which opinions
    the law wants before the vote (TUEL art. 49): "technical", "accounting".
    """

    id: str
    number: str
    title: str
    type: str = "proposal"
    subject: str = "proposal"
    is_secret: bool = False
    is_sensitive: bool = False
    is_secret_ballot: bool = False
    is_supplementary: bool = False
    wants_immediate: bool = False
    proposer: str = ""
    rapporteur: str = ""
    opinions_due: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()


# --- the sitting ------------------------------------------------------------------------


@event("sitting_constituted")
@dataclass(frozen=True, slots=True)
class SittingConstituted(Event):
    """The first entry: by which rules, with whom and on what the council sits."""

    title: str
    call: int
    mode: str  # "in_person", "mixed", "remote"
    profile: Mapping[str, Any] = field(hash=False)
    members: tuple[Member, ...]
    items: tuple[Item, ...]
    chair: str
    secretary: str


@event("roll_call_began")
@dataclass(frozen=True, slots=True)
class RollCallBegan(Event):
    """The appello begins: `purpose` is "opening", "verification" or "resumption"."""

    purpose: str = "opening"


@event("presence_set")
@dataclass(frozen=True, slots=True)
class PresenceSet(Event):
    """A member is now `status`; `cause` says how that is known.

    `status`: "present", "remote", "absent", "justified", "mission".
    `cause`: "roll_call", "entry", "exit", "correction".
    """

    member: str
    status: str
    cause: str = "roll_call"


@event("roll_call_ended")
@dataclass(frozen=True, slots=True)
class RollCallEnded(Event):
    """The appello is over; what it found is computed."""


@event("connection_changed")
@dataclass(frozen=True, slots=True)
class ConnectionChanged(Event):
    """The device of a member who attends from remote was lost, or is back."""

    member: str
    is_connected: bool


@event("sitting_opened")
@dataclass(frozen=True, slots=True)
class SittingOpened(Event):
    """The chair declares the sitting open: the quorum is there."""


@event("sitting_suspended")
@dataclass(frozen=True, slots=True)
class SittingSuspended(Event):
    """The sitting is suspended."""

    reason: str = ""


@event("sitting_resumed")
@dataclass(frozen=True, slots=True)
class SittingResumed(Event):
    """The sitting goes on."""


@event("sitting_ended")
@dataclass(frozen=True, slots=True)
class SittingEnded(Event):
    """The sitting is over: "completed", "no_quorum" (deserta) or "adjourned" (aggiornata)."""

    reason: str = "completed"


@event("chair_taken")
@dataclass(frozen=True, slots=True)
class ChairTaken(Event):
    """A member presides from now on."""

    member: str
    reason: str = ""


@event("scrutineers_named")
@dataclass(frozen=True, slots=True)
class ScrutineersNamed(Event):
    """The scrutatori are named."""

    members: tuple[str, ...]


@event("secretary_replaced")
@dataclass(frozen=True, slots=True)
class SecretaryReplaced(Event):
    """Another person writes the record from now on."""

    name: str
    reason: str = ""


# --- the agenda -------------------------------------------------------------------------


@event("item_added")
@dataclass(frozen=True, slots=True)
class ItemAdded(Event):
    """A supplementary item joins the agenda."""

    item: Item


@event("agenda_reordered")
@dataclass(frozen=True, slots=True)
class AgendaReordered(Event):
    """The council changes the order of the items."""

    order: tuple[str, ...]


@event("item_called")
@dataclass(frozen=True, slots=True)
class ItemCalled(Event):
    """An item comes up."""

    item: str


@event("stage_opened")
@dataclass(frozen=True, slots=True)
class StageOpened(Event):
    """The item goes on: "presentation", "discussion", "replies", "declarations", "vote"."""

    stage: str


@event("item_left")
@dataclass(frozen=True, slots=True)
class ItemLeft(Event):
    """The item is done: "decided", "discussed", "deferred", "withdrawn", "answered"."""

    item: str
    result: str


@event("conflict_declared")
@dataclass(frozen=True, slots=True)
class ConflictDeclared(Event):
    """A member must abstain from discussion and vote of an item (TUEL art. 78 c. 2)."""

    member: str
    item: str
    reason: str = ""
    leaves: bool = True


@event("opinion_given")
@dataclass(frozen=True, slots=True)
class OpinionGiven(Event):
    """An opinion of TUEL art. 49 on the item, or on one amendment of it."""

    item: str
    type: str  # "technical", "accounting"
    verdict: str  # "favourable", "contrary"
    by: str = ""
    amendment: str = ""


@event("opinion_waived")
@dataclass(frozen=True, slots=True)
class OpinionWaived(Event):
    """The council goes on without an opinion, for a stated reason."""

    item: str
    type: str
    reason: str
    amendment: str = ""


@event("amendment_filed")
@dataclass(frozen=True, slots=True)
class AmendmentFiled(Event):
    """An amendment: `effect` is "suppress", "replace" or "add"."""

    item: str
    amendment: str
    title: str
    proposer: str
    effect: str = "replace"
    text: str = ""
    changes_substance: bool = False
    affects_spending: bool = False


@event("amendment_withdrawn")
@dataclass(frozen=True, slots=True)
class AmendmentWithdrawn(Event):
    """The proposer takes an amendment back."""

    item: str
    amendment: str


# --- the floor --------------------------------------------------------------------------


@event("floor_asked")
@dataclass(frozen=True, slots=True)
class FloorAsked(Event):
    """A member asks to speak; `type` is a kind of speech of the rule profile."""

    member: str
    type: str = "intervention"


@event("floor_forgone")
@dataclass(frozen=True, slots=True)
class FloorForgone(Event):
    """A member does not want to speak any more."""

    member: str


@event("floor_given")
@dataclass(frozen=True, slots=True)
class FloorGiven(Event):
    """A member speaks; `name` instead of `member` for a guest. `limit_s` 0 for no limit."""

    member: str
    type: str = "intervention"
    limit_s: int = 0
    name: str = ""


@event("floor_ended")
@dataclass(frozen=True, slots=True)
class FloorEnded(Event):
    """Whoever spoke has finished: the chair speaks."""


@event("verbatim_asked")
@dataclass(frozen=True, slots=True)
class VerbatimAsked(Event):
    """A member wants something in the record word for word («chiedo a verbale»)."""

    member: str
    text: str = ""


# --- votes ------------------------------------------------------------------------------


@event("ballot_opened")
@dataclass(frozen=True, slots=True)
class BallotOpened(Event):
    """A vote begins.

    `method`: "hands", "roll_call", "electronic", "secret_papers", "secret_electronic".
    `entitled` are the members who may vote in it; `choices` are names where people are elected.
    """

    ballot: str
    item: str
    subject: str
    title: str
    method: str
    entitled: tuple[str, ...]
    amendment: str = ""
    choices: tuple[str, ...] = ()
    seats: int = 0
    repeats: str = ""


@event("identity_checked")
@dataclass(frozen=True, slots=True)
class IdentityChecked(Event):
    """The secretary saw and recognised a remote member at this vote."""

    ballot: str
    member: str


@event("vote_cast")
@dataclass(frozen=True, slots=True)
class VoteCast(Event):
    """A member votes openly: "favour", "against", "abstained", "not_voting"."""

    ballot: str
    member: str
    choice: str


@event("hands_counted")
@dataclass(frozen=True, slots=True)
class HandsCounted(Event):
    """Hands were counted: who is not named here and may vote is in favour."""

    ballot: str
    against: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()
    not_voting: tuple[str, ...] = ()


@event("secret_counted")
@dataclass(frozen=True, slots=True)
class SecretCounted(Event):
    """The count of a secret ballot: totals, and who took part; never who voted what."""

    ballot: str
    took_part: tuple[str, ...]
    totals: tuple[tuple[str, int], ...]  # "favour", "against", "blank", "null", or names


@event("ballot_closed")
@dataclass(frozen=True, slots=True)
class BallotClosed(Event):
    """Nobody votes any more."""

    ballot: str


@event("ballot_voided")
@dataclass(frozen=True, slots=True)
class BallotVoided(Event):
    """The ballot counts for nothing and may be held again."""

    ballot: str
    reason: str


@event("proclaimed")
@dataclass(frozen=True, slots=True)
class Proclaimed(Event):
    """The chair proclaims the result: the decision is perfect and the tally locked.

    Source: TAR Lazio I, 1703/1991, in DAIT 98736.
    """

    ballot: str
    result: str  # "approved", "rejected", "tie", "elected"
    formula: str
    article: str
    elected: tuple[str, ...] = ()


# --- secrecy, notes, corrections --------------------------------------------------------


@event("secret_began")
@dataclass(frozen=True, slots=True)
class SecretBegan(Event):
    """The sitting goes on in secret: every output is cut.

    `ballot` is the council's vote that decided it; empty when the item was convened as secret
    or sensitive, or when the cut comes first and the vote follows in the secret part.
    """

    requester: str
    reason: str
    ballot: str = ""
    staying: tuple[str, ...] = ()


@event("secret_ended")
@dataclass(frozen=True, slots=True)
class SecretEnded(Event):
    """The sitting is public again."""


@event("noted")
@dataclass(frozen=True, slots=True)
class Noted(Event):
    """The clerk writes something down."""

    text: str


@event("undone")
@dataclass(frozen=True, slots=True)
class Undone(Event):
    """The entry `seq` counts for nothing: it was a mistake. It stays in the journal."""

    seq: int
    reason: str = ""


# --- to and from JSON -------------------------------------------------------------------


def facts_of(event: Event) -> dict[str, Any]:
    """Return an event's fields as JSON can hold them."""
    return {f.name: _plain(getattr(event, f.name)) for f in fields(event)}  # type: ignore[arg-type]  # every event is a dataclass


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def event_of(kind: str, facts: Mapping[str, Any]) -> Event:
    """Return the event of a journal line.

    Raises
    ------
    RuleBroken
        The kind or a field is unknown, a field is missing or has another type.
    """
    cls = KINDS.get(kind)
    if cls is None:
        raise RuleBroken(f"Il fatto «{kind}» non esiste.", "formato del registro")
    try:
        made = cls(**{name: _frozen(name, value) for name, value in facts.items()})
    except (TypeError, KeyError, AttributeError, ValueError, RecursionError) as error:
        raise RuleBroken(
            f"Il fatto «{kind[:40]}» non è leggibile: {error}.", "formato del registro"
        ) from error
    _check_types(made)
    return made


def _frozen(name: str, value: Any) -> Any:
    match name:
        case "members" if value and isinstance(value[0], Mapping):
            return tuple(Member(**one) for one in value)
        case "items":
            return tuple(_item(one) for one in value)
        case "item" if isinstance(value, Mapping):
            return _item(value)
        case "profile":
            return value
    return _tuples(value)


def _item(facts: Mapping[str, Any]) -> Item:
    documents = tuple(Document(**one) for one in facts.get("documents", ()))
    return Item(
        **{**facts, "opinions_due": tuple(facts.get("opinions_due", ())), "documents": documents}
    )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _all(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, tuple) and all(fits(one) for one in value)


def _of(cls: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, cls) and _wrong_field(value) is None


def _is_pair(value: Any) -> bool:
    return (
        isinstance(value, tuple)
        and len(value) == 2
        and isinstance(value[0], str)
        and type(value[1]) is int
    )


FITS: dict[str, Callable[[Any], bool]] = {
    "str": _is_text,
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "tuple[str, ...]": _all(_is_text),
    "tuple[tuple[str, int], ...]": _all(_is_pair),
    "Mapping[str, Any]": lambda value: isinstance(value, Mapping),
    "Item": _of(Item),
    "tuple[Item, ...]": _all(_of(Item)),
    "tuple[Member, ...]": _all(_of(Member)),
    "tuple[Document, ...]": _all(_of(Document)),
}


@cache
def _rules(cls: Hashable) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
    return tuple((f.name, FITS[str(f.type)]) for f in fields(cls))  # type: ignore[arg-type]  # a dataclass


def _wrong_field(value: Any) -> str | None:
    """Name the first field that holds another type than its own; a field of ours has a rule."""
    for name, fits in _rules(type(value)):  # type: ignore[arg-type]  # a class is hashable
        if not fits(getattr(value, name)):
            return name
    return None


def _check_types(event: Event) -> None:
    """Refuse a text where a number is wanted, and the like: events come from browsers too."""
    wrong = _wrong_field(event)
    if wrong is not None:
        raise RuleBroken(
            f"Il campo «{wrong}» di «{event.kind}» non è valido.", "formato del registro"
        )
