"""Every route, walked by strangers: what is not theirs looks exactly like what is not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from convened import Convened, convene
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hung import give_to_everyone, hang

from arengo.council import operations as council
from arengo.council.models import MandateKind, OfficeKind, Sitting, Stance
from arengo.council.queries import person_file
from arengo.kernel.comuni import read_comuni
from arengo.kernel.models import Comune, User
from arengo.live.models import SourceKind
from arengo.live.operations import add_source, issue_stream_key
from arengo.record import bulk

RULES = ("public", "signed_in", "members:")
PROGRAM = {"accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Route:
    """An address with holes: `regia/<slug:slug>/<uid>/`."""

    address: str
    view: Any

    @property
    def rule(self) -> str:
        """Who may open it."""
        return str(getattr(self.view, "access_rule", ""))

    @property
    def holes(self) -> set[str]:
        """The names of the holes."""
        return {part.split(":")[-1] for part in _holes(self.address)}

    def fill(self, **values: str) -> str:
        """Return the address of one object."""
        address = "/" + self.address
        for part in _holes(self.address):
            address = address.replace(f"<{part}>", values[part.split(":")[-1]])
        return address


def _holes(address: str) -> list[str]:
    return [part.partition(">")[0] for part in address.split("<")[1:]]


def _routes(resolver: URLResolver, before: str = "") -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(address, pattern.callback)
        else:
            yield from _routes(pattern, address)


ROUTES = list(_routes(get_resolver()))
OF_A_COMUNE = [route for route in ROUTES if "slug" in route.holes]
OF_MEMBERS = [route for route in OF_A_COMUNE if route.rule.startswith("members:")]
OF_A_PERSON = {
    "person_id",
    "mandate_id",
    "office_id",
    "group_id",
    "rulebook_id",
    "line_id",
    "act_id",
}
OF_A_SITTING = [route for route in OF_A_COMUNE if route.holes & {"uid", *OF_A_PERSON}]
BEHIND_SIGN_IN = [route for route in ROUTES if route.rule != "public"]

each = pytest.mark.parametrize


def _name(route: Route) -> str:
    return route.address or "home"


@pytest.fixture
def values(pero: Comune, sitting: Sitting) -> dict[str, str]:
    """Return what fills the holes with objects of Pero."""
    key, _ = issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=None)
    source = add_source(comune=pero, sitting=sitting, kind=SourceKind.SRT, port=9000, by=None)
    convened = convene(pero, sitting)
    return {
        **convocation_values(convened),
        **people_values(pero),
        **{"version": "1"},
        **{"slug": "pero", "uid": sitting.uid, "name": "verbale"},
        **{"key_id": key.key_id, "source_id": str(source.pk)},
        **{"line_id": str(hang(pero, sitting, year=2026).pk), "number": "1", "opening": "1"},
        **{"act_id": str(give_to_everyone(pero, sitting).pk)},
        **{"syntax": "ttl", "year": data_year(pero)},  # last: it holds all of the above
    }


def data_year(comune: Comune) -> str:
    """Return a year of which there is a file of open data."""
    bulk.build(comune=comune, year=2026)
    return "2026"


def convocation_values(convened: Convened) -> dict[str, str]:
    """Return what fills the holes of agenda and convocation."""
    notice = convened.notices["colnaghi"]
    return {
        **{"item_id": str(convened.item.pk), "document_uid": convened.document.uid},
        **{"convocation_id": str(convened.convocation.pk), "notice_id": str(notice.pk)},
        **{"absence_id": str(convened.absence.pk), "token": notice.token},
    }


def people_values(comune: Comune) -> dict[str, str]:
    """Return what fills the holes of people and rules."""
    day = date(2026, 6, 10)
    group = council.place_group(
        comune=comune, name="Lista", stance=Stance.MIXED, starts_on=day, by=None
    )
    person = council.add_person(
        comune=comune,
        given_name="Ada",
        family_name="Su",
        kind=MandateKind.COUNCILLOR,
        starts_on=day,
        by=None,
    )
    office = council.give_office(
        comune=comune, person=person, kind=OfficeKind.LEADER, starts_on=day, by=None
    )
    mandate = person_file(comune=comune, person_id=person.pk).mandates[0]
    book = council.choose_class(comune=comune, key="consiglio-24", valid_from=day, by=None)
    return {
        **{"person_id": str(person.pk), "mandate_id": str(mandate.pk)},
        **{"office_id": str(office.pk), "group_id": str(group.pk), "rulebook_id": str(book.pk)},
    }


def _refusals(client: Client, address: str) -> list[dict[str, Any]]:
    """Return the problems that GET and POST answer with, without the address itself.

    A view that takes only the other method may say 405: the rule has then let the
    person in, and the right method must refuse them.
    """
    answers = [client.get(address, headers=PROGRAM), client.post(address, headers=PROGRAM)]
    told = [answer for answer in answers if answer.status_code != 405]
    assert told, address
    return [{**_problem(answer), "instance": ""} for answer in told]


def _problem(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (401, 404), (answer.status_code, answer.headers)
    found: dict[str, Any] = json.loads(answer.content)
    return found


@each("route", ROUTES, ids=_name)
def test_every_route_says_who_may_open_it(route: Route) -> None:
    assert route.rule.startswith(RULES), f"{route.address}: wear @public, @signed_in or @members"


@each("route", OF_MEMBERS, ids=_name)
def test_the_next_town_and_a_citizen_find_nothing(
    route: Route, values: dict[str, str], dario: User, carla: User, client: Client
) -> None:
    """A segretario of Rho at Pero's page gets what he gets for a town that is not."""
    absent = route.fill(**{**values, "slug": "atlantide"})
    for stranger in (dario, carla):
        client.force_login(stranger)
        assert _refusals(client, route.fill(**values)) == _refusals(client, absent)


