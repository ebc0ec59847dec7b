"""An omission in a whole installation: how soon nobody can have it, how soon all is remade.

A passage is red, sounds 1 kHz and names something that nothing else does. Every public address is
asked before and after, segments are decoded, every file outside the seal is searched.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from omitted_town import OmittedTown
from rig import wait_for
from town import Town

from arengo.config import load


def main() -> None:
    """Hold, omit, search."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        town = Town(Path(name) / "data", load().models, hears=False)
        held = OmittedTown(town)
        try:
            held.hold()
            figures.add("omissis.traces_before", len(held.traces()), "count", ">=1")
            held.omit()
            ordered = time.monotonic()
            wait_for(held.is_closed, "still given out", timeout_s=30)
            figures.add("omissis.closed", time.monotonic() - ordered, "s", "<=2")
            wait_for(held.is_done, "not carried out", timeout_s=120)
            figures.add("omissis.carried_out", time.monotonic() - ordered, "s", "<=60")
            after = held.traces()
        finally:
            town.stop()
    for place in (*after.told, *after.shown, *after.kept):
        print(f"# left in {place}")
    figures.add("omissis.addresses_asked", after.asked, "count", ">=60")
    figures.add("omissis.traces", len(after), "count", "==0")
    figures.finish()


if __name__ == "__main__":
    main()
