"""A laptop's camera, in a real Chromium, through the regia to the recording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import wait_for
from town import Town, browser_page

from arengo.config import load

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.processes]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Return a whole installation with an open sitting."""
    made = Town(tmp_path / "town", load().models, hears=False)
    made.start()
    yield made
    made.stop()


def test_the_camera_of_this_computer_is_recorded(town: Town) -> None:
    """H.264 and Opus of the browser pass through as they are, and the page can be watched."""
    with browser_page() as page:
        regia = f"/regia/{town.facts['slug']}/{town.facts['uid']}/"
        page.goto(f"{town.door}/accedi/?next={regia}")
        page.fill("[name=username]", town.facts["email"])
        page.fill("[name=password]", town.facts["password"])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{regia}")
        page.click("[data-part=camera]")
        wait_for(lambda: len(town.rows("segments.jsonl")) >= 3, "no recording", timeout_s=40)
    take = town.rows("takes.jsonl")[0]
    assert take["source"] == "camera"
    assert take["audio"][0] == "opus"
    wait_for(
        lambda: any(row["code"] == "disconnected" for row in town.rows("events.jsonl")),
        "leaving the page does not end the source",
    )
