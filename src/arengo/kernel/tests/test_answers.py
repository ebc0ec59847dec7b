"""Each refusal has one page for people and one RFC 9457 problem for programs."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from arengo.council.errors import SittingClosed
from arengo.kernel import answers
from arengo.kernel.answers import RefusalMiddleware, answer
from arengo.kernel.errors import DomainError, NotFound

PROGRAM = {"HTTP_ACCEPT": "application/json"}


def _request(path: str = "/x", **headers: str) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get(path, **headers)  # type: ignore[arg-type]  # WSGI names
    request.user = AnonymousUser()
    return request


def _body(response: HttpResponse) -> dict[str, object]:
    found: dict[str, object] = json.loads(response.content)
    return found


def test_a_person_reads_what_to_do() -> None:
    page = answer(_request(), SittingClosed(title="Consiglio <b>"))
    assert page.status_code == 409
    text = page.content.decode()
    assert "convocane una nuova" in text
    assert "&lt;b&gt;" in text
    assert "<b>»" not in text


def test_a_program_gets_problem_details() -> None:
    """RFC 9457, section 3: type, title, status, detail, instance; then our own members."""
    response = answer(_request(**PROGRAM), SittingClosed(title="Bilancio"))
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code == 409
    assert _body(response) == {
        "type": "urn:arengo:problem:sitting_closed",
        "title": "Operazione non possibile adesso",
        "status": 409,
        "detail": "La seduta «Bilancio» è conclusa e non si può modificare: "
        "per continuare, convocane una nuova.",
        "instance": "/x",
        "code": "sitting_closed",
        "facts": {"title": "Bilancio"},
    }


def test_under_api_everything_is_a_problem() -> None:
    response = answer(_request("/api/v1/x", HTTP_ACCEPT="text/html"), NotFound())
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("exception", [NotFound(), Http404("secret"), PermissionDenied("secret")])
def test_absent_and_forbidden_read_the_same(exception: Exception) -> None:
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    response = middleware.process_exception(_request(**PROGRAM), exception)
    expected = answer(_request(**PROGRAM), NotFound())
    assert response is not None
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response.content) == (404, expected.content)


def test_a_fault_of_ours_is_left_to_django_and_tells_nothing() -> None:
    middleware = RefusalMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(_request(), ZeroDivisionError("secret")) is None
    assert answers.server_error(_request()).status_code == 500


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (lambda request: answers.bad_request(request, ValueError()), 400),
        (lambda request: answers.form_expired(request), 403),
        (lambda request: answers.not_found(request, ValueError()), 404),
    ],
)
def test_django_refusals_have_our_page(
    handler: Callable[[HttpRequest], HttpResponse], status: int
) -> None:
    assert handler(_request()).status_code == status


def test_a_broken_error_page_still_says_it_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(answers, "render_to_string", broken)
    text = answer(_request(), NotFound()).content.decode()
    assert "<h1>Pagina non trovata</h1>" in text


def test_every_message_can_be_filled() -> None:
    """A message names only facts, so translating its template works."""
    for kind in _kinds(DomainError):
        assert kind.message.endswith((".", "}")), kind
        assert kind.code == kind.code.lower(), kind


def _kinds(kind: type[DomainError]) -> list[type[DomainError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _kinds(child))]
