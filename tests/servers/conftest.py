"""What the tests of real servers share: a clip, a rig that always ends its process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rig import Rig, make_clip


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip of twelve seconds, with sound, a key frame a second."""
    return make_clip(tmp_path_factory.mktemp("clip") / "hall.mp4")


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Return a rig whose studio ends with the test."""
    made = Rig(tmp_path)
    yield made
    made.stop()
