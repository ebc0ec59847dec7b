"""The drafts of a sitting in the browser: from the tab to the paper and to the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from spoken_sitting import hold
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune

Check = Callable[["Page"], None]


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting in which Beretta spoke and a vote was proclaimed."""
    return hold(pero, make_sitting)


def test_a_clerk_opens_the_verbale_reads_it_and_takes_it(
    operator: Visit, held: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{held.uid}/odg/")
    page.get_by_role("link", name="Atti", exact=True).click()
    page.wait_for_selector(".re-list")
    check_access(page)
    page.locator(".re-list__title", has_text="Verbale della seduta").press("Enter")
    page.wait_for_selector(".re-paper")
    assert "via Sempione" in page.locator(".re-paper").inner_text()
    check_access(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF/A").click()
    assert coming.value.suggested_filename.endswith("-verbale.pdf")


def test_a_sitting_not_begun_says_when_its_acts_will_be_there(
    operator: Visit, demo_sitting: Sitting, check_access: Check
) -> None:
    page = operator.go(f"/consiglio/pero/sedute/{demo_sitting.uid}/atti/")
    assert page.locator(".ar-empty").is_visible()
    check_access(page)
