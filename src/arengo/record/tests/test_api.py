"""The public interface: what it tells, what it never tells, and how it is asked too much."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from signed_delibera import put_up, signed_delibera
from spoken_sitting import SPEECH, hold

from arengo.council.models import Sitting
from arengo.council.queries.people import today
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import bulk
from arengo.record.api.limits import REQUESTS, Counter
from arengo.record.api.serving import counter
from arengo.record.archive import index_sitting
from arengo.record.due import RESERVED
from arengo.record.models import RegisterLine
from arengo.record.passages import passages_of
from arengo.record.publication import act_of, annul
from arengo.record.redaction import leave_out

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh_counter() -> Iterator[None]:
    counter.forget()
    yield
    counter.forget()


@pytest.fixture
def closed(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke and a vote was proclaimed."""
    sitting = open_broadcast(comune=pero, sitting=hold(pero, make_sitting), by=None)
    sitting = close_broadcast(comune=pero, sitting=sitting, by=None)
    index_sitting(comune=pero, sitting=sitting, passages=passages_of(comune=pero, sitting=sitting))
    return sitting


def ask(client: Client, path: str, status: int = 200, **query: str) -> dict[str, Any]:
    answer = client.get(API + path, query)
    assert answer.status_code == status, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def of(sitting: Sitting, path: str = "") -> str:
    return f"/comuni/pero/sedute/{sitting.uid}{path}"


def test_comuni_sittings_and_pages_lead_to_one_another(client: Client, closed: Sitting) -> None:
    comuni = ask(client, "/comuni")
    assert [(one["slug"], one["sedute"]) for one in comuni["comuni"]] == [("pero", 1)]
    assert comuni["totale"] == 1
    address = comuni["comuni"][0]["indirizzo"]
    assert client.get(address).json()["codice_istat"] == closed.comune_id
    (line,) = ask(client, "/comuni/pero/sedute")["sedute"]
    assert client.get(line["indirizzo"]).json() == line
    assert client.get(line["pagina"]).status_code == 200
    assert ask(client, "/comuni/pero/sedute", dal="2090-01-01")["sedute"] == []
    assert ask(client, "/comuni/pero/sedute", limite="1", scarto="1")["sedute"] == []


def test_a_vote_a_presence_and_a_speech_are_told(client: Client, closed: Sitting) -> None:
    (vote,) = ask(client, of(closed, "/votazioni"))["votazioni"]
    assert vote["esito"] == "approved"
    assert sum(one["voti"] for one in vote["conteggi"]) == len(vote["nominativi"]) > 0
    there = ask(client, of(closed, "/presenze"))["componenti"]
    assert any(one["presenze"] for one in there)
    said = ask(client, of(closed, "/interventi"))["passaggi"]
    assert any(SPEECH in one["testo"] and one["secondo"] == 122.0 for one in said)
    hits = ask(client, "/comuni/pero/ricerca", q='"via Sempione"')
    assert hits["totale"] == 1
    assert hits["passaggi"][0]["pagina"].endswith("#t=122")
    assert len(ask(client, of(closed, "/punti"))["punti"]) == 4
    assert ask(client, "/comuni/pero/consiglieri")["componenti"]


def test_a_document_is_a_tree_with_its_sources(client: Client, closed: Sitting) -> None:
    listed = ask(client, of(closed, "/documenti"))["documenti"]
    names = [one["nome_documento"] for one in listed]
    assert names == ["resoconto-integrale", "presenze", "votazioni"]
    found = client.get(listed[0]["indirizzo"]).json()
    flat = list(_flat(found["sezioni"]))
    assert any(one["fonti"] and SPEECH in one["testo"] for one in flat)
    assert all(
        one["righe_registro"] or one["fonti"] for one in flat if one["genere"] == "paragraph"
    )


