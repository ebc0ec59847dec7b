"""Random sittings, judged twice: by the engine, and by an oracle that only counts.

The oracle knows nothing of the engine's state: it keeps its own naive account of who is in the
hall and who voted, and reckons quorum and outcomes by trying, with exact fractions.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from arengo.council.engine import events as e
from arengo.council.engine.ballots import proclamation
from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry, next_entry
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.engine.guards import check, check_undo
from arengo.council.engine.presence import counted, entitled, quorum_at
from arengo.council.engine.profile import Profile, profile_facts
from arengo.council.engine.state import State
from arengo.council.profiles import ready_profiles

START = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
PROFILES = tuple(ready_profiles().values())
FACTS = tuple(profile_facts(one) for one in PROFILES)
OWN_SUBJECTS = ("proposal", "motion", "statute", "budget")  # of the items
SUBJECTS = ("immediate", "procedural", *OWN_SUBJECTS)


class Disagreement(AssertionError):
    """The engine and the oracle do not say the same."""


@dataclass
class Oracle:
    """A naive account of the sitting, kept beside the engine's."""

    profile: Profile
    call: int
    voters: frozenset[str]
    mayor: str
    grace_s: int
    here: dict[str, str] = field(default_factory=dict)  # member -> present or remote
    lost: dict[str, datetime] = field(default_factory=dict)
    out: dict[str, dict[str, bool]] = field(default_factory=dict)  # item -> member -> has left
    item: str = ""

    def attends(self, member: str, at: datetime) -> bool:
        """Tell whether a member is there."""
        if member not in self.here:
            return False
        gone = self.lost.get(member)
        return gone is None or at < gone + timedelta(seconds=self.grace_s)

    def counts(self, at: datetime, item: str) -> int:
        """Count who makes the quorum, one by one."""
        rule = self.profile.quorum_rule(self.call)
        assert rule is not None
        total = 0
        for member in self.voters:
            conflict = self.out.get(item, {}).get(member)
            is_out = conflict is not None and (
                conflict or not self.profile.conflict.counts_for_quorum
            )
            if self.attends(member, at) and not is_out:
                total += 1 if member != self.mayor or rule.counts_mayor else 0
        return total

    def enough(self, at: datetime, item: str) -> bool:
        """Tell whether there is a quorum, with exact fractions."""
        rule = self.profile.quorum_rule(self.call)
        assert rule is not None
        n = self.counts(at, item)
        base = self.profile.assigned + (rule.base == "members")
        if rule.measure == "absolute":
            return Fraction(n, base) > Fraction(1, 2)
        if rule.measure == "fraction":
            return Fraction(n, base) >= Fraction(rule.fraction)
        return n >= rule.number

    def passes(self, subject: str, votes: dict[str, str], present: int) -> bool:
        """Tell whether a vote passes, from the majority's own words."""
        rule = self.profile.majority(subject)
        yes = sum(choice == "favour" for choice in votes.values())
        no = sum(choice == "against" for choice in votes.values())
        abstained = sum(choice == "abstained" for choice in votes.values())
        if yes == no and yes:
            return False
        if rule.rule == "simple":
            return yes > no
        cast = yes + no + abstained * self.profile.counting.abstained_vote
        base = {
            "voters": cast,
            "present": present,
            "assigned": self.profile.assigned,
            "members": self.profile.assigned + 1,
        }[rule.base]
        if rule.rule == "absolute":
            return base > 0 and Fraction(yes, base) > Fraction(1, 2)
        return base > 0 and Fraction(yes, base) >= Fraction(rule.fraction)


