"""Save a picture of every page of the chamber to `docs/screenshots/`.

    python scripts/chamber_shots.py [name…]      only those whose name begins so

The demonstration's council holds its sitting in a database of its own, stopped at each moment
worth a picture; pages and rules are the real ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Browser, Page, sync_playwright
from shots import CHROMIUM, OUT, PHONE, TABLET, WIDE, World, speech, world

from arengo.council.models import AgendaItem, Person, Sitting
from arengo.council.operations.journal import record
from arengo.council.roll import read_roll
from arengo.kernel import clock
from arengo.kernel.models import Role
from arengo.kernel.people import add_member
from arengo.kernel.scope import scope
from arengo.live.demo.council import presses
from arengo.live.demo.reference import ROLL, load_reference
from arengo.live.rehearsal import _agenda, _rules_and_groups, press

HALL = (1920, 1080)
PASSWORD = "una parola lunga"  # noqa: S105 of the pictures' own people


@dataclass
class Chamber:
    """A council in the middle of its sitting; `pressed` keys of the demonstration so far."""

    world: World
    sitting: Sitting
    seat_email: str
    pressed: int = 0

    def until(self, moment_s: float) -> None:
        """Let the demonstration's clerk press keys up to a moment of the clip (s)."""
        began = clock.now() - timedelta(seconds=moment_s)
        for key in presses(load_reference())[self.pressed :]:
            if key.at_s > moment_s:
                break
            with clock.frozen(began + timedelta(seconds=key.at_s)):
                press(comune=self.world.comune, sitting=self.sitting, key=key)
            self.pressed += 1
        self.show()

    def show(self) -> None:
        """Give the stage the board as it is now."""
        from chamber import board_of

        self.world.stage.board(self.sitting.uid, board_of(self.sitting))


def prepared(made: World) -> Chamber:
    """Seat the demonstration's council and convene its sitting."""
    from arengo.council.operations import add_councillors

    comune = made.comune
    add_councillors(comune=comune, lines=read_roll(ROLL.read_text(encoding="utf-8")), by=None)
    _rules_and_groups(comune)
    sitting = made.sittings["waiting"]
    _agenda(comune, sitting)
    with scope(comune):
        person = Person.objects.get(family_name="Brambilla")
    email = "brambilla@example.org"
    user, _ = add_member(
        comune=comune, email=email, full_name=person.full_name, role=Role.CONSIGLIERE, by=None
    )
    user.set_password(PASSWORD)
    user.save()
    person.user = user
    person.save()
    assert AgendaItem.across.filter(sitting=sitting).count() == 2
    return Chamber(made, sitting, email)


@dataclass(frozen=True)
class Look:
    """A page to look at: who looks, at which sizes, after which keys."""

    name: str
    path: str
    who: str = ""  # "clerk", "seat", "" for anyone
    sizes: tuple[tuple[int, int], ...] = (WIDE,)
    act: Callable[[Page], None] = lambda page: None
    full: bool = True


