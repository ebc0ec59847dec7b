"""What changes the rules of a council."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from arengo.council.engine.profile import profile_facts, read_profile
from arengo.council.errors import ClassUnknown
from arengo.council.models import RuleBook
from arengo.council.profiles import ready_profiles
from arengo.kernel import audit
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation


@operation
def save_rulebook(
    *, comune: Comune, facts: Mapping[str, Any], valid_from: date, by: User | None
) -> RuleBook:
    """Keep a rule profile in force from a day on; the earlier ones stay for their own days.

    Saving again for the same day corrects that rule book: the audit trail says who did.

    Raises
    ------
    ProfileUnusable
        The facts contradict themselves or the law; the sentence says what to correct.
    """
    dated = {**facts, "valid_from": valid_from.isoformat()}
    profile = read_profile(dated)
    book, is_new = RuleBook.objects.update_or_create(
        comune=comune,
        valid_from=valid_from,
        defaults={"name": profile.name[:200], "facts": profile_facts(profile)},
    )
    audit.record(
        "council.save_rulebook",
        comune=comune,
        by=by,
        subject=f"rulebook {book.pk}",
        valid_from=valid_from.isoformat(),
        corrects=int(not is_new),
    )
    return book


@operation
def choose_class(*, comune: Comune, key: str, valid_from: date, by: User | None) -> RuleBook:
    """Start from the ready profile of a class of population, from a day on.

    Raises
    ------
    ClassUnknown
        There is no such class.
    """
    ready = ready_profiles().get(key)
    if ready is None:
        raise ClassUnknown
    return save_rulebook(comune=comune, facts=profile_facts(ready), valid_from=valid_from, by=by)
