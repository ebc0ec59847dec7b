"""A browser, the real pages, and a studio that does as it is told.

The browser lives as long as a test file: Playwright keeps an event loop in this
thread, which tests of asyncio elsewhere could not bear.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from stage import Stage, make_clip
from visit import Visit

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune, User

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--autoplay-policy=no-user-gesture-required", "--disable-dev-shm-usage"),
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the loop of Playwright runs in this thread


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives the browser: all of it takes longer than a quarter of a second."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker("slow")


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the drawn test video."""
    folder = tmp_path_factory.mktemp("clip")
    make_clip(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing: apt-get install -y chromium")
    if not (ROOT / "src/arengo/web/static/vendor/hls/hls.min.js").exists():
        pytest.fail("The pages' assets are missing: npm ci && node scripts/assets.mjs")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def stage(live_server: LiveServer, clip: Path) -> Iterator[Stage]:
    """Return one origin with the pages and the studio behind it."""
    made = Stage(live_server.url, clip).start()
    yield made
    made.stop()


@pytest.fixture
def visit(browser: Browser, stage: Stage) -> Iterator[Visit]:
    """Return a visitor's empty browser; at the end nothing foreign or wrong was seen."""
    context = browser.new_context(
        locale="it-IT", timezone_id="Europe/Rome", viewport={"width": 1440, "height": 900}
    )
    made = Visit(context.new_page(), stage.url)
    made.page.on("request", made.request)
    made.page.on("console", made.console)
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
    assert made.foreign == []
    assert made.complaints == []


@pytest.fixture
def operator(visit: Visit, anna: User) -> Visit:
    """Return the same browser, with Anna, segretaria of Pero, signed in."""
    page = visit.go("/accedi/")
    page.fill("#id_username", anna.email)
    page.fill("#id_password", "una parola lunga")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regia/")
    return visit


@pytest.fixture
def demo_sitting(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a prepared sitting whose people are invented."""
    return make_sitting(pero, title="Variazione di bilancio e raccolta dei rifiuti", is_demo=True)


@pytest.fixture
def open_sitting(pero: Comune, demo_sitting: Sitting) -> Sitting:
    """Return a sitting under way."""
    from arengo.live.operations import open_broadcast

    return open_broadcast(comune=pero, sitting=demo_sitting, by=None)


@pytest.fixture
def closed_sitting(pero: Comune, open_sitting: Sitting) -> Sitting:
    """Return a sitting that is over."""
    from arengo.live.operations import close_broadcast

    return close_broadcast(comune=pero, sitting=open_sitting, by=None)


@pytest.fixture(scope="session")
def axe_source() -> str:
    """Return the accessibility checker, from npm's lock file."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.fail("axe-core is missing: npm ci")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def check_access(axe_source: str) -> Callable[[Page], None]:
    """Return a check of the page as it is now, at three widths."""

    def check(page: Page) -> None:
        for width, height in ((320, 640), (768, 1024), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"scrolls sideways at {width}: {wide}, {_widest(page)}"
            assert _violations(page, axe_source) == [], f"at {width}"

    return check


# A colour halfway through a transition is nobody's colour: the checker waits for the last one.
STILL = """() => Promise.all(document.getAnimations()
    .filter((one) => one instanceof CSSTransition)
    .map((one) => one.finished.catch(() => null)))"""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def _violations(page: Page, source: str) -> list[dict[str, Any]]:
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(source)
    page.evaluate(STILL)
    found = page.evaluate("(rules) => axe.run(document, {runOnly: rules})", RULES)
    return [
        {"rule": one["id"], "nodes": [node["html"][:160] for node in one["nodes"]]}
        for one in found["violations"]
    ]


def _widest(page: Page) -> list[str]:
    script = """() => [...document.body.querySelectorAll('*')]
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))