@dataclass
class Sitting:
    """One random sitting under way."""

    rng: random.Random
    entries: list[Entry] = field(default_factory=list)
    state: State = field(default_factory=State)
    at: datetime = START
    refused: int = 0
    outcomes: int = 0

    def begin(self) -> None:
        """Constitute a council of a random class."""
        number = self.rng.randrange(len(PROFILES))
        profile = PROFILES[number]
        call = 2 if profile.allows_second_call and self.rng.random() < 0.3 else 1
        members = [
            e.Member(f"m{n}", f"Nome {n}", is_mayor=n == 0) for n in range(profile.assigned + 1)
        ]
        members.append(e.Member("ext", "Esterna", votes=False))
        items = [
            e.Item(f"i{n}", str(n), f"Punto {n}", subject=subject)
            for n, subject in enumerate(OWN_SUBJECTS)
        ]
        self.oracle = Oracle(
            profile,
            call,
            frozenset(m.id for m in members if m.votes),
            "m0",
            profile.remote.grace_s,
        )
        self.write(
            e.SittingConstituted(
                "S", call, "mixed", FACTS[number], tuple(members), tuple(items), "m1", "Anna"
            )
        )
        self.call_the_roll()

    def call_the_roll(self) -> None:
        """Call everyone, most of them there, and open if there is a quorum."""
        share = self.rng.choice((0.3, 0.5, 0.7, 0.95))
        self.write(e.RollCallBegan())
        for member in list(self.state.members):
            status = "absent"
            if self.rng.random() < share:
                status = self.rng.choice(("present", "present", "remote"))
            self.write(e.PresenceSet(member, status))
        self.write(e.RollCallEnded())
        self.attempt(e.SittingOpened())

    def write(self, event: e.Event) -> None:
        """Judge and write an event that must be possible."""
        self.at += timedelta(seconds=self.rng.choice((0, 1, 5, 40)))
        check(self.state, event, self.at)
        last = self.entries[-1] if self.entries else None
        entry = next_entry(last, event, at=self.at, by="")
        self.entries.append(entry)
        self.state = fold([entry], self.state)
        self.account(event)

    def attempt(self, event: e.Event) -> bool:
        """Try an event; a refusal changes nothing."""
        before = self.state
        try:
            self.write(event)
        except RuleBroken:
            self.refused += 1
            _same(self.state is before, "a refusal changed the state")
            return False
        return True

    def account(self, event: e.Event) -> None:
        """Keep the oracle's own account."""
        oracle = self.oracle
        match event:
            case e.PresenceSet(member=member, status=status):
                oracle.here.pop(member, None)
                oracle.lost.pop(member, None)
                if status in ("present", "remote"):
                    oracle.here[member] = status
            case e.ConnectionChanged(member=member, is_connected=True):
                oracle.lost.pop(member, None)
            case e.ConnectionChanged(member=member):
                oracle.lost[member] = self.at
            case e.ItemCalled(item=item):
                oracle.item = item
            case e.ItemLeft() | e.SittingEnded():
                oracle.item = ""
            case e.ConflictDeclared(member=member, item=item, leaves=leaves):
                oracle.out.setdefault(item, {})[member] = leaves

    # --- random acts ------------------------------------------------------------------------

    def step(self) -> None:
        """Do one random thing, then compare the two accounts."""
        act = self.rng.choice(self.ACTS)
        act(self)
        self.compare()

    def someone(self) -> str:
        """Return a random member."""
        return self.rng.choice(list(self.state.members))

    def come_or_go(self) -> None:
        """Someone enters or leaves."""
        status = self.rng.choice(("present", "absent", "remote", "justified"))
        self.attempt(
            e.PresenceSet(self.someone(), status, "entry" if status == "present" else "exit")
        )

    def connect(self) -> None:
        """A device is lost or back."""
        self.attempt(e.ConnectionChanged(self.someone(), self.rng.random() < 0.5))

    def agenda(self) -> None:
        """An item is called or left."""
        if self.state.item:
            self.attempt(e.ItemLeft(self.state.item, self.rng.choice(("discussed", "decided"))))
        else:
            self.attempt(e.ItemCalled(self.rng.choice(list(self.state.items))))

    def conflict(self) -> None:
        """Someone must abstain."""
        item = self.rng.choice(list(self.state.items))
        self.attempt(e.ConflictDeclared(self.someone(), item, leaves=self.rng.random() < 0.7))

    def floor(self) -> None:
        """Someone asks, gets or gives back the floor."""
        kind = self.rng.choice(("intervention", "declaration", "reply"))
        self.attempt(
            self.rng.choice(
                (
                    e.FloorAsked(self.someone(), kind),
                    e.FloorGiven(self.someone(), kind),
                    e.FloorEnded(),
                    e.FloorForgone(self.someone()),
                )
            )
        )

    def vote(self) -> None:
        """Hold a vote from opening to proclamation, with wrong votes among the right ones."""
        ballot = f"b{len(self.state.ballots)}"
        current = self.state.current
        usual = current.item.subject if current else "procedural"
        subject = self.rng.choice((*SUBJECTS, usual, usual, usual))
        method = self.rng.choice(("electronic", "roll_call"))
        may = entitled(self.state, self.at, self.state.item)
        opening = e.BallotOpened(ballot, self.state.item, subject, "Voto", method, may)
        if not self.attempt(opening):
            return
        for _ in range(self.rng.randrange(4)):
            self.come_or_go()
        for member in self.state.members:
            self.cast(ballot, member)
        for member in list(self.state.ballots[ballot].entitled):
            if self.state.presence[member].status == "remote":
                self.attempt(e.IdentityChecked(ballot, member))
            self.cast(ballot, member)
        if self.attempt(e.BallotClosed(ballot)):
            self.proclaim(ballot)
        else:
            self.attempt(e.BallotVoided(ballot, "non conclusa"))

    def cast(self, ballot: str, member: str) -> None:
        """Cast a vote; the oracle knows whether it may be taken."""
        choice = self.rng.choice(("favour", "favour", "against", "abstained", "not_voting"))
        taken = self.attempt(e.VoteCast(ballot, member, choice))
        if taken:
            _same(self.oracle.attends(member, self.at), f"{member} voted while absent")
            _same(member in self.oracle.voters, f"{member} voted without a vote")
            out = self.oracle.out.get(self.state.item, {})
            _same(member not in out or not self.state.item, f"{member} voted in a conflict")

    def proclaim(self, ballot: str) -> None:
        """Proclaim, and compare with the oracle's reckoning."""
        found = self.state.ballots[ballot]
        passes = self.oracle.passes(found.subject, found.votes, found.present)
        self.write(proclamation(self.state, ballot))
        result = self.state.ballots[ballot].result
        _same((result == "approved") == passes, f"{found.subject}: {found.votes} gave {result}")
        self.outcomes += 1

    def undo(self) -> None:
        """Undo a random entry: refused, or as if it had never been."""
        seq = self.rng.randrange(1, len(self.entries) + 1)
        undone = e.Undone(seq)
        try:
            check_undo(self.entries, undone)
        except RuleBroken:
            self.refused += 1
            return
        without = fold([one for one in self.entries if one.seq != seq])
        entry = next_entry(self.entries[-1], undone, at=self.at, by="")
        self.entries.append(entry)
        self.state = fold(self.entries)
        _same(_core(self.state) == _core(without), f"undo of {seq} is not its absence")
        self.recount()

    def recount(self) -> None:
        """Let the oracle hear everything again, without what was undone."""
        gone = {one.event.seq for one in self.entries if isinstance(one.event, e.Undone)}
        old, now = self.oracle, self.at
        self.oracle = Oracle(old.profile, old.call, old.voters, old.mayor, old.grace_s)
        for one in self.entries:
            if one.seq not in gone:
                self.at = one.at
                self.account(one.event)
        self.at = now

    def compare(self) -> None:
        """Compare quorum, presence and replay."""
        if self.state.ended_at:
            return
        found = quorum_at(self.state, self.at)
        item = self.state.item
        _same(found.counted == self.oracle.counts(self.at, item), "they count differently")
        _same(
            found.is_met == self.oracle.enough(self.at, item), "they judge the quorum differently"
        )
        absent = [m for m in counted(self.state, self.at) if not self.oracle.attends(m, self.at)]
        _same(not absent, f"{absent} are counted while absent")

    ACTS: tuple[Callable[[Sitting], None], ...] = (
        come_or_go, come_or_go, connect, agenda, agenda, conflict, floor, floor, vote, undo,
    )  # fmt: skip


def _same(holds: bool, what: str) -> None:
    if not holds:
        raise Disagreement(what)


def _core(state: State) -> str:
    """Return what a state amounts to, apart from how many entries it took."""
    facts = public_board(state, START + timedelta(days=2), is_staff=True)
    return repr({k: v for k, v in facts.items() if k not in ("seq", "at")})


def hold(seed: int, steps: int = 30) -> Sitting:
    """Hold one random sitting; raises `Disagreement`, with the seed, where the two differ."""
    sitting = Sitting(random.Random(seed))
    try:
        sitting.begin()
        for _ in range(steps):
            sitting.step()
        _same(fold(sitting.entries) == sitting.state, "replay is not the live state")
    except Disagreement as error:
        message = f"seed {seed}: {error}"
        raise Disagreement(message) from error
    return sitting
