"""The people of the council and its rules: every page and state, and what a clerk does on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stage import until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]
DAY = date(2026, 6, 10)
HOME = "/consiglio/pero/"
ROLL = """cognome;nome;carica;gruppo;dal;anno_nascita
Dell’Orto;Anna;Sindaca;Insieme;08/06/2026;1970
Fo;Ugo;Consigliere, Presidente del Consiglio;Pero domani;10/06/2026;1961
Bianchi;Marco;Consigliere;Insieme;10/06/2026;1984
Bianchi;Marco;Consigliere;Pero domani;10/06/2026;1992
"""


@pytest.fixture
def roll(tmp_path: Path) -> Path:
    """Return a file with two homonyms."""
    path = tmp_path / "elenco.csv"
    path.write_text(ROLL, encoding="cp1252")
    return path


@pytest.fixture
def council(pero: Comune) -> None:
    """Seat a small council with its groups and the ready rules."""
    from arengo.council import operations
    from arengo.council.models import MandateKind, OfficeKind, Stance

    operations.choose_class(comune=pero, key="consiglio-16", valid_from=DAY, by=None)
    operations.place_group(
        comune=pero, name="Insieme", stance=Stance.MAJORITY, starts_on=DAY, by=None
    )
    seats = (("Anna", "Dell’Orto", MandateKind.MAYOR), ("Ugo", "Fo", MandateKind.COUNCILLOR))
    for given, family, kind in seats:
        person = operations.add_person(
            comune=pero,
            given_name=given,
            family_name=family,
            kind=kind,
            starts_on=DAY,
            group="Insieme",
            by=None,
        )
        operations.give_office(
            comune=pero, person=person, kind=OfficeKind.LEADER, starts_on=DAY, by=None
        )


def test_empty_pages(operator: Visit, pero: Comune, check_access: Check) -> None:
    for path in ("", "persone/", "persone/nuova/", "persone/importa/", "gruppi/", "regole/"):
        check_access(operator.go(HOME + path))


@pytest.mark.usefixtures("council")
def test_full_pages(operator: Visit, sitting: Sitting, check_access: Check) -> None:
    for path in ("", "persone/", "persone/?giorno=2026-01-01", "gruppi/", "regole/"):
        check_access(operator.go(HOME + path))
    page = operator.go(HOME + "persone/")
    page.click("text=Ugo Fo")
    check_access(page)
    for summary in page.locator("main summary").all():
        summary.click()
    check_access(page)
    page.click("text=Correggi il mandato")
    check_access(page)


@pytest.mark.usefixtures("council")
def test_a_councillor_leaves_and_another_takes_the_seat(
    operator: Visit, check_access: Check
) -> None:
    operator.expected = ("422",)
    page = operator.go(HOME + "persone/")
    page.click("text=Ugo Fo")
    page.click("summary:has-text('Cessazione e subentro')")
    page.select_option("#id_end-reason", "scadenza")
    page.fill("#id_end-family_name", "Verdi")
    page.click("text=Registra la cessazione")
    page.wait_for_selector("#id_end-reason[aria-invalid=true]")
    check_access(page)
    page.select_option("#id_end-reason", "dimissioni")
    page.click("text=Registra la cessazione")
    page.wait_for_selector("text=Cessazione registrata")
    page.click("main a:has-text('Verdi')")
    assert "Subentra a Ugo Fo" in page.locator("main").inner_text()


@pytest.mark.usefixtures("council")
def test_an_account_is_given_and_its_password_shown_once(
    operator: Visit, check_access: Check
) -> None:
    page = operator.go(HOME + "persone/")
    page.click("text=Ugo Fo")
    page.click("summary:has-text('Dai l’accesso')")
    page.fill("#id_account-email", "ugo@example.org")
    page.click("button:has-text('Collega')")
    page.wait_for_selector(".co-secret code")
    check_access(page)
    page.goto(page.url.removesuffix("accesso/"))
    assert page.locator(".co-secret").count() == 0


def test_a_file_with_homonyms_is_previewed_and_taken_in(
    operator: Visit, pero: Comune, roll: Path, check_access: Check
) -> None:
    page = operator.go(HOME + "persone/importa/")
    page.set_input_files("input[type=file]", roll)
    page.click("text=Mostra che cosa cambia")
    page.wait_for_selector("text=Omonimi da distinguere")
    assert page.locator("button[name=confirm]").count() == 0
    check_access(page)
    page.click("button[name=look]")
    page.wait_for_selector("button[name=confirm]")
    check_access(page)
    page.click("button[name=confirm]")
    page.wait_for_selector("text=Importazione eseguita: 4 in più")
    text = page.locator("main").inner_text()
    assert "Marco Bianchi (1984)" in text
    assert "Marco Bianchi (1992)" in text
    check_access(page)


def test_wrong_rows_are_listed(
    operator: Visit, pero: Comune, tmp_path: Path, check_access: Check
) -> None:
    operator.expected = ("422",)
    path = tmp_path / "rotto.csv"
    path.write_text("cognome;nome;dal\n;Anna;\nFo;Ugo;31/02/2026\n", encoding="utf-8")
    page = operator.go(HOME + "persone/importa/")
    page.set_input_files("input[type=file]", path)
    page.click("text=Mostra che cosa cambia")
    page.wait_for_selector("text=2 righe sono da correggere")
    check_access(page)


@pytest.mark.usefixtures("council")
def test_the_examples_follow_the_answers_and_a_contradiction_is_refused(
    operator: Visit, check_access: Check
) -> None:
    operator.expected = ("422",)
    page = operator.go(HOME + "regole/adatta/")
    check_access(page)
    before = page.locator("[data-part=examples]").inner_text()
    assert "astenuti non contati" in before
    page.locator("#id_counting-abstained_vote").check()
    until(
        page, "!document.querySelector('[data-part=examples]').textContent.includes('non contati')"
    )
    page.fill("#id_quorum-second-fraction", "1/4")
    until(page, "document.querySelector('[data-part=examples] [role=alert]')")
    page.fill("#id_name", "Regolamento del Consiglio")
    page.click("button[name=save]")
    page.wait_for_selector("#id_quorum-second-measure[aria-invalid=true]")
    assert "Seconda convocazione: 4 presenti sono meno di un terzo" in page.inner_text("main")
    check_access(page)
    page.fill("#id_quorum-second-fraction", "1/3")
    page.click("button[name=save]")
    page.wait_for_selector("text=Regole salvate")
    assert "Non ancora adattato" not in page.inner_text("main")
    check_access(page)
    page.click("main .co-seats a >> nth=-1")
    page.wait_for_selector("text=In vigore dal 10/06/2026")
    check_access(page)


@pytest.mark.usefixtures("council")
def test_the_rules_are_adapted_by_keyboard_alone(operator: Visit) -> None:
    page = operator.go(HOME + "regole/adatta/")
    page.focus("#id_name")
    page.keyboard.type("Regolamento")
    page.focus("#id_notice-ordinary_days")
    page.keyboard.press("Control+A")
    page.keyboard.type("7")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "id_notice-extraordinary_days"
    page.focus("button[name=save]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Regole salvate")
    assert "7 giorni prima" in page.inner_text("main")
