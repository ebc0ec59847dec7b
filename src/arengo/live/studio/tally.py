"""What the regia sees of a signal: rates over the last seconds, warnings with their remedy."""

from __future__ import annotations

from collections import deque

from arengo.live.engine.media import Sample
from arengo.live.engine.timeline import Notice

WINDOW_US = 5_000_000


class Tally:
    """Measure frames a second, bit rate and key frame interval from the samples themselves."""

    def __init__(self) -> None:
        self._video: deque[tuple[int, int]] = deque()  # dts, bytes
        self._audio: deque[tuple[int, int]] = deque()
        self._last_key_us: int | None = None
        self._last_video_us: int | None = None
        self.keyframe_interval_s: float | None = None

    def count(self, sample: Sample) -> None:
        """Take one sample into account."""
        lane = self._video if sample.track == "video" else self._audio
        lane.append((sample.dts_us, len(sample.data)))
        while sample.dts_us - lane[0][0] > WINDOW_US or lane[0][0] > sample.dts_us:
            lane.popleft()
        if sample.track == "video":
            self._last_video_us = sample.dts_us
            if sample.is_key:
                self._key(sample.dts_us)

    def _key(self, dts_us: int) -> None:
        if self._last_key_us is not None and dts_us > self._last_key_us:
            self.keyframe_interval_s = round((dts_us - self._last_key_us) / 1e6, 2)
        self._last_key_us = dts_us

    def keyframe_wait_s(self) -> float:
        """Return how long the source has sent video without a key frame, or the last interval."""
        since = 0.0
        if self._last_key_us is not None and self._last_video_us is not None:
            since = (self._last_video_us - self._last_key_us) / 1e6
        return max(since, self.keyframe_interval_s or 0.0)

    def fps(self) -> float:
        """Return pictures a second over the last five seconds."""
        return _rate(self._video, per_item=1)

    def kbps(self) -> int:
        """Return the bit rate of picture and sound over the last five seconds."""
        return round((_rate(self._video) + _rate(self._audio)) * 8 / 1000)


def _rate(lane: deque[tuple[int, int]], *, per_item: int | None = None) -> float:
    if len(lane) < 2 or lane[-1][0] <= lane[0][0]:
        return 0.0
    amount = (len(lane) - 1) if per_item else sum(size for _, size in list(lane)[:-1])
    return round(amount / ((lane[-1][0] - lane[0][0]) / 1e6), 2)


def keyframe_warning(interval_s: float) -> Notice | None:
    """Warn when key frames are too rare: they set how far behind the viewers are."""
    if interval_s <= 2.6:
        return None
    return Notice(
        "keyframes",
        "error" if interval_s > 5 else "warning",
        f"Intervallo fotogrammi chiave {interval_s:.0f} s: i cittadini vedono in ritardo.",
        "Nell'encoder impostare l'intervallo fotogrammi chiave a 2 s"
        " (OBS: Impostazioni, Uscita, Intervallo keyframe).",
    )


def silence_warning(silent_s: float, *, has_audio: bool) -> Notice | None:
    """Warn when nothing is heard."""
    if not has_audio:
        return Notice(
            "no-audio",
            "error",
            "Il segnale non ha audio: niente voce, niente sottotitoli.",
            "Collegare l'uscita del mixer all'encoder e attivare la traccia audio.",
        )
    if silent_s < 20:
        return None
    return Notice(
        "silence",
        "warning",
        f"Audio muto da {silent_s:.0f} s.",
        "Controllare che il microfono sia acceso e il volume del mixer sia alzato.",
    )


def disk_warning(left_s: float, *, is_writing: bool) -> Notice | None:
    """Warn when the disk holds less than two hours more, or recording has stopped."""
    if not is_writing:
        return Notice(
            "disk-full",
            "error",
            "Registrazione ferma: il disco è pieno o non risponde. La diretta continua.",
            "Liberare spazio: la registrazione riprende da sola.",
        )
    if left_s >= 2 * 3600:
        return None
    return Notice(
        "disk-low",
        "error" if left_s < 1800 else "warning",
        f"Spazio su disco per {left_s / 60:.0f} minuti.",
        "Liberare spazio sul disco prima che la registrazione si fermi.",
    )


def lost_warning(lost_s: float, *, grace_s: float) -> Notice:
    """Warn that nothing arrives; past the grace, ask whether the sitting is over."""
    minutes = int(lost_s // 60)
    since = f"{minutes} min" if minutes else f"{lost_s:.0f} s"
    if lost_s > grace_s:
        return Notice(
            "signal-gone",
            "error",
            f"Nessun segnale da {since}.",
            "Se la seduta è finita, chiuderla; altrimenti riavviare l'encoder.",
        )
    return Notice(
        "signal-lost",
        "error",
        f"Segnale interrotto da {since}. La seduta resta aperta e riprende da sola.",
        "Controllare che l'encoder trasmetta e che la rete della sala funzioni.",
    )
