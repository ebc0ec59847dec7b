"""Measures of a source that its operator should see: key frames, dropped samples, skew, drift."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import inf
from typing import Final, Literal

GOOD_KEY_INTERVAL_US: Final = 2_100_000
WINDOW_US: Final = 10_000_000
SKEW_US: Final = 300_000
WALL_ERROR_S: Final = 0.5
DRIFT_PPM: Final = 200.0  # sound cards stay under 100
_WINDOWS: Final = 30  # five minutes of drift


@dataclass(frozen=True, slots=True)
class Notice:
    """What is wrong with a source, and what to do about it, in the operator's words."""

    code: str
    level: Literal["info", "warning", "error"]
    message: str
    remedy: str


class KeyIntervals:
    """How far apart key frames are: it bounds what a viewer waits to join."""

    __slots__ = ("_last_key_us", "_now_us", "_recent")

    def __init__(self) -> None:
        self._recent: deque[int] = deque(maxlen=5)
        self._last_key_us: int | None = None
        self._now_us = 0

    def see(self, dts_us: int, *, is_key: bool) -> None:
        """Take one picture in."""
        self._now_us = dts_us
        if is_key:
            if self._last_key_us is not None:
                self._recent.append(dts_us - self._last_key_us)
            self._last_key_us = dts_us

    @property
    def longest_us(self) -> int:
        """Return the longest of the last five intervals and of the one still running."""
        running = 0 if self._last_key_us is None else self._now_us - self._last_key_us
        return max([running, *self._recent])

    def notices(self) -> list[Notice]:
        """Return the warning of an interval that delays viewers."""
        if self.longest_us <= GOOD_KEY_INTERVAL_US:
            return []
        message = f"Intervallo fra fotogrammi chiave: {_comma(self.longest_us / 1e6)} s."
        remedy = "Nel codificatore impostare l'intervallo dei fotogrammi chiave a 2 s."
        return [Notice("keyframe_interval", "warning", message, remedy)]


class Health:
    """Counts over windows of ten seconds; the notices tell the last whole one or this one."""

    __slots__ = ("_before", "_started_us", "dropped", "resyncs", "skew_us")

    def __init__(self) -> None:
        self.dropped = 0
        self.resyncs = 0
        self.skew_us = -1
        self._started_us: int | None = None
        self._before: tuple[int, int, int] = (0, 0, -1)

    def see_skew(self, skew_us: int) -> None:
        """Keep the least distance between the two streams: batches alone do not make a skew."""
        if self.skew_us < 0 or skew_us < self.skew_us:
            self.skew_us = skew_us

    def tick(self, source_us: int) -> None:
        """Turn to the next window when this one is over."""
        if self._started_us is None:
            self._started_us = source_us
        elif source_us - self._started_us >= WINDOW_US:
            self._before = (self.dropped, self.resyncs, self.skew_us)
            self.dropped, self.resyncs, self.skew_us = 0, 0, -1
            self._started_us = source_us

    def notices(self) -> list[Notice]:
        """Return the warnings of what happened in the last ten to twenty seconds."""
        dropped = self.dropped + self._before[0]
        resyncs = self.resyncs + self._before[1]
        skew_us = self._before[2]
        found = []
        if skew_us > SKEW_US:
            found.append(_skew(skew_us))
        if dropped:
            found.append(_dropped(dropped))
        if resyncs:
            found.append(_resynced(resyncs))
        return found


class Arrivals:
    """Fits the source's clock to ours, from when its samples arrive.

    A network only ever delays, so of each ten seconds the least delay is the true one.
    """

    __slots__ = ("_end_us", "_least_s", "_windows", "anchor_s", "anchors")

    def __init__(self) -> None:
        self.anchor_s = 0.0
        self.anchors = 0
        self._least_s = inf
        self._end_us: int | None = None
        self._windows: deque[tuple[float, float]] = deque(maxlen=_WINDOWS)

    def see(self, sitting_us: int, arrival_s: float) -> None:
        """Take the arrival of one sample in."""
        delay_s = arrival_s - sitting_us * 1e-6
        if self._end_us is None:
            self._end_us = sitting_us + WINDOW_US
            self._anchor(delay_s)
        if delay_s < self._least_s:
            self._least_s = delay_s
        if sitting_us >= self._end_us:
            self._close(sitting_us)

    @property
    def drift_ppm(self) -> float:
        """Return the slope of delay over time: positive when the source's clock is slow."""
        if len(self._windows) < 3:
            return 0.0
        mean_t = sum(t for t, _d in self._windows) / len(self._windows)
        mean_d = sum(d for _t, d in self._windows) / len(self._windows)
        spread = sum((t - mean_t) ** 2 for t, _d in self._windows)
        return sum((t - mean_t) * (d - mean_d) for t, d in self._windows) / spread * 1e6

    def notices(self) -> list[Notice]:
        """Return the note of a clock that a sound card would not have."""
        drift = self.drift_ppm
        if abs(drift) <= DRIFT_PPM or len(self._windows) < 6:
            return []
        message = f"L'orologio del codificatore deriva di {drift:.0f} parti per milione."
        remedy = "Nessun effetto sulla registrazione; gli orari dei segmenti vengono corretti."
        return [Notice("clock_drift", "info", message, remedy)]

    def _close(self, sitting_us: int) -> None:
        self._windows.append((sitting_us * 1e-6, self._least_s))
        if abs(self._least_s - self.anchor_s) > WALL_ERROR_S:
            self._anchor(self._least_s)
        self._least_s, self._end_us = inf, sitting_us + WINDOW_US

    def _anchor(self, delay_s: float) -> None:
        self.anchor_s = delay_s
        self.anchors += 1


def _skew(skew_us: int) -> Notice:
    message = f"Audio e video distano {_comma(skew_us / 1e6)} s."
    remedy = "Controllare il ritardo dell'audio nel codificatore o nel mixer."
    return Notice("av_skew", "warning", message, remedy)


def _dropped(count: int) -> Notice:
    message = f"{count} campioni scartati negli ultimi secondi: i loro tempi tornano indietro."
    return Notice("times_dropped", "warning", message, "Riavviare o aggiornare il codificatore.")


def _resynced(count: int) -> Notice:
    message = f"L'audio è stato riallineato {count} volte negli ultimi secondi."
    remedy = "Controllare il carico del codificatore e la frequenza della scheda audio."
    return Notice("audio_resync", "warning", message, remedy)


def _comma(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
