"""Who works for a Comune."""

from __future__ import annotations

import secrets

from arengo.kernel import audit
from arengo.kernel.errors import Conflict
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import operation


class AlreadyMember(Conflict):
    """Refuse to give a role twice."""

    code = "already_member"
    message = "{name} ha già il ruolo «{role}» in questo Comune: non serve assegnarlo di nuovo."


@operation
def add_member(
    *, comune: Comune, email: str, full_name: str, role: Role, by: User | None
) -> tuple[User, str | None]:
    """Give a person a role in the Comune, making the person if they are new.

    Returns
    -------
    The person, and the password of a new one: shown once, kept as a hash.

    Raises
    ------
    AlreadyMember
        They have the role already.
    """
    person, password = _find_or_make(email.lower(), full_name)
    held = Membership.objects.filter(user=person, role=role, valid_until=None)
    if held.exists():
        raise AlreadyMember(name=person.full_name, role=role.label)
    Membership.objects.create(comune=comune, user=person, role=role)
    audit.record("kernel.add_member", comune=comune, by=by, subject=f"user {person.pk}", role=role)
    return person, password


def _find_or_make(email: str, full_name: str) -> tuple[User, str | None]:
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known, None
    password = secrets.token_urlsafe(12)
    return User.objects.create_user(email, full_name, password), password
