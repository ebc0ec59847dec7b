"""What must start without Django does: a studio that waits for a database is no studio."""

from __future__ import annotations

import subprocess
import sys

import pytest

PURE = [
    "arengo.config",
    "arengo.kernel.clock",
    "arengo.kernel.errors",
    "arengo.kernel.logs",
    "arengo.kernel.tokens",
    "arengo.live.engine",
    "arengo.live.studio",
    "arengo.live.hearing",
    "arengo.live.microphones",
    "arengo.live.box",
    "arengo.council.engine.guards",
    "arengo.record.checking",
    "arengo.record.render.pdf",
]


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_loads_no_django(module: str) -> None:
    code = f"import sys, {module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
