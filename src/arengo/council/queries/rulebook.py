"""What is asked about the rules of a council: which ones are in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from arengo.council.engine.profile import Profile, profile_facts, read_profile
from arengo.council.errors import RulesNotChosen
from arengo.council.models import RuleBook
from arengo.council.profiles import ready_profiles
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.kernel.scope import query


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules of a day. `is_adapted`: they are the Comune's own, no longer a ready profile.

    `book` is None when the day comes before the first rules that were saved.
    """

    profile: Profile
    is_adapted: bool
    book: RuleBook | None


@query
def rules_on(*, comune: Comune, day: date) -> Profile:
    """Return the rule profile in force on a day.

    Raises
    ------
    RulesNotChosen
        The class of the Comune was never chosen: nothing is guessed, since a wrong number of
        assigned councillors makes every quorum wrong.
    """
    return _in_force(day)[0]


@query
def rules_in_force(*, comune: Comune, day: date) -> RulesInForce:
    """Return the rules of a day and whether they are the Comune's own; raise as `rules_on`."""
    profile, book = _in_force(day)
    return RulesInForce(profile, not is_ready(profile), book)


def _in_force(day: date) -> tuple[Profile, RuleBook | None]:
    book = RuleBook.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id").first()
    if book is not None:
        return read_profile(book.facts), book
    first = RuleBook.objects.order_by("valid_from", "id").first()
    if first is None:
        raise RulesNotChosen
    return _ready_like(read_profile(first.facts)), None


@query
def assigned_on(*, comune: Comune, day: date) -> tuple[int, str] | None:
    """Return how many councillors are assigned on a day and the article; None when not chosen."""
    try:
        profile = rules_on(comune=comune, day=day)
    except RulesNotChosen:
        return None
    return profile.assigned, profile.article


@query
def rulebooks(*, comune: Comune) -> tuple[RuleBook, ...]:
    """Return every rule book of the Comune, latest first."""
    return tuple(RuleBook.objects.order_by("-valid_from", "-id"))


@query
def get_rulebook(*, comune: Comune, rulebook_id: int) -> RuleBook:
    """Return a rule book of the Comune, or raise `NotFound`."""
    found = RuleBook.objects.filter(pk=rulebook_id).first()
    if found is None:
        raise NotFound
    return found


def is_ready(profile: Profile) -> bool:
    """Tell whether a profile still is one of the ready ones, dates and name apart."""
    return _rules_of(profile) in _ready_rules()


@cache
def _ready_rules() -> list[dict[str, object]]:
    return [_rules_of(ready) for ready in _ready()]


@cache
def _ready() -> tuple[Profile, ...]:
    return tuple(ready_profiles().values())


def _rules_of(profile: Profile) -> dict[str, object]:
    facts = profile_facts(profile)
    return {key: facts[key] for key in facts if key not in ("name", "valid_from", "valid_until")}


def _ready_like(profile: Profile) -> Profile:
    """Return the ready profile with as many assigned councillors, or the profile itself."""
    return next((one for one in _ready() if one.assigned == profile.assigned), profile)
