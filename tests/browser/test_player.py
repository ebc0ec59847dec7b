"""What a citizen sees and does on the page of a sitting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from stage import Stage, cue, speech, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from arengo.council.models import Sitting

ACTIVE = "[...arengo.captions.track.activeCues].map((one) => one.text).join('|')"
PLAYING = "arengo.phase === 'live' && video.currentTime > 0.5 && !video.paused"


@pytest.fixture
def live(visit: Visit, stage: Stage, open_sitting: Sitting) -> Page:
    """Return the page of a sitting that has been on air for twelve seconds."""
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(12))
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(page, PLAYING)
    return page


@pytest.fixture
def recorded(visit: Visit, stage: Stage, closed_sitting: Sitting) -> Page:
    """Return the page of a sitting that is over."""
    stage.started[closed_sitting.uid] = stage.loop.time() - 100
    stage.state(closed_sitting.uid, "closed", "closed")
    stage.say(closed_sitting.uid, *speech())
    page = visit.go(f"/pero/sedute/{closed_sitting.uid}/")
    until(
        page, "arengo.phase === 'closed' && video.readyState >= 2 && arengo.list.cues.length > 12"
    )
    return page


def test_page_goes_from_before_to_on_demand_without_a_reload(
    visit: Visit, stage: Stage, demo_sitting: Sitting
) -> None:
    uid = demo_sitting.uid
    page = visit.go(f"/pero/sedute/{uid}/")
    page.evaluate("window.isSame = true")
    until(page, "arengo.phase === 'before' && countdown.textContent.length > 5")
    stage.state(uid, "open", "waiting")
    until(page, "arengo.phase === 'waiting'")
    stage.state(uid, "open", "live")
    stage.say(uid, *speech(12))
    until(page, PLAYING)
    assert page.locator("[data-part=badge]").inner_text() == "In diretta"
    stage.state(uid, "closed", "closed")
    until(page, "arengo.player.source === 'recording' && video.readyState >= 2", within_s=25)
    assert page.locator("[data-part=badge]").inner_text() == "Conclusa"
    assert page.locator("#downloads a").count() == 5
    assert page.evaluate("window.isSame && video.paused && !controls.hidden")
    assert page.evaluate("arengo.player.range.start") == 0


def test_captions_are_on_the_picture_they_belong_to(live: Page) -> None:
    """At each moment the caption shown is the one whose sitting time it is."""
    script = f"""() => {{
        const time = arengo.player.time;
        const due = arengo.list.cues.filter((one) => one.start <= time && time < one.end);
        return {{ shown: {ACTIVE}, due: due.map((one) => one.lines.join('\\n')).join('|'),
            edge: Math.min(...arengo.list.cues.flatMap((one) => [one.start, one.end])
                .map((moment) => Math.abs(moment - time))) }};
    }}"""
    seen = set()
    for _ in range(40):
        now = live.evaluate(script)
        if now["edge"] > 0.3:  # the browser updates active cues four times a second
            assert now["shown"] == now["due"]
            seen.add(now["shown"])
        live.wait_for_timeout(100)
    assert len(seen - {""}) >= 2


def test_page_plays_a_hold_back_behind_the_hall(live: Page) -> None:
    until(live, "Math.abs(arengo.player.latency - 5.5) < 1.2")
    live.select_option("#mode", "low")
    until(live, "arengo.player.latency < 3.5 && arengo.captions.track.mode === 'hidden'")


def test_low_latency_rolls_captions_under_the_picture(
    live: Page, stage: Stage, open_sitting: Sitting
) -> None:
    live.select_option("#mode", "low")
    stage.say(open_sitting.uid, cue(900, 39, "Ultima riga detta."))
    stage.hear(open_sitting.uid, "e ancora non finita")
    until(live, "!rolling.hidden && rolling.textContent.includes('e ancora non finita')")
    assert "Ultima riga detta." in live.locator("#rolling").inner_text()


def test_lost_signal_is_said_and_what_is_left_is_stretched(
    live: Page, stage: Stage, open_sitting: Sitting
) -> None:
    stage.state(open_sitting.uid, "open", "lost")
    until(live, "arengo.phase === 'lost' && video.playbackRate === 0.85")
    assert "il video riprende da solo" in live.locator("#trouble").inner_text()
    stage.state(open_sitting.uid, "open", "live")
    until(live, "arengo.phase === 'live' && trouble.hidden && video.playbackRate !== 0.85")


def test_studio_that_dies_is_said_and_found_again(
    live: Page, visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    visit.expected = ("503",)
    stage.drop(is_down=True)
    until(live, "!trouble.hidden && trouble.textContent.includes('non risponde')")
    stage.drop(is_down=False)
    stage.say(open_sitting.uid, cue(901, 20, "Siamo tornati."))
    until(live, "trouble.hidden && " + has_line("Siamo tornati."), within_s=20)


def test_revised_captions_take_the_place_of_the_old_ones(
    live: Page, stage: Stage, open_sitting: Sitting
) -> None:
    stage.say(open_sitting.uid, cue(950, 38, "Parla il consilier Riva.", final=False))
    until(live, has_line("consilier"))
    stage.say(open_sitting.uid, cue(950, 38, "Parla il consigliere Riva.", rev=1))
    until(live, has_line("consigliere Riva"))
    assert not live.evaluate(has_line("consilier"))
    stage.say(open_sitting.uid, cue(950, 38, rev=2))
    until(live, "!" + has_line("consigliere Riva"))


def has_line(text: str) -> str:
    """Return the question whether the transcript holds a text."""
    return f"document.querySelector('.ar-lines').textContent.includes('{text}')"


def test_line_of_the_transcript_leads_to_its_moment(recorded: Page) -> None:
    recorded.locator(".ar-lines button").nth(5).click()
    until(recorded, "Math.abs(arengo.player.time - 15.5) < 1")
    until(recorded, "document.querySelector('[aria-current=true]')?.dataset.time === '15.5'")


@pytest.mark.parametrize(("asked", "second"), [("#t=12", 12), ("#t=x", 0), ("#t=-4", 0)])
def test_the_address_opens_the_recording_at_a_second(
    visit: Visit, stage: Stage, closed_sitting: Sitting, asked: str, second: int
) -> None:
    stage.started[closed_sitting.uid] = stage.loop.time() - 100
    stage.state(closed_sitting.uid, "closed", "closed")
    stage.say(closed_sitting.uid, *speech())
    page = visit.go(f"/pero/sedute/{closed_sitting.uid}/{asked}")
    until(page, f"video.readyState >= 2 && Math.abs(arengo.player.time - {second}) < 1")


def test_line_before_the_live_window_opens_the_recording(
    visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    stage.window = 8
    stage.state(open_sitting.uid, "open", "live")
    stage.say(open_sitting.uid, *speech(12))
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(page, PLAYING + " && arengo.player.range.start > 1")
    page.locator(".ar-lines button").first.click()
    until(page, "arengo.player.source === 'recording' && Math.abs(arengo.player.time - 0.5) < 1.5")
    page.locator("[data-part=live]").click()
    until(page, "arengo.player.source === 'live' && arengo.player.isFollowing")


def test_closed_sitting_without_a_recording_says_so(
    visit: Visit, stage: Stage, closed_sitting: Sitting
) -> None:
    visit.expected = ("404",)
    stage.state(closed_sitting.uid, "closed", "closed")
    page = visit.go(f"/pero/sedute/{closed_sitting.uid}/")
    page.wait_for_selector("text=Non c’è una registrazione")
    assert page.evaluate("controls.hidden && downloads.hidden && !arengo.player.source")


def test_first_picture_waits_for_its_hold_back(
    visit: Visit, stage: Stage, open_sitting: Sitting
) -> None:
    """Who is there when the sitting begins gets the hold-back at once, not by slow speech."""
    stage.state(open_sitting.uid, "open", "live")
    stage.started[open_sitting.uid] += 9  # three seconds of it are there
    page = visit.go(f"/pero/sedute/{open_sitting.uid}/")
    until(page, "video.playbackRate === 0.0625")
    until(page, "video.playbackRate === 1 && Math.abs(arengo.player.latency - 5.5) < 0.7")


def test_search_keeps_the_lines_with_the_words(recorded: Page) -> None:
    """Case and accents do not matter; Enter goes to the first line found."""
    recorded.fill("#search", "FACOLTA bonfanti")
    assert recorded.locator(".ar-lines li:visible").count() == 2
    assert recorded.locator("[data-part=found]").inner_text() == "2 righe trovate"
    recorded.press("#search", "Enter")
    until(recorded, "Math.abs(arengo.player.time - 15.5) < 1")


KEYS: list[tuple[str, str]] = [
    ("k", "!video.paused"),
    ("k", "video.paused"),
    ("5", "Math.abs(arengo.player.time - 20) < 1.5"),
    ("ArrowRight", "Math.abs(arengo.player.time - 25) < 1.5"),
    ("l", "Math.abs(arengo.player.time - 35) < 1.5"),
    ("j", "Math.abs(arengo.player.time - 25) < 1.5"),
    ("ArrowLeft", "Math.abs(arengo.player.time - 20) < 1.5"),
    ("m", "video.muted"),
    ("m", "!video.muted"),
    ("ArrowDown", "Math.abs(video.volume - 0.9) < 0.01"),
    ("c", "arengo.captions.track.mode === 'hidden'"),
    ("c", "arengo.captions.track.mode === 'showing'"),
    ("0", "arengo.player.time < 1"),
    ("f", "document.fullscreenElement === player"),
    ("f", "!document.fullscreenElement"),
    ("?", "document.querySelector('dialog').open"),
]


def test_every_key_does_what_the_help_says(recorded: Page) -> None:
    for key, wanted in KEYS:
        recorded.keyboard.press(key)
        until(recorded, wanted)


def test_keys_can_be_turned_off(recorded: Page) -> None:
    # law: WCAG 2.1.4, character key shortcuts
    recorded.keyboard.press("?")
    recorded.locator("dialog [data-part=keys]").uncheck()
    recorded.keyboard.press("Escape")
    recorded.keyboard.press("m")
    recorded.keyboard.press("c")
    assert recorded.evaluate("!video.muted && arengo.captions.isOn")


def test_whole_page_is_reached_with_the_keyboard_alone(recorded: Page) -> None:
    """Tab walks over every control once, the transcript being a single stop."""
    recorded.evaluate("document.activeElement.blur()")
    stops: list[str] = []
    script = """() => { const one = document.activeElement;
        return one.dataset.part || one.name || one.id || one.textContent.trim().slice(0, 30); }"""
    for _ in range(60):
        recorded.keyboard.press("Tab")
        name = recorded.evaluate(script)
        if stops and name == stops[0]:
            break
        stops.append(name)
    assert stops[0] == "Vai al contenuto"
    controls = ["seek", "toggle", "back", "forward", "mute", "volume", "captions", "help", "full"]
    assert [one for one in stops if one in controls] == controls
    assert sum(one.startswith("0:") for one in stops) == 1
    for name in ("search", "follow", "speak", "captionSize", "rate"):
        assert name in stops


def test_arrows_walk_the_transcript(recorded: Page) -> None:
    recorded.locator(".ar-lines button").first.focus()
    recorded.keyboard.press("ArrowDown")
    recorded.keyboard.press("ArrowDown")
    recorded.keyboard.press("Enter")
    until(recorded, "Math.abs(arengo.player.time - 6.5) < 1")


def test_visitor_gets_no_cookie_and_choices_stay_in_the_browser(live: Page) -> None:
    live.select_option("#captionSize", "xl")
    live.reload()
    until(live, "player.dataset.captionSize === 'xl' && captionSize.value === 'xl'")
    assert live.context.cookies() == []


def test_without_javascript_there_is_a_way_in(
    browser: Browser, stage: Stage, open_sitting: Sitting
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    page.goto(f"{stage.url}/pero/sedute/{open_sitting.uid}/")
    link = page.get_by_role("link", name="Indirizzo della diretta")
    assert link.get_attribute("href") == f"/media/{open_sitting.uid}/plain.m3u8"
    context.close()


def test_closed_sitting_without_javascript_has_the_browsers_own_player(
    browser: Browser, stage: Stage, closed_sitting: Sitting
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    page = context.new_page()
    page.goto(f"{stage.url}/pero/sedute/{closed_sitting.uid}/")
    video = page.locator("noscript video, video[controls]").first
    assert video.get_attribute("src") == f"/media/{closed_sitting.uid}/recording.mp4"
    assert page.locator("#downloads a").count() == 5
    context.close()


def test_english_keeps_its_address_on_every_link(
    visit: Visit, closed_sitting: Sitting, make_sitting: Callable[..., Sitting]
) -> None:
    page = visit.go("/en/pero/")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator(".ar-row__title a").first.click()
    assert page.evaluate("location.pathname") == f"/en/pero/sedute/{closed_sitting.uid}/"


def test_visitor_without_network_finds_a_page_of_ours(visit: Visit, demo_sitting: Sitting) -> None:
    """Only that page is kept: a sitting is never an old copy."""
    visit.expected = ("ERR_INTERNET_DISCONNECTED",)
    page = visit.go("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto(f"{visit.origin}/pero/sedute/{demo_sitting.uid}/")
    assert page.locator("h1").inner_text() == "Il tuo dispositivo è senza rete"
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).backgroundColor") != ""
    page.context.set_offline(False)
    page.click("text=Riprova")
    page.wait_for_selector("#sitting")
