"""The public pages of the record in a browser: decisions, councillors, alerts, clips, the embed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from spoken_sitting import hold
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture(autouse=True)
def index(pero: Comune) -> Iterator[None]:
    """Empty SQLite's index after each test: what empties the tables does not know it."""
    from django.db import connection

    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO record_words(record_words) VALUES ('delete-all')")


@pytest.fixture
def evening(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting that is in the archive, with its decisions told."""
    from arengo.live.operations import close_broadcast, open_broadcast
    from arengo.record.archive import index_sitting
    from arengo.record.decisions import keep_decisions
    from arengo.record.passages import passages_of

    sitting = hold(pero, make_sitting)
    sitting.refresh_from_db()
    if sitting.opened_at is None:
        open_broadcast(comune=pero, sitting=sitting, by=None)
    closed = close_broadcast(comune=pero, sitting=sitting, by=None)
    keep_decisions(comune=pero, sitting=closed)
    index_sitting(comune=pero, sitting=closed, passages=passages_of(comune=pero, sitting=closed))
    return closed


def test_a_citizen_reads_what_was_decided_and_who_voted_it(
    visit: Visit, evening: Sitting, check_access: Check
) -> None:
    page = visit.go("/pero/")
    page.get_by_role("link", name="Cosa si è deciso", exact=True).click()
    page.wait_for_selector(".re-decision")
    check_access(page)
    page.locator(".re-decision__title").first.click()
    page.wait_for_selector(".re-plain")
    page.locator("summary", has_text="Chi ha votato come").press("Enter")
    assert page.locator("dd").first.is_visible()
    check_access(page)
    page.get_by_role("link", name="Consiglieri", exact=True).click()
    page.locator(".re-member a", has_text="Beretta").click()
    page.wait_for_selector("text=non è una classifica")
    check_access(page)
    page.get_by_role("link", name="Avvisi", exact=True).click()
    page.wait_for_selector("text=Se ne parla presto")
    check_access(page)


def test_a_result_becomes_a_clip_and_one_that_cannot_be_is_said(
    visit: Visit, evening: Sitting, check_access: Check
) -> None:
    visit.expected = ("422",)
    page = visit.go("/pero/archivio/?q=sempione")
    check_access(page)
    page.locator(".re-hit a", has_text="Ritaglia").click()
    page.wait_for_selector("[role=alert]")  # the sitting of the test has no pictures
    assert page.input_value("#da") == "0:02:02"
    check_access(page)


@contextmanager
def other_site(html: str) -> Iterator[str]:
    """Serve a page from an address that is not ours."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_the_player_for_other_sites_is_a_picture_and_its_source(
    visit: Visit, evening: Sitting, check_access: Check
) -> None:
    visit.expected = ("404",)  # the sitting of the test has no pictures
    page = visit.go(f"/pero/sedute/{evening.uid}/incorpora/?t=122")
    assert page.locator("video").get_attribute("controls") is not None
    check_access(page)
    html = f'<iframe src="{visit.origin}/pero/sedute/{evening.uid}/incorpora/"></iframe>'
    with other_site(html) as address:
        page.goto(address)
        assert "Consiglio comunale" in page.frame_locator("iframe").locator("a").inner_text()
    visit.foreign.clear()  # the other site itself
