"""Save a picture of every page in every state to `docs/screenshots/`.

    python scripts/shots.py [name…]      only those whose name begins so

The pages are the real ones over a database of their own; the studio behind them is
the one of the browser tests, which reaches any state at will.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "support")]
os.environ["ARENGO_DATA"] = tempfile.mkdtemp(prefix="arengo-shots-")
os.environ["DJANGO_SETTINGS_MODULE"] = "arengo.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from stage import Stage, healthy, make_clip, until  # noqa: E402

from arengo.council.models import Sitting  # noqa: E402
from arengo.kernel import clock  # noqa: E402
from arengo.kernel.access import get_comune  # noqa: E402
from arengo.kernel.models import Membership, Role, User  # noqa: E402
from arengo.live import operations  # noqa: E402
from arengo.live.demo.reference import CLIP, load_reference  # noqa: E402
from arengo.live.engine.captions import cut, layout, timed  # noqa: E402
from arengo.live.engine.words import Word  # noqa: E402

if TYPE_CHECKING:
    from arengo.kernel.models import Comune

OUT = ROOT / "docs" / "screenshots"
WIDE, TABLET, PHONE = (1440, 900), (768, 1024), (320, 640)
CHROMIUM = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
]


SPEECH_FROM_S = 67  # of the demonstration's clip: an assessor explains, with figures


def speech(until_s: float = 40) -> list[dict[str, Any]]:
    """Return the captions of that part of the clip, timed from its beginning."""
    spoken = [word for turn in load_reference().turns for word in turn.words]
    words = [Word(one.start - SPEECH_FROM_S, one.end - SPEECH_FROM_S, one.word) for one in spoken]
    groups = cut([word for word in words if 0 <= word.start < until_s])
    times = timed(groups, 0)
    return [
        {"id": f"d.{n}", "rev": 0, "final": True, "lines": layout(group), "start": a, "end": b}
        for n, (group, (a, b)) in enumerate(zip(groups, times, strict=True))
    ]


class Quiet(WSGIRequestHandler):
    """Serve without a line a request."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class World:
    """What the pictures are taken of."""

    stage: Stage
    comune: Comune
    person: User
    sittings: dict[str, Sitting]


