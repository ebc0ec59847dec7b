"""What links a person of the council with the account they sign in with."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Q

from arengo.council.errors import AccountTaken
from arengo.council.models import Person
from arengo.council.queries.people import ROME
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.people import AlreadyMember, add_member
from arengo.kernel.scope import operation


@operation
def link_account(*, comune: Comune, person: Person, email: str, by: User | None) -> str | None:
    """Let a person sign in as councillor with an address, making the account if it is new.

    Returns
    -------
    The password of a new account, shown once and kept as a hash; None when there was one.

    Raises
    ------
    AccountTaken
        The address is another person's.
    """
    if person.comune_id != comune.pk:
        raise NotFound
    address = email.strip().lower()
    other = Person.objects.filter(user__email=address).exclude(pk=person.pk).first()
    if other is not None:
        raise AccountTaken(email=address, name=other.full_name)
    if person.user is not None and person.user.email != address:
        end_access(person, None)
    user, password = _member(comune, person, address, by)
    person.user, person.email = user, person.email or address
    person.save(update_fields=["user", "email"])
    audit.record("council.link_account", comune=comune, by=by, subject=f"person {person.pk}")
    return password


def _member(
    comune: Comune, person: Person, address: str, by: User | None
) -> tuple[User, str | None]:
    name = f"{person.given_name} {person.family_name}".strip()
    _reopen(address)
    try:
        return add_member(
            comune=comune, email=address, full_name=name, role=Role.CONSIGLIERE, by=by
        )
    except AlreadyMember:
        return User.objects.get(email=address), None


def _reopen(address: str) -> None:
    """Give back for good a role that was to end later."""
    now = clock.now()
    later = Membership.objects.filter(
        user__email=address, role=Role.CONSIGLIERE, valid_until__gt=now, valid_from__lt=now
    )
    later.update(valid_until=None)


@operation
def unlink_account(*, comune: Comune, person: Person, by: User | None) -> None:
    """Take the account away from a person: from now on it is no councillor's."""
    if person.comune_id != comune.pk:
        raise NotFound
    end_access(person, None)
    person.user = None
    person.save(update_fields=["user"])
    audit.record("council.unlink_account", comune=comune, by=by, subject=f"person {person.pk}")


def end_access(person: Person, day: date | None) -> None:
    """End the councillor's role of a person's account at the start of a day (None: now)."""
    if person.user_id is None:
        return
    now = clock.now()
    until = now if day is None else max(now, datetime.combine(day, time(), ROME))
    held = Membership.objects.filter(user_id=person.user_id, role=Role.CONSIGLIERE)
    held.filter(Q(valid_until=None) | Q(valid_until__gt=until), valid_from__lt=until).update(
        valid_until=until
    )
