"""Every public page of the address table, in Chromium: no axe violation, no stranger, no complaint.

The table is walked, so that a page that is added is looked at without anybody remembering to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLResolver, get_resolver
from signed_delibera import put_up, signed_delibera
from visit import Visit

from arengo.council.queries.people import today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

# A receipt needs its notice's own token (tests/browser/test_council_agenda.py); the interface and
# the catalogues are no pages; the overlay is drawn over video (tests/browser/test_hall.py); the
# clip and the recording need a video (test_public_record.py, test_player.py).
ELSEWHERE = {
    "council:receipt",
    "council:overlay",
    "council:document",
    "record:clip",
    "web:sign_out",
}
WIDTHS = ((320, 640), (1440, 900))


def _public(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and address, with its holes, of everything that anyone may open."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _public(pattern, address, pattern.namespace or space)
        elif getattr(pattern.callback, "access_rule", "") == "public":
            yield f"{space}:{pattern.name}", address


def _filled(address: str, values: dict[str, str]) -> str | None:
    """Return the address of one thing; None where there is nothing to fill a hole with."""
    for part in [one.partition(">")[0] for one in address.split("<")[1:]]:
        name = part.rpartition(":")[2]
        if name not in values:
            return None
        address = address.replace(f"<{part}>", values[name])
    return f"/{address}"


@pytest.fixture
def values(pero: Comune, make_sitting: Callable[..., Sitting]) -> dict[str, str]:
    """Return what fills the holes: a closed sitting with a delibera on the albo."""
    line = signed_delibera(pero, make_sitting)
    put_up(pero, line, today())
    member = _a_member(pero)
    return {
        **{"slug": "pero", "uid": line.sitting.uid, "person_id": member},
        **{"year": str(line.year), "number": str(line.number)},
    }


def _a_member(comune: Comune) -> str:
    from arengo.council.queries.people import council_on

    return str(council_on(comune=comune, day=today())[0].person.pk)


def test_every_public_page_is_for_everyone(
    visit: Visit, values: dict[str, str], client: Any, faults: Callable[[Page], list[str]]
) -> None:
    visit.expected = ("503", "404")  # the studio behind the stage has no recording of it
    seen, wrong = [], []
    for name, address in _public(get_resolver()):
        path = _filled(address, values)
        if path is None or name in ELSEWHERE or path.startswith("/api/"):
            continue
        answer = client.get(path)
        kind = answer.headers["Content-Type"]
        answer.close()  # a file is read from the disk as it goes
        if answer.status_code == 405 or not kind.startswith("text/html"):
            continue
        waits = name == "record:year_file"  # the page that says the file is being made
        assert answer.status_code == (503 if waits else 200), (name, path, answer.status_code)
        wrong += faults(visit.go(path))
        seen.append(name)
    assert wrong == []
    assert len(seen) >= 15, seen
    assert {"web:home", "record:open_data", "record:open_data_comune", "record:archive"} <= set(
        seen
    )


@pytest.fixture
def faults(axe_source: str) -> Callable[[Page], list[str]]:
    """Return a look at a page at two widths: sideways scroll, headings, violations."""

    def look(page: Page) -> list[str]:
        found = []
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            told = [f"scrolls sideways: {wide}"] if wide > width else []
            told += [] if page.locator("h1").count() == 1 else ["has not one h1"]
            told += _violations(page, axe_source)
            found += [f"{page.url} at {width}: {one}" for one in told]
        return found

    return look


def _violations(page: Page, source: str) -> list[str]:
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(source)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", rules)
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]


def test_the_table_knows_what_is_looked_at_elsewhere() -> None:
    """A name that is no more must not hide a page that is."""
    assert set(ELSEWHERE) <= {name for name, _ in _public(get_resolver())}