@contextmanager
def world() -> Iterator[World]:
    """Fill a database, start the pages and the studio."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from arengo.wsgi import application

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    clip = Path(os.environ["ARENGO_DATA"]) / "clip"
    make_clip(clip, ("-ss", str(SPEECH_FROM_S), "-t", "40", "-i", str(CLIP)))
    stage = Stage(f"http://127.0.0.1:{server.server_port}", clip).start()
    try:
        yield _fill(stage)
    finally:
        stage.stop()
        server.shutdown()


def _fill(stage: Stage) -> World:
    comune = get_comune("pero")
    person = User.objects.create_user("anna@example.org", "Anna Riva", "una parola lunga")
    Membership.across.create(comune=comune, user=person, role=Role.SEGRETARIO)
    names = ("before", "waiting", "live", "lost", "low", "closed", "short")
    sittings = {name: _sitting(comune, name, days) for days, name in enumerate(names)}
    for name in names[1:]:
        operations.open_broadcast(comune=comune, sitting=sittings[name], by=person)
    for name in ("closed", "short"):
        operations.close_broadcast(comune=comune, sitting=sittings[name], by=person)
    operations.issue_stream_key(
        comune=comune, sitting=sittings["live"], label="OBS in sala consiliare", by=person
    )
    return World(stage, comune, person, sittings)


def _sitting(comune: Comune, name: str, days: int) -> Sitting:
    evening = clock.now().astimezone(UTC).replace(hour=19, minute=30, second=0, microsecond=0)
    when = evening + timedelta(days=2) if name == "before" else evening - timedelta(days=7 * days)
    titles = {"before": "Consiglio comunale di dicembre: bilancio di previsione 2027-2029"}
    return operations.prepare_broadcast(
        comune=comune,
        title=titles.get(name, "Consiglio comunale: variazione di bilancio e raccolta dei rifiuti"),
        scheduled_at=when,
        by=None,
        is_demo=True,
    )


@dataclass(frozen=True)
class Shot:
    """One picture: where, how wide, and what happens before it."""

    name: str
    path: str
    act: Callable[[Page, World], None] = lambda page, world: None
    sizes: tuple[tuple[int, int], ...] = (WIDE, PHONE)
    signed_in: bool = False
    dark: bool = False
    full: bool = True


def shots(world: World) -> list[Shot]:
    """Return all of them."""
    path = {name: f"/pero/sedute/{one.uid}/" for name, one in world.sittings.items()}
    regia = {name: f"/regia/pero/{one.uid}/" for name, one in world.sittings.items()}
    return [
        Shot("home", "/"),
        Shot("home-en", "/en/", sizes=(WIDE,)),
        Shot("home-nothing-found", "/?nome=zzz", sizes=(WIDE,)),
        Shot("comune", "/pero/"),
        Shot("comune-empty", "/rho/"),
        Shot("sitting-before", path["before"], sizes=(WIDE, TABLET, PHONE)),
        Shot("sitting-waiting", path["waiting"], _play("waiting", "waiting")),
        Shot("sitting-live", path["live"], _play("live", "live"), sizes=(WIDE, TABLET, PHONE)),
        Shot("sitting-lost", path["lost"], _lost),
        Shot("sitting-low", path["low"], _low),
        Shot("sitting-unreachable", path["waiting"], _unreachable, sizes=(WIDE,)),
        Shot(
            "sitting-closed", path["closed"], _play("closed", "closed"), sizes=(WIDE, TABLET, PHONE)
        ),
        Shot("sitting-empty", path["short"], _nothing_recorded),
        Shot("sitting-help", path["closed"], _help, sizes=(WIDE,), full=False),
        Shot("captions", path["live"] + "sottotitoli/", _captions, full=False),
        Shot("captions-before", path["before"] + "sottotitoli/", sizes=(WIDE,), full=False),
        Shot("captions-hold", path["live"] + "sottotitoli/", _hold, sizes=(WIDE,), full=False),
        Shot("sign-in", "/accedi/"),
        Shot("desk", "/regia/", signed_in=True),
        Shot(
            "regia-before",
            regia["before"],
            _status(
                "before", healthy(signal="waiting", source=None, video=None, audio=None, viewers=0)
            ),
            signed_in=True,
        ),
        Shot(
            "regia-live",
            regia["live"],
            _status("live", healthy()),
            sizes=(WIDE, TABLET, PHONE),
            signed_in=True,
        ),
        Shot(
            "regia-dark",
            regia["live"],
            _status("live", healthy()),
            signed_in=True,
            dark=True,
            sizes=(WIDE,),
        ),
        Shot("regia-trouble", regia["lost"], _status("lost", _troubled()), signed_in=True),
        Shot("regia-key", regia["live"], _new_key, signed_in=True, sizes=(WIDE, PHONE)),
        Shot("regia-close", regia["live"], _ask_close, signed_in=True, sizes=(WIDE,), full=False),
        Shot("error-404", "/pero/sedute/nessuna/"),
        Shot("privacy", "/privacy/", sizes=(WIDE,)),
        Shot("accessibility", "/accessibilita/", sizes=(WIDE, PHONE)),
    ]


def _play(name: str, signal: str) -> Callable[[Page, World], None]:
    def act(page: Page, world: World) -> None:
        uid = world.sittings[name].uid
        if signal == "closed":
            world.stage.started.setdefault(uid, world.stage.loop.time() - 100)
        if signal == "live":
            world.stage.started[uid] = world.stage.loop.time() - 31  # the clip has forty seconds
        world.stage.state(uid, "closed" if signal == "closed" else "open", signal)
        if signal in ("live", "closed"):
            world.stage.say(uid, *speech(40 if signal == "closed" else 29))
            until(page, "video.readyState >= 2")
        if signal == "live":
            until(page, "video.currentTime > 1 && arengo.captions.track.activeCues.length")

    return act


def _lost(page: Page, world: World) -> None:
    _play("lost", "live")(page, world)
    world.stage.state(world.sittings["lost"].uid, "open", "lost")
    page.wait_for_selector("#sitting[data-phase=lost]")


def _low(page: Page, world: World) -> None:
    uid = world.sittings["low"].uid
    page.select_option("#mode", "low")
    world.stage.state(uid, "open", "live")
    world.stage.say(uid, *speech(6))
    until(page, "video.currentTime > 0.5")
    world.stage.hear(uid, "la variazione di bilancio per la")
    until(page, "rolling.textContent.includes('variazione di bilancio')")


def _unreachable(page: Page, world: World) -> None:
    world.stage.drop(is_down=True)
    page.wait_for_selector("#trouble:not([hidden])", timeout=15_000)
    world.stage.drop(is_down=False)


def _nothing_recorded(page: Page, world: World) -> None:
    world.stage.state(world.sittings["short"].uid, "closed", "closed")
    page.wait_for_selector("#sitting[data-phase=empty]")


def _help(page: Page, world: World) -> None:
    _play("closed", "closed")(page, world)
    page.keyboard.press("?")


def _captions(page: Page, world: World) -> None:
    uid = world.sittings["live"].uid
    world.stage.state(uid, "open", "live")
    world.stage.say(uid, *speech(12))
    page.wait_for_selector("#words p")
    world.stage.hear(uid, "illustra l’assessora")


def _hold(page: Page, world: World) -> None:
    page.select_option("#hallWay", "hold")
    page.select_option("#hallContrast", "yellow")
    page.click("#hallHide")
    page.wait_for_timeout(1600)
    world.stage.say(
        world.sittings["live"].uid,
        {**speech(12)[-1], "id": f"h{page.viewport_size['width'] if page.viewport_size else 0}"},
    )
    page.wait_for_selector("#words p")


def _status(name: str, status: dict[str, Any]) -> Callable[[Page, World], None]:
    def act(page: Page, world: World) -> None:
        uid = world.sittings[name].uid
        sitting = "prepared" if name == "before" else "open"
        world.stage.state(uid, sitting, "live" if status["signal"] == "lost" else status["signal"])
        world.stage.state(uid, sitting, status["signal"])
        if status["signal"] != "waiting":
            world.stage.say(uid, *speech(10))
        world.stage.status(uid, status)
        until(page, "document.querySelector('[data-tile=signal] p').textContent != '—'")
        if status["signal"] == "live":
            until(page, "preview.currentTime > 0.3")

    return act


def _troubled() -> dict[str, Any]:
    status = healthy(signal="lost", viewers=1)
    status["video"]["keyframe_interval_s"] = 10.0
    status["audio"].update(level_db=-62.0, peak_db=-55.0, silent_s=48.0)
    status["captions"].update(delay_mean_s=5.1, delay_p95_s=9.2)
    status["recording"].update(disk_left_s=1500, disk_free_bytes=480_000_000)
    status["warnings"] = [
        {
            "code": "signal-lost",
            "level": "error",
            "message": "Il codificatore non invia più nulla da 14 s.",
            "remedy": "Controllare la rete della sala e che il codificatore stia trasmettendo: riprende da solo.",
        },
        {
            "code": "keyframes",
            "level": "error",
            "message": "Intervallo fotogrammi chiave 10 s: i cittadini vedono in ritardo.",
            "remedy": "Nell’encoder impostare l’intervallo fotogrammi chiave a 2 s.",
        },
        {
            "code": "disk-low",
            "level": "warning",
            "message": "Spazio su disco per 25 minuti.",
            "remedy": "Liberare spazio sul disco prima che la registrazione si fermi.",
        },
    ]
    return status


def _new_key(page: Page, world: World) -> None:
    page.fill("#id_label", "OBS in sala consiliare")
    page.click("text=Crea chiave")
    page.wait_for_selector("#copy-key")
    _status("live", healthy())(page, world)


def _ask_close(page: Page, world: World) -> None:
    _status("live", healthy())(page, world)
    page.keyboard.press("c")
    page.wait_for_selector("#close-dialog[open]")


def take(browser: Browser, world: World, shot: Shot) -> None:
    """Save the picture of one state at each of its sizes."""
    for width, height in shot.sizes:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="it-IT",
            timezone_id="Europe/Rome",
            color_scheme="dark" if shot.dark else "light",
        )
        page = context.new_page()
        page.on("pageerror", lambda error: print("  page error:", error))
        page.on(
            "console",
            lambda line: print("  console:", line.text[:200]) if line.type == "error" else None,
        )
        if shot.signed_in:
            _sign_in(page, world)
        page.goto(world.stage.url + shot.path)
        try:
            shot.act(page, world)
        except Exception as error:
            print("  ", shot.name, width, error)
        page.wait_for_timeout(300)
        page.screenshot(path=OUT / f"{shot.name}-{width}.png", full_page=shot.full)
        context.close()


def _sign_in(page: Page, world: World) -> None:
    page.goto(world.stage.url + "/accedi/")
    page.fill("#id_username", world.person.email)
    page.fill("#id_password", "una parola lunga")
    page.click("main button[type=submit]")
    page.wait_for_url("**/regia/")


def main() -> None:
    """Take them all, or those named."""
    OUT.mkdir(parents=True, exist_ok=True)
    wanted = tuple(sys.argv[1:])
    with sync_playwright() as playwright, world() as made:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for shot in shots(made):
            if not wanted or shot.name.startswith(wanted):
                print(shot.name)
                take(browser, made, shot)
        browser.close()


if __name__ == "__main__":
    main()