@each("route", OF_A_SITTING, ids=_name)
def test_a_sitting_of_another_town_is_as_absent(
    route: Route, values: dict[str, str], dario: User, client: Client
) -> None:
    """Dario may do everything in Rho, with Rho's sittings only."""
    client.force_login(dario)
    foreign = route.fill(**{**values, "slug": "rho"})
    absent = route.fill(
        **{
            **values,
            **dict.fromkeys(OF_A_PERSON, "0"),
            **{"slug": "rho", "uid": "0" * 16, "key_id": "0" * 8, "source_id": "0"},
        }
    )
    refusals = _refusals(client, foreign)
    assert refusals == _refusals(client, absent)
    assert {refusal["status"] for refusal in refusals} == {404}


@each("route", BEHIND_SIGN_IN, ids=_name)
def test_a_visitor_is_asked_to_sign_in(
    route: Route, values: dict[str, str], client: Client
) -> None:
    address = route.fill(**values)
    assert {refusal["status"] for refusal in _refusals(client, address)} == {401}
    page = client.get(address, headers={"accept": "text/html"})
    assert page.status_code == 302
    assert page.headers["Location"].startswith("/accedi/?next=")


@each("route", [route for route in ROUTES if route.rule == "public"], ids=_name)
def test_a_public_page_sets_no_cookie(route: Route, values: dict[str, str], client: Client) -> None:
    """Signing in is the one public page with a form, and asks for a cookie to protect it."""
    answer = client.get(route.fill(**values))
    answer.close()  # a document is an open file
    if route.address.startswith("api/") and answer.status_code in (404, 409):
        assert answer.headers["Content-Type"] == "application/problem+json"  # not over yet
    else:
        assert answer.status_code in (200, 405)
    if route.address != "accedi/":
        assert not answer.cookies


def test_no_comune_has_the_address_of_a_page() -> None:
    """`/regia/` is ours, so no Comune may be called Regia; nor what the door keeps for the studio."""
    ours = {route.address.split("/")[0] for route in ROUTES} | {
        "media", "events", "camera", "studio", "static", "api", "en",
    }  # fmt: skip
    slugs = {row[2] for row in read_comuni()}
    assert not ours & slugs
