"""A clear log that a flood cannot fill: refusals are counted and told at most every ten seconds."""

from __future__ import annotations

import logging
from collections import Counter

log = logging.getLogger(__name__)

EACH_S = 10.0
SHOWN = 60


class Refusals:
    """Count refusals by reason; tell the first at once, the others together."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._told_s: float | None = None
        self.total = 0

    def add(self, code: str, peer: str, line: bytes, now_s: float) -> None:
        """Count one; `line` is shown shortened and escaped, so that it cannot forge a log line."""
        self.total += 1
        self._counts[code] += 1
        if self._told_s is None or now_s - self._told_s >= EACH_S:
            log.warning("refused from %s: %s; last %s", peer, self._summary(), _shown(line))
            self._counts.clear()
            self._told_s = now_s

    def _summary(self) -> str:
        return ", ".join(f"{count} {code}" for code, count in self._counts.most_common())


def _shown(line: bytes) -> str:
    return repr(line[:SHOWN])[1:] + ("…" if len(line) > SHOWN else "")
