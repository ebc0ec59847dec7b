"""The rules of one Comune's council as dated data, each with the article it comes from.

`read_profile` makes a `Profile` of a TOML or JSON file and refuses what contradicts itself or the
law; `profile_facts` is the inverse. docs/reference/rules.md describes every key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from arengo.council.engine import reading
from arengo.council.engine.majorities import Majority
from arengo.council.engine.soundness import check_profile

QuorumMeasure = Literal["absolute", "fraction", "number"]
TieFollows = Literal["rejected", "repeat", "next_sitting"]
ChairRole = Literal["president", "vice_president", "mayor", "vice_mayor", "eldest", "most_voted"]
Effect = Literal["suppress", "replace", "add"]
SpeechKind = Literal[
    "presentation",
    "intervention",
    "second_intervention",
    "reply",
    "declaration",
    "point_of_order",
    "personal",
    "question",
    "answer",
    "rejoinder",
    "other",
]


@dataclass(frozen=True, slots=True)
class Population:
    """The inhabitants of the class: more than `over`, at most `up_to` (None: without limit)."""

    over: int
    up_to: int | None
    source: str


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """How many must be present: `absolute` more than half of the base, `fraction`, or `number`."""

    measure: QuorumMeasure
    base: Literal["assigned", "members"]
    counts_mayor: bool
    article: str
    fraction: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class QuorumRules:
    """The quorum of each call; without `second` there is no second call.

    `wait_s` is how long the chair waits for it before the sitting is deserted (0: not said).
    """

    first: QuorumRule
    second: QuorumRule | None
    wait_s: int
    article: str


@dataclass(frozen=True, slots=True)
class CountingRule:
    """Who counts among the voters, besides those in favour and against."""

    abstained_vote: bool
    blank_vote: bool
    null_vote: bool
    secret_abstention: bool  # whether a secret ballot may record abstentions
    article: str


@dataclass(frozen=True, slots=True)
class TieRule:
    """What follows an equal number of votes; the proposal is never approved by it."""

    follows: TieFollows
    article: str


@dataclass(frozen=True, slots=True)
class ElectionRule:
    """How people are elected by ballot: who wins an equal number of votes, and the tellers."""

    tie: Literal["eldest", "repeat", "most_voted"]
    scrutineers: int
    article: str


@dataclass(frozen=True, slots=True)
class VotingRule:
    """Who may vote, and that only those in the hall at that moment do."""

    chair_votes: bool
    article: str


@dataclass(frozen=True, slots=True)
class SpeakingRule:
    """How long one may speak, how many times on an item, and when to warn; 0 is no limit."""

    limit_s: int
    turns: int
    warn_s: int
    article: str


@dataclass(frozen=True, slots=True)
class ChairRule:
    """Who presides: the first of `order` who is present."""

    order: tuple[ChairRole, ...]
    article: str


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """How long before the sitting the notice must reach the councillors."""

    ordinary_days: int
    extraordinary_days: int
    urgent_hours: int
    supplementary_hours: int
    article: str


@dataclass(frozen=True, slots=True)
class SecrecyRule:
    """When the ballot, and when the sitting, is secret: grounds as people read them."""

    ballot_grounds: tuple[str, ...]
    sitting_grounds: tuple[str, ...]
    article: str


@dataclass(frozen=True, slots=True)
class AmendmentRule:
    """In which order amendments are put to the vote, by what they do to the text."""

    order: tuple[Effect, ...]
    article: str


@dataclass(frozen=True, slots=True)
class RemoteRule:
    """Whether members may attend from remote, and what happens when the connection is lost."""

    is_allowed: bool
    counts_for_quorum: bool
    checks_identity: bool
    allows_secret: bool
    grace_s: int
    article: str


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """Who must abstain: whether they leave the hall, and whether they count for the quorum."""

    leaves: bool
    counts_for_quorum: bool
    article: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of one Comune's council. `assigned` excludes the mayor; `members` includes him."""

    name: str
    valid_from: date
    valid_until: date | None
    assigned: int
    article: str
    quorum: QuorumRules
    counting: CountingRule
    ties: TieRule
    majorities: tuple[tuple[str, Majority], ...]
    elections: ElectionRule
    voting: VotingRule
    speaking_times: tuple[tuple[SpeechKind, SpeakingRule], ...]
    chair: ChairRule
    notice: NoticeRule
    secrecy: SecrecyRule
    amendments: AmendmentRule
    remote: RemoteRule
    conflict: ConflictRule
    population: Population | None

    @property
    def members(self) -> int:
        """How many compose the council: the assigned councillors and the mayor."""
        return self.assigned + 1

    @property
    def allows_second_call(self) -> bool:
        """Tell whether the regulation knows a second call."""
        return self.quorum.second is not None

    @property
    def conflicted_count_for_quorum(self) -> bool:
        """Tell whether those who must abstain count among those present."""
        return self.conflict.counts_for_quorum

    @property
    def remote_grace_s(self) -> int:
        """How long, in seconds, a lost connection still counts as presence."""
        return self.remote.grace_s

    @property
    def remote_article(self) -> str:
        """Cite the rule on attending from remote."""
        return self.remote.article

    @property
    def secret_ballot_article(self) -> str:
        """Cite the rule on secret ballots."""
        return self.secrecy.article

    def quorum_rule(self, call: int) -> QuorumRule | None:
        """Return the quorum's rule of a call, or None when there is no such call."""
        return {1: self.quorum.first, 2: self.quorum.second}.get(call)

    def speaking(self, kind: str) -> SpeakingRule:
        """Return the rule of a kind of speech; an unknown kind has the rule of "other"."""
        rules: dict[str, SpeakingRule] = dict(self.speaking_times)
        return rules.get(kind, rules["other"])

    def majority(self, subject: str) -> Majority:
        """Return how a subject is decided; an unknown subject has the general rule."""
        rules = dict(self.majorities)
        return rules.get(subject, rules["general"])


def read_profile(facts: Mapping[str, Any]) -> Profile:
    """Return the profile of a TOML or JSON file.

    Raises
    ------
    ProfileUnusable
        With the key to correct: unknown or missing keys, wrong types, no citation, contradictory
        thresholds, a quorum or a majority below what the law wants.
    """
    profile = reading.read(Profile, facts)
    check_profile(profile)
    return profile


def profile_facts(profile: Profile) -> dict[str, Any]:
    """Return the profile as JSON can hold it: `read_profile(profile_facts(p)) == p`."""
    facts: dict[str, Any] = reading.plain(profile)
    return facts
