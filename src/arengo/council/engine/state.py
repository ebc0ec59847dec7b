"""How a sitting stands: what its journal amounts to at one moment.

Only `fold` writes a `State`; everyone else reads it. Times are zone-aware datetimes of the
journal. What depends on the present instant (a connection's grace, a speaker's clock) is a
function of the state and of `at`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from arengo.council.engine.events import AmendmentFiled, Item, Member
from arengo.council.engine.profile import Profile

HERE = frozenset(["present", "remote"])


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member is, since when; `lost_at` when the device of a remote one went silent."""

    status: str
    since: datetime
    cause: str = ""
    lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Someone speaking: `member` empty for a guest named `name`; `ended_at` None while it lasts."""

    seq: int
    member: str
    type: str
    item: str
    began_at: datetime
    limit_s: int = 0
    name: str = ""
    ended_at: datetime | None = None
    in_secret: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A member who waits for the floor."""

    member: str
    type: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amendment and what became of it: "pending", "withdrawn", "approved", "rejected"."""

    filed: AmendmentFiled
    fate: str = "pending"

    @property
    def id(self) -> str:
        """Return its id."""
        return self.filed.amendment


@dataclass(slots=True)
class Ballot:
    """A vote. `votes` holds open votes by member; of a secret one only `totals` and who took part."""

    id: str
    item: str
    subject: str
    title: str
    method: str
    entitled: tuple[str, ...]
    opened_at: datetime
    amendment: str = ""
    choices: tuple[str, ...] = ()
    seats: int = 0
    repeats: str = ""
    votes: dict[str, str] = field(default_factory=dict)
    counted: bool = False
    took_part: tuple[str, ...] = ()
    totals: dict[str, int] = field(default_factory=dict)
    checked: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    closed_at: datetime | None = None
    present: int = 0
    proclaimed_at: datetime | None = None
    result: str = ""
    formula: str = ""
    article: str = ""
    elected: tuple[str, ...] = ()
    voided: str = ""
    in_secret: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether nobody may know who voted what."""
        return self.method.startswith("secret")

    @property
    def is_individual(self) -> bool:
        """Whether each member's vote is an event of its own."""
        return self.method in ("roll_call", "electronic")

    @property
    def stage(self) -> str:
        """Return "open", "closed", "proclaimed" or "voided"."""
        if self.voided:
            return "voided"
        if self.proclaimed_at:
            return "proclaimed"
        return "closed" if self.closed_at else "open"


@dataclass(slots=True)
class ItemState:
    """What has become of an item."""

    item: Item
    called_at: datetime | None = None
    left_at: datetime | None = None
    result: str = ""
    stage: str = ""
    conflicts: dict[str, bool] = field(default_factory=dict)  # member -> has left the hall
    opinions: dict[tuple[str, str], str] = field(default_factory=dict)  # (amendment, type)
    amendments: dict[str, Amendment] = field(default_factory=dict)
    ballots: list[str] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """A sitting as its journal has it."""

    seq: int = 0
    at: datetime | None = None
    title: str = ""
    call: int = 1
    mode: str = "in_person"
    profile: Profile | None = None
    members: dict[str, Member] = field(default_factory=dict)
    presence: dict[str, Standing] = field(default_factory=dict)
    roll_call: str = ""  # its purpose while it lasts
    rolled: dict[str, str] = field(default_factory=dict)  # who has answered it so far
    opened_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_for: str = ""
    ended_at: datetime | None = None
    ended: str = ""
    chair: str = ""
    secretary: str = ""
    scrutineers: tuple[str, ...] = ()
    items: dict[str, ItemState] = field(default_factory=dict)  # in the agenda's order
    item: str = ""  # the one being treated
    requests: tuple[Request, ...] = ()
    turn: Turn | None = None
    turns: list[Turn] = field(default_factory=list)  # those that ended
    verbatim: list[tuple[int, str, str]] = field(default_factory=list)  # seq, member, text
    ballots: dict[str, Ballot] = field(default_factory=dict)
    ballot: str = ""  # the one that is open or waits for its proclamation
    secret_since: datetime | None = None
    secret_reason: str = ""
    sensitive_since: datetime | None = None  # when the sensitive item being treated came up
    secret_item: str = ""  # the item whose being secret made the sitting so
    staying: tuple[str, ...] = ()
    notes: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rules(self) -> Profile:
        """Return the rule profile; a journal without its first entry has none."""
        assert self.profile is not None, "the journal has no sitting_constituted"
        return self.profile

    @property
    def phase(self) -> str:
        """Return "absent", "prepared", "open", "suspended" or "ended"."""
        if self.profile is None:
            return "absent"
        if self.ended_at:
            return "ended"
        if self.suspended_at:
            return "suspended"
        return "open" if self.opened_at else "prepared"

    @property
    def cut_since(self) -> datetime | None:
        """Return since when every output must be cut: a secret part, or a sensitive item.

        Of a sensitive item the hall's public hears everything; no picture, sound or text of it
        is taken (personal data of special categories, GDPR arts. 9 and 10).
        """
        if self.secret_since:
            return self.secret_since
        current = self.current
        return self.sensitive_since if current and current.item.is_sensitive else None

    @property
    def current(self) -> ItemState | None:
        """Return the item being treated."""
        return self.items.get(self.item)

    @property
    def current_ballot(self) -> Ballot | None:
        """Return the vote that is open, or closed and not yet proclaimed."""
        return self.ballots.get(self.ballot)

    def is_here(self, member: str, at: datetime) -> bool:
        """Tell whether a member attends at `at`: in the hall, or connected (within the grace)."""
        standing = self.presence.get(member)
        if standing is None or standing.status not in HERE:
            return False
        if standing.lost_at is None or self.profile is None:
            return True
        return (at - standing.lost_at).total_seconds() < self.profile.remote_grace_s

    def here(self, at: datetime) -> tuple[str, ...]:
        """Return who attends, in the order of the roll."""
        return tuple(member for member in self.members if self.is_here(member, at))

    def conflicted(self, item: str) -> dict[str, bool]:
        """Return who must abstain on an item, and whether each has left the hall."""
        found = self.items.get(item)
        return found.conflicts if found else {}
