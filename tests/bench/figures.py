"""How every bench says what it measured: one line `name value unit goal` a figure."""

from __future__ import annotations

import operator
import sys
from dataclasses import dataclass, field

COMPARE = {"<=": operator.le, ">=": operator.ge, "==": operator.eq, "<": operator.lt}


@dataclass
class Figures:
    """Collect figures, print each at once, and leave with status 1 if one is short of its goal."""

    short: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, goal: str) -> None:
        """Print one figure; `goal` is a comparison such as `<=3.3`, or `-` for none."""
        met = goal == "-" or _meets(value, goal)
        print(f"{name} {value:.4g} {unit} {goal}{'' if met else '  SHORT'}", flush=True)
        if not met:
            self.short.append(name)

    def finish(self) -> None:
        """Leave with status 1 when a figure was short of its goal."""
        sys.exit(1 if self.short else 0)


def _meets(value: float, goal: str) -> bool:
    sign = goal[:2] if goal[:2] in COMPARE else goal[:1]
    return bool(COMPARE[sign](value, float(goal[len(sign) :])))
