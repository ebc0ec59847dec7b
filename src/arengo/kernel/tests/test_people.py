"""People get roles, from another person or from the terminal."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from arengo.kernel.access import has_role
from arengo.kernel.models import Comune, Role, User
from arengo.kernel.people import AlreadyMember, add_member


def _add(comune: Comune, role: Role = Role.TECNICO) -> tuple[User, str | None]:
    return add_member(comune=comune, email="Ugo@Example.org", full_name="Ugo", role=role, by=None)


def test_a_new_person_gets_a_password_and_the_role(pero: Comune) -> None:
    person, password = _add(pero)
    assert password
    assert person.check_password(password)
    assert has_role(person, comune=pero, roles=(Role.TECNICO,))


def test_a_known_person_keeps_their_password(pero: Comune, rho: Comune) -> None:
    first, _ = _add(pero)
    again, password = _add(rho)
    assert (again, password) == (first, None)
    assert not has_role(again, comune=rho, roles=(Role.SEGRETARIO,))


def test_the_same_role_is_not_given_twice(pero: Comune) -> None:
    _add(pero)
    with pytest.raises(AlreadyMember, match="Tecnico di sala"):
        _add(pero)


def test_the_first_person_is_made_from_the_terminal(pero: Comune) -> None:
    out = io.StringIO()
    call_command(
        "add_member", "anna@example.org", "Anna Bo", comune="pero", ruolo="segretario", stdout=out
    )
    password = out.getvalue().split()[-1]
    assert User.objects.get(email="anna@example.org").check_password(password)


def test_the_terminal_names_a_comune_that_is_not(db: None) -> None:
    with pytest.raises(CommandError, match="non esiste"):
        call_command("add_member", "a@example.org", "A", comune="atlantide", ruolo="tecnico")
