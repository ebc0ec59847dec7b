"""The pages of the installation, as HTTP answers them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arengo.council.models import Sitting
from arengo.kernel.models import Comune, User

PUBLIC = [
    "/",
    "/?nome=pero",
    "/pero/",
    "/rho/",
    "/privacy/",
    "/accessibilita/",
    "/en/",
    "/en/pero/",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_visitor_gets_no_cookie(client: Client, sitting: Sitting, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert not answer.cookies


def test_policy_lets_nothing_in_from_elsewhere(client: Client, db: None) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PUBLIC)
def test_page_has_no_inline_script_or_style(client: Client, sitting: Sitting, path: str) -> None:
    text = client.get(path).content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert "onclick" not in text


def test_home_lists_the_comuni_with_sittings(
    client: Client, sitting: Sitting, foreign_sitting: Sitting
) -> None:
    text = client.get("/").content.decode()
    assert 'href="/pero/"' in text
    assert 'href="/rho/"' in text
    assert 'href="/milano/"' not in text


def test_home_searches_by_name(client: Client, sitting: Sitting, foreign_sitting: Sitting) -> None:
    text = client.get("/?nome=PER").content.decode()
    assert 'href="/pero/"' in text
    assert 'href="/rho/"' not in text


@pytest.mark.parametrize("count", [2, 20])
def test_home_asks_the_database_the_same_for_two_and_for_twenty(
    client: Client,
    pero: Comune,
    make_sitting: Callable[..., Sitting],
    django_assert_num_queries: Any,
    count: int,
) -> None:
    from arengo.live.operations import open_broadcast

    for number in range(count):
        made = make_sitting(pero, title=f"Seduta {number}")
        open_broadcast(comune=pero, sitting=made, by=None)
    with django_assert_num_queries(3):
        client.get("/")


def test_language_is_in_the_address_and_stays_there(client: Client, sitting: Sitting) -> None:
    italian, english = client.get("/pero/"), client.get("/en/pero/")
    assert italian.headers["Content-Language"] == "it"
    assert english.headers["Content-Language"] == "en"
    assert f'href="/en/pero/sedute/{sitting.uid}/"' in english.content.decode()
    assert "Sittings of the municipal council" in english.content.decode()


def test_language_does_not_follow_the_browser(client: Client, db: None) -> None:
    """The same address is the same page for everyone."""
    text = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert "Le sedute dei Comuni" in text


def test_sign_in_leads_where_one_was_going(client: Client, anna: User, sitting: Sitting) -> None:
    wanted = f"/regia/pero/{sitting.uid}/"
    asked = client.get(wanted)
    assert asked.headers["Location"] == f"/accedi/?next=%2Fregia%2Fpero%2F{sitting.uid}%2F"
    entered = client.post("/accedi/", credentials(anna, next=wanted))
    assert entered.headers["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x"])
def test_sign_in_never_leads_to_another_site(client: Client, anna: User, elsewhere: str) -> None:
    entered = client.post("/accedi/", credentials(anna, next=elsewhere))
    assert entered.headers["Location"] == "/regia/"


def test_sign_in_takes_an_address_in_any_case(client: Client, anna: User) -> None:
    data = {"username": "Anna@Example.ORG", "password": "una parola lunga"}
    assert client.post("/accedi/", data).status_code == 302


def test_wrong_password_is_said_without_saying_which_part(client: Client, anna: User) -> None:
    known = client.post("/accedi/", credentials(anna, password="sbagliata"))
    unknown = client.post("/accedi/", {"username": "x@example.org", "password": "sbagliata"})
    message = "Indirizzo o password non corretti"
    assert message in known.content.decode()
    assert message in unknown.content.decode()


def test_sign_out_needs_a_form(client: Client, anna: User) -> None:
    client.force_login(anna)
    assert client.get("/esci/").status_code == 405
    assert client.post("/esci/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_absent_page_says_so_in_the_language_of_the_address(client: Client, db: None) -> None:
    assert "Pagina non trovata" in client.get("/nulla/di/nulla/").content.decode()
    assert "Page not found" in client.get("/en/nulla/di/nulla/").content.decode()


def credentials(user: User, **over: str) -> dict[str, str]:
    return {"username": user.email, "password": "una parola lunga", **over}
