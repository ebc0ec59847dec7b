"""The pure JavaScript modules, without a browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.slow
def test_the_pure_modules_pass_their_own_tests() -> None:
    """`node --test` finds no failure in timeline, latency, cues and the others."""
    if not shutil.which("node"):
        pytest.fail("Node is missing: install Node 20 or later")
    run = subprocess.run(
        ["node", "--test", "modules/"], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr
