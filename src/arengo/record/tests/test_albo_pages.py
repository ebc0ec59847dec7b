"""The pages of publication: what everyone finds on a day, and the clerk's way to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from signed_delibera import SIGNED, held_and_closed, put_up, signed_delibera

from arengo.council.models import Sitting
from arengo.council.queries.people import today
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.record.due import do_due
from arengo.record.models import AlboRules, Publication, Redaction, RegisterLine
from arengo.record.publication import act_of, annul
from arengo.record.redaction import leave_out

DAY = timedelta(days=1)
Make = Callable[..., Sitting]


@pytest.fixture
def line(pero: Comune, make_sitting: Make) -> RegisterLine:
    """Return the line of a signed delibera."""
    return signed_delibera(pero, make_sitting)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


@contextmanager
def on(day: date) -> Iterator[None]:
    """Stop the clock at noon of a day."""
    with clock.frozen(datetime(day.year, day.month, day.day, 11, tzinfo=UTC)):
        yield


def notice(one: Publication, rest: str = "") -> str:
    return f"/pero/albo/{one.year}/{one.code}/{rest}"


def kept(line: RegisterLine, rest: str = "") -> str:
    return f"/pero/delibere/{line.year}/{line.code}/{rest}"


def office(line: RegisterLine, rest: str = "") -> str:
    return f"/consiglio/pero/delibere/{line.pk}/{rest}"


def bytes_of(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file


def redact(comune: Comune, line: RegisterLine, *texts: str) -> None:
    act = act_of(comune=comune, line=line)
    assert act is not None
    leave_out(comune=comune, line=line, act=act, texts=texts, by=None)


# --- for everyone ---------------------------------------------------------------------------


def test_on_the_albo_it_is_read_and_no_search_engine_may_keep_it(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    for address in ("/pero/albo/", notice(made)):
        answer = client.get(address)
        assert "Variazione al bilancio" in answer.content.decode()
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Cache-Control"] == "no-store"
    assert bytes_of(client, notice(made, "documento/")) == SIGNED


def test_after_the_term_the_personal_data_are_nowhere(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today(), personal_data="ordinary")
    assert bytes_of(client, notice(made, "documento/")) == SIGNED
    with on(made.last_date + DAY):
        for address in (notice(made), notice(made, "documento/"), kept(line, "documento/")):
            assert client.get(address).status_code == 404, address
        for address in (
            "/pero/albo/",
            "/pero/delibere/",
            kept(line),
            "/pero/delibere/?formato=csv",
        ):
            assert "rifiuti" not in client.get(address).content.decode(), address
        redact(pero, line, "raccolta dei rifiuti")
        page = client.get(kept(line)).content.decode()
        assert "Variazione al bilancio per la «omissis»" in page
        assert "rifiuti" not in page
        copy = bytes_of(client, kept(line, "documento/"))
        assert copy.startswith(b"%PDF")
        assert copy != SIGNED


def test_what_is_annulled_is_not_on_the_albo_and_says_why(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    annul(comune=pero, publication=made, reason="file sbagliato", by=None)
    assert client.get(notice(made, "documento/")).status_code == 404
    assert client.get(kept(line, "documento/")).status_code == 404
    assert "file sbagliato" in client.get(kept(line)).content.decode()


def test_a_delibera_says_text_votes_dates_and_second_of_video(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    put_up(pero, line, today())
    page = client.get(kept(line)).content.decode()
    assert "Contando il termine dall’inizio della pubblicazione" in page
    assert "lettura prevalente" in page
    assert "DELIBERA di approvare" in page
    assert [*re.findall(rf"/pero/sedute/{line.sitting.uid}/#t=(\d+)", page)] == ["186"]
    assert bytes_of(client, kept(line, "documento/")) == SIGNED


def test_the_register_is_found_by_year_and_words_and_taken_as_csv(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    assert "Non è ancora stata pubblicata" in client.get("/pero/delibere/").content.decode()
    put_up(pero, line, today())
    assert kept(line) in client.get(f"/pero/delibere/?anno={line.year}&q=RIFIUTI").content.decode()
    assert kept(line) not in client.get("/pero/delibere/?q=scuole").content.decode()
    table = client.get("/pero/delibere/?formato=csv").content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("Anno;Numero;Data;Oggetto")
    assert table[1].startswith(f"{line.year};1;{line.adopted_date}")


def test_what_is_not_published_yet_is_not_there(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today() + DAY)
    for address in (notice(made), notice(made, "documento/"), kept(line), kept(line, "documento/")):
        assert client.get(address).status_code == 404


def test_certificates_are_taken_from_the_page_of_the_delibera(
    client: Client, pero: Comune, line: RegisterLine
) -> None:
    made = put_up(pero, line, today())
    after = made.last_date + DAY
    do_due(comune=pero, day=after)
    with on(after):
        assert "Referto di pubblicazione" in client.get(kept(line)).content.decode()
        address = kept(line, "documento/?certificato=publication_report")
        assert bytes_of(client, address).startswith(b"%PDF")
        assert client.get(kept(line, "documento/?certificato=altro")).status_code == 404


# --- the clerk ------------------------------------------------------------------------------


def test_a_clerk_gives_the_numbers(clerk: Client, pero: Comune, make_sitting: Make) -> None:
    sitting = held_and_closed(pero, make_sitting)
    assert "Dai i numeri" in clerk.get("/consiglio/pero/delibere/").content.decode()
    answer = clerk.post(f"/consiglio/pero/sedute/{sitting.uid}/numeri/", follow=True)
    assert "Numeri assegnati: 1/" in answer.content.decode()
    assert RegisterLine.across.count() == 1


def test_a_clerk_reads_every_date_before_confirming(
    clerk: Client, pero: Comune, line: RegisterLine
) -> None:
    chosen = {"first_date": today().isoformat(), "personal_data": "none"}
    page = clerk.get(office(line, "pubblica/"), chosen).content.decode()
    assert "All’albo pretorio dal" in page
    assert "Conferma e pubblica" in page
    assert not Publication.across.exists()
    assert clerk.post(office(line, "pubblica/"), chosen).status_code == 302
    assert Publication.across.get().personal_data == "none"
    assert "È all’albo." in clerk.get(office(line)).content.decode()


@pytest.mark.parametrize(
    ("first", "told"), [("1999-01-01", "non può cominciare prima di oggi"), ("ieri", "data")]
)
def test_a_day_that_cannot_be_is_refused_where_it_is_typed(
    first: str, told: str, clerk: Client, line: RegisterLine
) -> None:
    chosen = {"first_date": first, "personal_data": "none"}
    for answer in (
        clerk.get(office(line, "pubblica/"), chosen),
        clerk.post(office(line, "pubblica/"), chosen),
    ):
        assert told in answer.content.decode()
        assert "Conferma e pubblica" not in answer.content.decode()
    assert not Publication.across.exists()


def test_a_clerk_annuls_with_a_reason_only(clerk: Client, pero: Comune, line: RegisterLine) -> None:
    put_up(pero, line, today())
    assert clerk.post(office(line, "annulla/"), {"reason": ""}).status_code == 422
    assert clerk.post(office(line, "annulla/"), {"reason": "file sbagliato"}).status_code == 302
    assert Publication.across.get().end == "annulled"
    assert clerk.post(office(line, "annulla/"), {"reason": "ancora"}).status_code == 404


def test_a_clerk_rectifies_from_the_same_page(
    clerk: Client, pero: Comune, line: RegisterLine
) -> None:
    put_up(pero, line, today())
    page = clerk.get(office(line, "pubblica/")).content.decode()
    assert "tutti i termini ripartono" in page
    chosen = {"first_date": today().isoformat(), "personal_data": "none", "reason": "allegato"}
    assert clerk.post(office(line, "pubblica/"), chosen).status_code == 302
    assert sorted(Publication.across.values_list("end", flat=True)) == ["", "rectified"]


def test_a_clerk_writes_the_copy_with_omissis(
    clerk: Client, pero: Comune, line: RegisterLine
) -> None:
    assert "raccolta dei rifiuti" in clerk.get(office(line, "omissis/")).content.decode()
    wrong = clerk.post(office(line, "omissis/"), {"texts": "Rosssi"})
    assert "Nel testo non c&#x27;è «Rosssi»" in wrong.content.decode()
    assert clerk.post(office(line, "omissis/"), {"texts": "rifiuti\n\n"}).status_code == 302
    assert Redaction.across.get().texts == ["rifiuti"]


def test_a_clerk_chooses_how_days_are_counted(clerk: Client, pero: Comune) -> None:
    page = clerk.get("/consiglio/pero/albo/").content.decode()
    assert "TUEL art. 124 c. 1" in page
    assert "da verificare" in page
    chosen = {"reading": "end", "local_holidays": "24/6, 8/9", "article": "reg. art. 7"}
    assert clerk.post("/consiglio/pero/albo/", chosen).status_code == 302
    saved = AlboRules.across.get()
    assert (saved.reading, saved.local_holidays) == ("end", ["06-24", "09-08"])
    wrong = clerk.post("/consiglio/pero/albo/", {"reading": "end", "local_holidays": "31/2"})
    assert wrong.status_code == 422
    assert "31/2" in wrong.content.decode()


def test_deadlines_are_listed_and_taken_as_a_calendar(
    clerk: Client, pero: Comune, line: RegisterLine
) -> None:
    assert "Nessuna scadenza" in clerk.get("/consiglio/pero/scadenze/").content.decode()
    made = put_up(pero, line, today())
    assert (
        f"Delibera {line.written}: esce" in clerk.get("/consiglio/pero/scadenze/").content.decode()
    )
    file = clerk.get("/consiglio/pero/scadenze/?formato=ics").content.decode()
    assert f"DTSTART;VALUE=DATE:{made.enforceable_date:%Y%m%d}" in file
    assert file.count("BEGIN:VEVENT") == file.count("END:VEVENT") == 2


def test_nobody_else_comes_in(client: Client, line: RegisterLine, bruno: User) -> None:
    assert client.get(office(line)).status_code == 302
    client.force_login(bruno)
    assert client.get(office(line)).status_code == 404
