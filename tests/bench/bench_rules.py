"""The rules: every case of the suite, and ten thousand random sittings against a naive oracle.

python tests/bench/bench_rules.py [sittings]
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from random_sittings import Disagreement, hold

from arengo.council.commands import read_case_file
from arengo.council.engine.cases import evaluate_case
from arengo.council.engine.errors import ProfileUnusable
from arengo.council.profiles import profile_of_case

CASES = sorted((Path(__file__).parents[1] / "acceptance" / "cases").glob("*.json"))
SITTINGS = 10_000


def is_right(path: Path) -> bool:
    """Tell whether a case of the suite comes out as its source says."""
    case = read_case_file(path)
    try:
        found = evaluate_case(profile_of_case(case), case)
    except ProfileUnusable as error:
        return bool(case.get("expected_profile")) and case["expected_profile"] in str(error)
    return not found["differences"]


def held(seed: int) -> tuple[bool, int, int]:
    """Hold one sitting: whether the two agreed, votes proclaimed, facts refused."""
    try:
        sitting = hold(seed)
    except Disagreement as error:
        print(error, flush=True)
        return False, 0, 0
    return True, sitting.outcomes, sitting.refused


def results(sittings: int) -> Iterator[tuple[bool, int, int]]:
    """Hold the sittings on both cores."""
    with multiprocessing.Pool(2) as pool:
        yield from pool.imap_unordered(held, range(sittings), chunksize=50)


def main() -> None:
    """Print the two shares, and how much was tried."""
    sittings = int(sys.argv[1]) if len(sys.argv) > 1 else SITTINGS
    figures = Figures()
    right = [is_right(path) for path in CASES]
    figures.add("rules.cases", 100 * sum(right) / len(right), "%", ">=100")
    agreed = votes = refused = 0
    for is_agreed, outcomes, refusals in results(sittings):
        agreed += is_agreed
        votes += outcomes
        refused += refusals
    figures.add("rules.tried.cases", len(CASES), "cases", "-")
    figures.add("rules.sittings", 100 * agreed / sittings, "%", ">=100")
    figures.add("rules.tried.sittings", sittings, "sittings", "-")
    figures.add("rules.tried.votes", votes, "votes", "-")
    figures.add("rules.tried.refusals", refused, "facts", "-")
    figures.finish()


if __name__ == "__main__":
    main()
