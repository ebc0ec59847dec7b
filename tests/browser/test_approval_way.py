"""The whole way of an act in a browser: shared, rectified, approved, signed, verified by anyone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from approved_act import close, hold_next
from playwright.sync_api import Page, expect
from spoken_sitting import hold
from visit import Visit

from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.kernel.scope import scope


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a demonstration's sitting that is over, and was approved in the one after."""
    sitting = hold(pero, make_sitting)
    with scope(pero):
        Sitting.objects.filter(pk=sitting.pk).update(is_demo=True)
    close(sitting)
    hold_next(pero, make_sitting)
    return sitting


def test_an_act_goes_all_its_way(
    operator: Visit, held: Sitting, check_access: Callable[[Page], None], tmp_path: Path
) -> None:
    here = f"/consiglio/pero/sedute/{held.uid}"
    page = operator.go(f"{here}/atti/verbale/")
    page.get_by_role("button", name="Condividi con i consiglieri").click()
    expect(page.get_by_text("Condiviso con i consiglieri")).to_be_visible()
    check_access(page)

    operator.go(f"{here}/condivisi/verbale/")
    page.get_by_role("link", name="Rettifica la riga").first.click()
    page.get_by_label("Come andrebbe scritto").fill("Testo corretto")
    check_access(page)
    page.get_by_role("button", name="Proponi").click()
    expect(page.get_by_text("Da decidere")).to_be_visible()

    operator.go(f"{here}/atti/verbale/rettifiche/")
    check_access(page)
    page.get_by_role("button", name="Accogli", exact=True).click()
    expect(page.get_by_text("Accolta")).to_be_visible()

    operator.go(f"{here}/atti/verbale/approvazione/")
    check_access(page)
    page.get_by_role("button", name="Annota l’approvazione").click()
    page.get_by_role("link", name="Porta alla firma").click()
    page.get_by_role("button", name="Prepara il testo da firmare").click()
    page.get_by_role("button", name="Firma di prova").first.click()
    expect(page.get_by_text("Firmato", exact=True)).to_be_visible()
    check_access(page)
    page.get_by_role("button", name="Firma di prova").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="Scarica il file firmato").click()
    signed = tmp_path / "verbale.pdf"
    started.value.save_as(signed)

    operator.go("/pero/verifica/")
    page.set_input_files("#file", signed)
    expect(page.get_by_role("heading", name="È l’atto firmato")).to_be_visible()
    check_access(page)
    data = signed.read_bytes()
    signed.write_bytes(data[:9000] + bytes([data[9000] ^ 1]) + data[9001:])
    page.set_input_files("#file", signed)
    expect(page.get_by_role("heading", name="Il file è stato cambiato")).to_be_visible()
