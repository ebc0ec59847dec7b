"""The past and the second hearing in the browser: proposals by keyboard, imports told in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from spoken_sitting import put_words
from visit import Visit

from arengo.kernel import clock

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture
def proposed(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting with three proposals, two of them alike."""
    from arengo.live.engine.words import Word as Heard
    from arengo.live.operations import close_broadcast, open_broadcast
    from arengo.record import second_pass

    at = clock.now() - timedelta(hours=1)
    sitting = make_sitting(pero, title="Consiglio comunale", scheduled_at=at)
    open_broadcast(comune=pero, sitting=sitting, by=None)
    said = [(10.0, "la Semplione è"), (20.0, "la Semplione è"), (30.0, "relazione alla sessore")]
    put_words(sitting, said, began_at=at)
    close_broadcast(comune=pero, sitting=sitting, by=None)
    again = ("la Sempione è", "la Sempione è", "relaziona l’assessore")
    words = [
        Heard(start_s + k, start_s + k + 1, text, 0.9)
        for (start_s, _), line in zip(said, again, strict=True)
        for k, text in enumerate(line.split())
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("arengo.record.transcripts.is_being_heard", lambda _: False)
        from arengo.kernel.scope import scope

        with scope(pero):
            second_pass._propose(pero, sitting, words)
    return sitting


def test_proposals_are_walked_and_accepted_with_the_keyboard(
    operator: Visit, proposed: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{proposed.uid}/trascrizione/")
    page.get_by_role("link", name="Proposte del secondo ascolto").click()
    page.wait_for_selector(".pa-one")
    check_access(page)
    assert page.locator(".pa-one").count() == 3
    page.keyboard.press("ArrowDown")
    assert "Ascolta" in (page.locator(":focus").get_attribute("aria-label") or "")
    page.keyboard.press("a")
    page.get_by_text("Accettate: 1.").wait_for()
    assert page.locator(".pa-one").count() == 2
    check_access(page)


def test_all_alike_are_accepted_with_one_button(operator: Visit, proposed: Sitting) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{proposed.uid}/trascrizione/proposte/")
    page.get_by_role("button", name="Accetta tutte le 2 uguali").first.click()
    page.get_by_text("Accettate: 2.").wait_for()
    assert page.locator(".pa-one").count() == 1


def test_imports_tell_what_went_wrong_and_how_to_begin(
    operator: Visit, pero: Comune, check_access: Check
) -> None:
    from arengo.record import past_sittings as notes
    from arengo.record.models import PastState

    page = operator.go("/consiglio/pero/archivio/importa/")
    assert page.locator(".ar-empty").is_visible()
    check_access(page)
    run = notes.begin_import(
        comune=pero,
        folder="/mnt/consigli/2019",
        problems=["Elenco, riga 3, colonna data: «31/02/2019» non è una data: scrivi AAAA-MM-GG."],
        by=None,
    )
    for number, title in enumerate(("Bilancio di previsione", "Variante al PGT")):
        one = notes.enlist(
            comune=pero,
            run=run,
            fingerprint=f"{number:064d}",
            name=f"2019-03-{number + 10} {title}.mp4",
            title=title,
            held_at=clock.now() - timedelta(days=2000 - number),
            size_bytes=1,
        )
        if number:
            problem = "Il file non si legge come audio o video (Invalid data)."
            notes.note_failure(comune=pero, recording=one, problem=problem)
        else:
            notes.note_progress(
                comune=pero, recording=one, state=PastState.HEARING, done_s=900, duration_s=3600
            )
    page = operator.go("/consiglio/pero/archivio/importa/")
    page.get_by_text("riga 3, colonna data").wait_for()
    assert page.locator("progress").is_visible()
    check_access(page)
