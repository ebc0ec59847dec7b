"""The regia: what it shows of a sitting on air, and what it does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from stage import Stage, healthy, speech, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting


@pytest.fixture
def regia(operator: Visit, stage: Stage, open_sitting: Sitting) -> Page:
    """Return the regia of a sitting on air where all is well."""
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(9))
    stage.status(open_sitting.uid, healthy())
    page = operator.go(f"/regia/pero/{open_sitting.uid}/")
    until(page, tile("signal", "In onda"))
    return page


def tile(name: str, value: str) -> str:
    """Return the question whether a tile shows a value."""
    return (
        f"document.querySelector('[data-tile={name}] [data-part=value]').textContent === '{value}'"
    )


def level(page: Page, name: str) -> str | None:
    """Return how serious a tile is."""
    return page.locator(f"[data-tile={name}]").get_attribute("data-level")


def test_healthy_sitting_in_words(regia: Page) -> None:
    texts = regia.locator(".rg-tiles").inner_text()
    for words in ("In onda", "Buono", "45:12", "2,4 s", "41 ore", "di spazio ancora", "37"):
        assert words in texts
    facts = regia.locator(".rg-facts").inner_text()
    for words in ("1280×720, avc1.64001f", "25,0 al secondo", "2580 kbit/s", "ogni 2,0 s"):
        assert words in facts
    assert regia.locator("[data-part=warnings]").inner_text() == "Tutto regolare."
    assert "Bonfanti" in regia.locator("[data-part=heard]").inner_text()
    until(regia, "preview.currentTime > 0.3 && preview.muted")


TROUBLES: list[tuple[dict[str, Any], str, str]] = [
    ({"signal": "lost"}, "signal", "bad"),
    ({"signal": "waiting", "video": None, "audio": None}, "signal", "idle"),
    ({"audio": {"codec": "opus", "level_db": -60, "peak_db": -50, "silent_s": 30}}, "audio", "bad"),
    ({"audio": {"codec": "opus", "level_db": -50, "peak_db": -40, "silent_s": 0}}, "audio", "warn"),
    ({"audio": {"codec": "opus", "level_db": -9, "peak_db": -0.1, "silent_s": 0}}, "audio", "warn"),
    ({"audio": None}, "audio", "bad"),
    ({"captions": {"alive": False, "model": ""}}, "captions", "warn"),
    (
        {"captions": {"alive": True, "model": "m", "delay_mean_s": 4, "delay_p95_s": 9}},
        "captions",
        "warn",
    ),
]


def test_each_trouble_is_said_in_its_own_place(
    regia: Page, stage: Stage, open_sitting: Sitting
) -> None:
    for change, name, wanted in TROUBLES:
        stage.status(open_sitting.uid, healthy(**change))
        until(regia, f"document.querySelector('[data-tile={name}]').dataset.level === '{wanted}'")


def test_disk_and_recording(regia: Page, stage: Stage, open_sitting: Sitting) -> None:
    status = healthy()
    status["recording"].update(is_writing=False, disk_left_s=1200)
    stage.status(open_sitting.uid, status)
    until(regia, tile("disk", "20 minuti"))
    assert level(regia, "disk") == "bad"
    assert level(regia, "recording") == "bad"
    assert "Non registra" in regia.locator("[data-tile=recording]").inner_text()


def test_rare_key_frames_come_with_their_remedy(
    regia: Page, stage: Stage, open_sitting: Sitting
) -> None:
    status = healthy()
    status["video"]["keyframe_interval_s"] = 10.0
    warning = {"code": "keyframes", "level": "error", "message": "Intervallo 10 s", "remedy": "2 s"}
    stage.status(open_sitting.uid, {**status, "warnings": [warning]})
    until(regia, "document.querySelector('[data-fact=keyframe]').dataset.level === 'bad'")
    assert "impostare 2 s" in regia.locator("[data-fact=keyframe]").inner_text()
    assert "Intervallo 10 s" in regia.locator("[data-part=warnings]").inner_text()


def test_line_to_the_studio_that_breaks_is_said(regia: Page, operator: Visit, stage: Stage) -> None:
    operator.expected = ("503",)
    stage.drop(is_down=True)
    until(regia, "!document.querySelector('[data-part=line]').hidden")
    stage.drop(is_down=False)
    until(regia, "document.querySelector('[data-part=line]').hidden", within_s=20)


def test_key_is_shown_once(regia: Page) -> None:
    regia.keyboard.press("n")
    regia.keyboard.type("OBS in sala")
    regia.keyboard.press("Enter")
    regia.wait_for_selector("#copy-key")
    key = regia.locator("#copy-key").inner_text()
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{32}", key)
    assert regia.locator("#copy-server").inner_text().startswith("rtmp://127.0.0.1:")
    regia.goto(regia.url.removesuffix("chiavi/"))
    assert key not in regia.content()
    assert key[:8] in regia.content()


def test_key_is_revoked(regia: Page) -> None:
    regia.fill("#id_label", "OBS in sala")
    regia.click("text=Crea chiave")
    regia.locator(".rg-keys button").click()
    regia.wait_for_selector(".rg-keys__void")
    assert "Chiave «OBS in sala» revocata." in regia.content()


def test_sitting_is_opened_and_closed_with_the_keyboard(
    operator: Visit, stage: Stage, demo_sitting: Sitting
) -> None:
    """Closing asks first, and the safe answer has the focus."""
    page = operator.go(f"/regia/pero/{demo_sitting.uid}/")
    page.keyboard.press("o")
    page.wait_for_selector("text=Seduta aperta")
    page.keyboard.press("c")
    page.wait_for_selector("#close-dialog[open]")
    page.keyboard.press("Enter")
    demo_sitting.refresh_from_db()
    assert demo_sitting.state == "open"
    page.keyboard.press("c")
    page.click("#close-dialog button[type=submit]")
    page.wait_for_selector("text=Seduta chiusa")
    demo_sitting.refresh_from_db()
    assert demo_sitting.state == "closed"


def test_sitting_is_prepared_from_the_desk(operator: Visit) -> None:
    page = operator.go("/regia/")
    page.fill("#id_title", "Consiglio comunale del 3 marzo")
    page.fill("#id_scheduled_at", "2027-03-03T20:30")
    page.click(".ar-card button")
    page.wait_for_url("**/regia/pero/*/")
    assert page.locator("h1").inner_text() == "Consiglio comunale del 3 marzo"


def test_theme_is_chosen_and_kept(regia: Page) -> None:
    before = regia.evaluate("getComputedStyle(document.body).backgroundColor")
    regia.keyboard.press("g")
    after = regia.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after
    regia.reload()
    assert regia.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_this_computers_camera_is_a_source(regia: Page, operator: Visit, stage: Stage) -> None:
    """The hello carries a key made for it and what is sent; fragments of MP4 follow."""
    if not regia.evaluate("MediaRecorder.isTypeSupported('video/mp4;codecs=\"avc1.42E01F,opus\"')"):
        regia.keyboard.press("t")
        until(
            regia,
            "document.querySelector('[data-part=camera-state]').textContent.includes('H.264')",
        )
        return
    regia.context.grant_permissions(["camera", "microphone"])
    regia.keyboard.press("t")
    until(
        regia,
        "document.querySelector('[data-part=camera]').getAttribute('aria-pressed') === 'true'",
    )
    for _ in range(100):
        if stage.camera_bytes > 20_000:
            break
        regia.wait_for_timeout(100)
    assert stage.camera_bytes > 20_000
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{32}", stage.camera_hello["key"])
    assert stage.camera_hello["mime"].startswith("video/mp4")
    regia.keyboard.press("t")
    until(
        regia,
        "document.querySelector('[data-part=camera-state]').textContent === 'Telecamera spenta'",
    )
