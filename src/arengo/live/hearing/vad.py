"""Voice activity: which 32 ms frames hold speech (silero v6, MIT, inside faster-whisper)."""

from __future__ import annotations

from pathlib import Path

import faster_whisper
import numpy as np
import numpy.typing as npt
import onnxruntime

from arengo.live.engine.guard import Stretch
from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm

FRAME = 512
FRAME_S = FRAME / SAMPLE_RATE
CONTEXT = 64
STARTS, STAYS = 0.5, 0.35  # silero's own thresholds
LETS_GO_S = 0.12
SHORTEST_VOICE_S = 0.09


class VoiceActivity:
    """Silero run as audio comes: its state and the end of the last frame are kept."""

    def __init__(self) -> None:
        """Load the model on one thread: it costs a thousandth of a core."""
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.log_severity_level = 4
        folder = Path(faster_whisper.__file__).parent / "assets"
        self._session = onnxruntime.InferenceSession(
            str(next(folder.glob("silero_vad*.onnx"))),
            providers=["CPUExecutionProvider"],
            sess_options=options,
        )
        self.reset()

    def reset(self) -> None:
        """Forget everything: what follows is another stretch of time."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)
        self._rest = np.zeros(0, np.float32)

    def feed(self, pcm: Pcm) -> npt.NDArray[np.float32]:
        """Return the probability of speech of each frame completed by these samples."""
        samples = np.concatenate([self._rest, pcm])
        count = len(samples) // FRAME
        self._rest = samples[count * FRAME :]
        if not count:
            return np.zeros(0, np.float32)
        frames = samples[: count * FRAME].reshape(count, FRAME)
        contexts = np.vstack([self._context[None], frames[:-1, -CONTEXT:]])
        self._context = frames[-1, -CONTEXT:]
        probabilities, self._h, self._c = self._session.run(
            None,
            {"input": np.hstack([contexts, frames]), "h": self._h, "c": self._c},
        )
        return np.asarray(probabilities, np.float32).reshape(-1)


class VoiceTrack:
    """The stretches of voice on the sitting timeline, with hysteresis so that they do not flap."""

    def __init__(self, at: float) -> None:
        """Begin at a sitting time in seconds."""
        self._at = at
        self._since: float | None = None
        self._low_since: float | None = None
        self._done: list[Stretch] = []

    @property
    def voiced(self) -> list[Stretch]:
        """Return the stretches so far, the one going on included."""
        return self._done if self._since is None else [*self._done, (self._since, self._voice_end)]

    @property
    def last_voice(self) -> float:
        """Return when a voice was last heard, in seconds; minus infinity if never."""
        if self._since is not None:
            return self._voice_end
        return self._done[-1][1] if self._done else float("-inf")

    @property
    def _voice_end(self) -> float:
        return self._at if self._low_since is None else self._low_since

    def feed(self, probabilities: npt.NDArray[np.float32]) -> None:
        """Take the probabilities of the next frames."""
        for probability in probabilities:
            self._step(float(probability))
            self._at += FRAME_S

    def _step(self, probability: float) -> None:
        if self._since is None:
            if probability >= STARTS:
                self._since, self._low_since = self._at, None
        elif probability >= STAYS:
            self._low_since = None
        elif self._low_since is None:
            self._low_since = self._at
        elif self._at - self._low_since >= LETS_GO_S:
            if self._low_since - self._since >= SHORTEST_VOICE_S:
                self._done.append((self._since, self._low_since))
            self._since = None

    def forget(self, until: float) -> None:
        """Drop the stretches that ended before `until`."""
        self._done = [stretch for stretch in self._done if stretch[1] > until]
