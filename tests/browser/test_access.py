"""Every page, in every state, at 320, 768 and 1440 points: no axe violation, no sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import pytest
from stage import Stage, healthy, speech, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting

Check = Callable[["Page"], None]


PAGES = ["/", "/en/", "/?nome=zzz", "/pero/", "/rho/", "/accedi/", "/privacy/", "/accessibilita/"]


def test_pages_of_the_installation(
    visit: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    for path in [*PAGES, "/senza-rete/"]:
        check_access(visit.go(path))


def test_home_with_nothing_on_it(visit: Visit, check_access: Check) -> None:
    check_access(visit.go("/"))


def test_page_that_does_not_exist(visit: Visit, check_access: Check) -> None:
    visit.expected = ("404",)
    check_access(visit.go("/pero/sedute/nessuna/"))


def test_sign_in_refused(visit: Visit, check_access: Check) -> None:
    page = visit.go("/accedi/")
    page.fill("#id_username", "nessuno@example.org")
    page.fill("#id_password", "sbagliata")
    page.click("main button[type=submit]")
    page.wait_for_selector("[role=alert]")
    check_access(page)


def test_sitting_before_it_opens(visit: Visit, demo_sitting: Sitting, check_access: Check) -> None:
    page = visit.go(f"/pero/sedute/{demo_sitting.uid}/")
    until(page, "countdown.textContent.length > 5")
    check_access(page)


def test_sitting_waiting_for_its_signal(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check
) -> None:
    stage.state(open_sitting.uid, "open", "waiting")
    check_access(visit.go(f"/pero/sedute/{open_sitting.uid}/"))


@pytest.mark.parametrize("mode", ["sync", "low"])
def test_sitting_live(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check, mode: str
) -> None:
    page = _live(visit, stage, open_sitting)
    page.select_option("#mode", mode)
    check_access(page)


def test_sitting_whose_signal_is_lost(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check
) -> None:
    page = _live(visit, stage, open_sitting)
    stage.state(open_sitting.uid, "open", "lost")
    until(page, "sitting.dataset.phase === 'lost' && !trouble.hidden")
    check_access(page)


def test_sitting_with_the_studio_gone(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check
) -> None:
    visit.expected = ("503",)
    page = _live(visit, stage, open_sitting)
    stage.drop(is_down=True)
    until(page, "!trouble.hidden && trouble.textContent.includes('non risponde')")
    check_access(page)


def test_sitting_without_network(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check
) -> None:
    visit.expected = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    page = _live(visit, stage, open_sitting)
    page.context.set_offline(True)
    until(page, "!trouble.hidden && trouble.textContent.includes('senza rete')")
    check_access(page)


def test_sitting_on_demand(
    visit: Visit, stage: Stage, closed_sitting: Sitting, check_access: Check
) -> None:
    page = _recorded(visit, stage, closed_sitting)
    check_access(page)
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open]")
    check_access(page)


def test_full_page_captions(
    visit: Visit, stage: Stage, open_sitting: Sitting, check_access: Check
) -> None:
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(12))
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/sottotitoli/")
    page.wait_for_selector("#words p")
    for contrast in ("white", "yellow", "black", "cream"):
        page.select_option("#hallContrast", contrast)
        check_access(page)


def test_desk(operator: Visit, demo_sitting: Sitting, check_access: Check) -> None:
    check_access(operator.go("/regia/"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_regia(
    operator: Visit,
    stage: Stage,
    open_sitting: Sitting,
    check_access: Check,
    theme: Literal["light", "dark"],
) -> None:
    operator.page.emulate_media(color_scheme=theme)
    warning = {"code": "x", "level": "error", "message": "Che cosa", "remedy": "Che fare"}
    page = operator.go(f"/regia/pero/{open_sitting.uid}/")
    for signal, words in (("waiting", "In attesa"), ("live", "In onda"), ("lost", "Interrotto")):
        stage.state(open_sitting.uid, "open", signal)
        stage.status(open_sitting.uid, healthy(signal=signal, warnings=[warning]))
        until(page, f"document.querySelector('[data-tile=signal] p').textContent === '{words}'")
        check_access(page)


def test_regia_with_a_new_key_and_its_dialogs(
    operator: Visit, open_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/regia/pero/{open_sitting.uid}/")
    page.fill("#id_label", "OBS in sala")
    page.click("text=Crea chiave")
    page.wait_for_selector("#copy-key")
    check_access(page)
    for key, dialog in (("c", "close-dialog"), ("?", "keys-dialog")):
        page.keyboard.press(key)
        page.wait_for_selector(f"#{dialog}[open]")
        check_access(page)
        page.keyboard.press("Escape")


def _live(visit: Visit, stage: Stage, sitting: Sitting) -> Page:
    stage.state(sitting.uid, "open", "live")
    stage.say(sitting.uid, *speech(10))
    page = visit.go(f"/pero/sedute/{sitting.uid}/")
    until(page, "arengo.phase === 'live' && video.currentTime > 0.5")
    return page


def _recorded(visit: Visit, stage: Stage, sitting: Sitting) -> Page:
    stage.started[sitting.uid] = stage.loop.time() - 100
    stage.state(sitting.uid, "closed", "closed")
    stage.say(sitting.uid, *speech(30))
    page = visit.go(f"/pero/sedute/{sitting.uid}/")
    until(page, "arengo.phase === 'closed' && video.readyState >= 2")
    return page
