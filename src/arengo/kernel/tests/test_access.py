"""Who may open a page: a truth table of every person and every rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from arengo.kernel import clock
from arengo.kernel.access import has_role, members, public, signed_in
from arengo.kernel.errors import NotFound, SignInRequired
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import current_istat_code


def _say(request: HttpRequest, **parts: object) -> HttpResponse:
    return HttpResponse(current_istat_code() if "comune" in parts else "-")


VIEWS = {
    "public": public(_say),
    "signed in": signed_in(_say),
    "any role": members()(_say),
    "segretario": members(Role.SEGRETARIO)(_say),
}


def _open(rule: str, user: User | AnonymousUser, slug: str = "pero", method: str = "GET") -> str:
    request = RequestFactory().generic(method, "/x/?a=1")
    request.user = user
    try:
        response = VIEWS[rule](request, slug=slug)
    except (NotFound, SignInRequired) as refusal:
        return str(refusal.status)
    if response.status_code == 302:
        return response.headers["Location"]
    return bytes(getattr(response, "content", b"")).decode()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [  # anna and bruno of Pero, carla of nowhere, dario of Rho
        ("public", ("015170", "015170", "015170", "015170")),
        ("signed in", ("015170", "015170", "015170", "015170")),
        ("any role", ("015170", "015170", "404", "404")),
        ("segretario", ("015170", "404", "404", "404")),
    ],
)
def test_each_person_at_each_rule(
    rule: str, expected: tuple[str, ...], anna: User, bruno: User, carla: User, dario: User
) -> None:
    assert tuple(_open(rule, person) for person in (anna, bruno, carla, dario)) == expected


@pytest.mark.parametrize("rule", ["signed in", "any role", "segretario"])
def test_a_visitor_is_sent_to_sign_in_and_back(rule: str, pero: Comune) -> None:
    assert _open(rule, AnonymousUser()) == "/accedi/?next=%2Fx%2F%3Fa%3D1"
    assert _open(rule, AnonymousUser(), method="POST") == "401"


@pytest.mark.parametrize("rule", VIEWS)
def test_an_absent_comune_is_not_found(rule: str, anna: User) -> None:
    assert _open(rule, anna, slug="atlantide") == "404"


def test_a_visitor_cannot_tell_which_comuni_exist(pero: Comune) -> None:
    assert _open("any role", AnonymousUser(), slug="atlantide") == _open(
        "any role", AnonymousUser()
    )


def test_a_role_that_ended_gives_nothing(anna: User, pero: Comune) -> None:
    Membership.across.filter(user=anna).update(valid_until=clock.now() + timedelta(hours=1))
    assert has_role(anna, comune=pero, roles=(Role.SEGRETARIO,))
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert not has_role(anna, comune=pero, roles=(Role.SEGRETARIO,))


def test_a_role_not_yet_begun_gives_nothing(anna: User, pero: Comune) -> None:
    with clock.frozen(clock.now() - timedelta(days=1)):
        assert not has_role(anna, comune=pero, roles=(Role.SEGRETARIO,))


def test_a_person_switched_off_has_no_role(anna: User, pero: Comune) -> None:
    anna.is_active = False
    assert not has_role(anna, comune=pero, roles=(Role.SEGRETARIO,))


def test_an_address_is_kept_in_lower_case(db: None) -> None:
    person = User.objects.create_user("Anna@Example.org", "Anna")
    assert person.email == "anna@example.org"
    assert User.objects.get_by_natural_key("ANNA@example.org") == person
    assert not person.has_usable_password()