def looks(chamber: Chamber) -> Iterator[tuple[float, tuple[Look, ...]]]:
    """Return what to look at, by moment of the clip (s)."""
    uid = chamber.sitting.uid
    staff = f"/consiglio/pero/sedute/{uid}/"
    console, seat, public = f"{staff}banco/", f"{staff}seggio/", f"/pero/sedute/{uid}/"
    all_three = (WIDE, TABLET, PHONE)
    yield (
        0,
        (
            Look("council-home", "/consiglio/pero/", "clerk"),
            Look("council-people", "/consiglio/pero/persone/", "clerk", (WIDE, PHONE)),
            Look("council-rules", "/consiglio/pero/regole/", "clerk", (WIDE, PHONE)),
            Look("agenda", f"{staff}odg/", "clerk", (WIDE, PHONE)),
            Look("convocation", f"{staff}convocazione/", "clerk", (WIDE, PHONE)),
            Look("console-before", console, "clerk"),
        ),
    )
    yield (
        40,
        (
            Look("console-roll", console, "clerk", (WIDE, PHONE)),
            Look("tabellone-roll", f"{public}tabellone/", sizes=(HALL,), full=False),
        ),
    )
    yield (
        135,
        (
            Look("console-floor", console, "clerk", all_three),
            Look(
                "console-keys",
                console,
                "clerk",
                act=lambda page: page.keyboard.press("?"),
                full=False,
            ),
            Look("tabellone-floor", f"{public}tabellone/", sizes=(HALL, PHONE), full=False),
            Look("overlay-floor", f"{public}grafica/", sizes=(HALL,), full=False),
            Look("seat-item", seat, "seat", (PHONE, TABLET)),
        ),
    )
    yield (
        199,
        (
            Look("console-vote", console, "clerk", all_three),
            Look(
                "console-hands",
                console,
                "clerk",
                act=lambda page: page.keyboard.press("h"),
                full=False,
            ),
            Look("tabellone-vote", f"{public}tabellone/", sizes=(HALL,), full=False),
            Look("seat-vote", seat, "seat", (PHONE,)),
        ),
    )
    yield (
        220,
        (
            Look("console-result", console, "clerk"),
            Look("tabellone-result", f"{public}tabellone/", sizes=(HALL,), full=False),
            Look("overlay-result", f"{public}grafica/", sizes=(HALL,), full=False),
            Look("seat-result", seat, "seat", (PHONE,)),
            Look("citizen-chamber", public, sizes=all_three),
        ),
    )


def take(browser: Browser, chamber: Chamber, look: Look) -> None:
    """Save one look at each of its sizes."""
    for width, height in look.sizes:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="it-IT", timezone_id="Europe/Rome"
        )
        page = context.new_page()
        page.on("pageerror", lambda error: print("  page error:", error))
        if look.who:
            _sign_in(page, chamber, look.who)
        page.goto(chamber.world.stage.url + look.path)
        page.wait_for_timeout(1800)
        look.act(page)
        page.wait_for_timeout(400)
        page.screenshot(path=OUT / f"{look.name}-{width}.png", full_page=look.full)
        print(look.name, width)
        context.close()


def _sign_in(page: Page, chamber: Chamber, who: str) -> None:
    email = chamber.world.person.email if who == "clerk" else chamber.seat_email
    page.goto(chamber.world.stage.url + "/accedi/")
    page.fill("#id_username", email)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.click("main button[type=submit]")


def secret(browser: Browser, chamber: Chamber, wanted: tuple[str, ...]) -> None:
    """Look at the chamber while the sitting is secret."""
    from arengo.council.engine.events import SecretBegan

    uid = chamber.sitting.uid
    began = SecretBegan("Marta Valtorta", "giudizi su qualità e comportamenti di persone")
    record(comune=chamber.world.comune, sitting=chamber.sitting, event=began, by=None)
    chamber.show()
    staff = f"/consiglio/pero/sedute/{uid}/"
    for look in (
        Look("console-secret", f"{staff}banco/", "clerk"),
        Look("tabellone-secret", f"/pero/sedute/{uid}/tabellone/", sizes=(HALL,), full=False),
    ):
        if not wanted or look.name.startswith(wanted):
            take(browser, chamber, look)


def main() -> None:
    """Take them all, or those named."""
    wanted = tuple(sys.argv[1:])
    with sync_playwright() as playwright, world() as made:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        chamber = prepared(made)
        made.stage.state(chamber.sitting.uid, "open", "live")
        made.stage.say(chamber.sitting.uid, *speech(9))
        for moment_s, shown in looks(chamber):
            if moment_s:
                chamber.until(moment_s)
            for look in shown:
                if not wanted or look.name.startswith(wanted):
                    take(browser, chamber, look)
        secret(browser, chamber, wanted)
        browser.close()


if __name__ == "__main__":
    main()