def _flat(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in nodes:
        yield one
        yield from _flat(one["figli"])


def test_a_draft_is_nobodys_until_it_is_released(client: Client, closed: Sitting) -> None:
    assert ask(client, of(closed, "/documenti/verbale"), 404)["code"] == "draft_absent"
    assert ask(client, of(closed, "/documenti/delibera-1"), 404)["code"] == "draft_absent"
    assert ask(client, "/comuni/pero/atti")["atti"] == []


def test_what_is_not_over_has_no_documents(
    client: Client, pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    sitting = make_sitting(pero)
    assert ask(client, of(sitting, "/documenti"), 409)["code"] == "sitting_not_over"
    assert ask(client, of(sitting, "/presenze"), 409)["status"] == 409
    assert ask(client, of(sitting, "/punti")) == {"punti": []}


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/comuni/atlantide", {}, 404),
        ("/comuni/rho/sedute/{uid}", {}, 404),
        ("/comuni/pero/sedute/{uid}/documenti/parte-separata", {}, 404),
        ("/comuni/pero/sedute", {"limite": "101"}, 422),
        ("/comuni/pero/sedute", {"limite": "0"}, 422),
        ("/comuni/pero/sedute", {"dal": "ieri"}, 422),
        ("/comuni/pero/ricerca", {"q": "voto:forse"}, 422),
        ("/comuni/pero/ricerca", {"q": "a" * 10_000}, 422),
        ("/comuni/pero/ricerca", {"q": "' OR 1=1"}, 200),
        ("/niente", {}, 404),
    ],
)
def test_what_is_asked_wrongly_is_a_problem_in_words(
    path: str, query: dict[str, str], status: int, client: Client, closed: Sitting, rho: Comune
) -> None:
    answer = client.get(API + path.format(uid=closed.uid), query)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert set(answer.json()) >= {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("dal", "al"), [("0001-01-01", "9999-12-31"), ("9999-12-31", "0001-01-01")]
)
def test_the_ends_of_time_are_days_too(dal: str, al: str, client: Client, closed: Sitting) -> None:
    ask(client, "/comuni/pero/sedute", dal=dal, al=al)


def test_an_answer_may_be_kept_read_by_any_page_and_has_its_licence(
    client: Client, closed: Sitting
) -> None:
    answer = client.get(API + of(closed))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "creativecommons" in answer.headers["Link"]
    assert not answer.cookies
    again = client.get(API + of(closed), headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    preflight = client.options(API + of(closed))
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET"
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(API + of(closed)).status_code == 405


def test_who_asks_too_much_waits(client: Client, pero: Comune) -> None:
    for _ in range(REQUESTS):
        counter.take("127.0.0.1", clock.now().timestamp())
    answer = client.get(API + "/status")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    other = client.get(API + "/status", headers={"x-forwarded-for": "198.51.100.7"})
    assert other.status_code == 200


def test_a_window_ends_and_the_oldest_client_is_forgotten() -> None:
    few = Counter(requests=2, clients=2)
    assert [few.take("a", 0).is_granted for _ in range(3)] == [True, True, False]
    assert few.take("a", 60).is_granted
    few.take("b", 60)
    few.take("c", 60)
    assert len(few._held) == 2
    assert few.take("a", 0).is_granted  # a clock set back begins a window anew


def test_the_status_tells_how_the_service_is(
    client: Client, pero: Comune, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask(client, "/status")["status"] == 200

    class Gone:
        def cursor(self) -> None:
            from django.db import OperationalError

            raise OperationalError

    monkeypatch.setattr("arengo.record.api.routes.connection", Gone())
    answer = client.get(API + "/status")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


def test_the_number_of_queries_does_not_grow_with_the_sittings(
    client: Client,
    pero: Comune,
    make_sitting: Callable[..., Sitting],
    django_assert_num_queries: Any,
) -> None:
    for count in (2, 20):
        for _ in range(count):
            make_sitting(pero)
        with django_assert_num_queries(3):
            ask(client, "/comuni/pero/sedute")


def _public_words(client: Client, line: RegisterLine) -> str:
    """Return all that the interface tells of a delibera: its line, and its tree if there is one."""
    tree = client.get(f"{API}/comuni/pero/sedute/{line.sitting.uid}/documenti/{line.name}")
    return json.dumps([ask(client, "/comuni/pero/atti"), tree.json()])


def test_a_delibera_is_told_as_the_register_tells_it_today(
    client: Client, pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    line = signed_delibera(pero, make_sitting)
    assert ask(client, "/comuni/pero/atti")["totale"] == 0
    before = bulk.path_of(pero, 2026)
    made = put_up(pero, line, today(), personal_data="ordinary")
    assert bulk.path_of(pero, 2026) != before  # a file made before this is served no more
    (told,) = ask(client, "/comuni/pero/atti")["atti"]
    assert (told["numero"], told["testo"], told["oggetto"]) == (line.number, "omissis", RESERVED)
    assert "raccolta dei rifiuti" not in _public_words(client, line)
    act = act_of(comune=pero, line=line)
    assert act is not None
    leave_out(comune=pero, line=line, act=act, texts=["raccolta dei rifiuti"], by=None)
    assert "raccolta dei rifiuti" not in _public_words(client, line)
    tree = ask(client, f"/comuni/pero/sedute/{line.sitting.uid}/documenti/{line.name}")
    assert tree["sezioni"]
    annul(comune=pero, publication=made, reason="Errore", by=None)
    assert ask(client, "/comuni/pero/atti")["atti"][0]["annullata"] is True
    ask(client, f"/comuni/pero/sedute/{line.sitting.uid}/documenti/{line.name}", 404)
