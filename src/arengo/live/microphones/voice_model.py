"""From sound to an embedding, where a model is there: the only part of voice hints with a file.

No model comes with Arengo and none is fetched: whoever turns voice hints on puts one in the
models folder. It must be whole, features included: 16 kHz mono samples in, 192 numbers out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from arengo.live.engine.voice_hints import SIZE
from arengo.live.microphones.errors import VoiceModelUnusable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path("voice") / "embedding.onnx"
SAMPLE_RATE = 16_000


class Embedder(Protocol):
    """Turns a stretch of one person's speech into an embedding."""

    def embed(self, samples: NDArray[np.float32]) -> tuple[float, ...]:
        """Return 192 numbers for mono samples at 16 kHz, from -1 to 1, shape (n,)."""


class OnnxEmbedder:
    """An embedder from an ONNX file."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name

    def embed(self, samples: NDArray[np.float32]) -> tuple[float, ...]:
        """Return 192 numbers for mono samples at 16 kHz, from -1 to 1, shape (n,)."""
        (output, *_) = self._session.run(None, {self._input: samples[None, :]})
        return tuple(float(number) for number in output.reshape(-1))


def load_embedder(models: Path) -> Embedder | None:
    """Return the embedder of the models folder; None when there is none, which is usual.

    Raises
    ------
    VoiceModelUnusable
        The file is no ONNX model, or not one of samples to 192 numbers.
    """
    path = models / FILE
    if not path.is_file():
        return None
    import onnxruntime  # takes a while to load, and is needed by those who turned hints on

    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:  # the library has a dozen kinds, none documented
        raise VoiceModelUnusable(f"{path} non è un modello ONNX utilizzabile: {error}") from error
    return OnnxEmbedder(_checked(session, path))


def _checked(session: Any, path: Path) -> Any:
    inputs, outputs = session.get_inputs(), session.get_outputs()
    is_whole = len(inputs) == 1 and len(inputs[0].shape) == 2 and outputs[0].shape[-1] == SIZE
    if not is_whole:
        raise VoiceModelUnusable(
            f"{path} non va bene: servono campioni a 16 kHz in ingresso, forma (1, n), e "
            f"{SIZE} numeri in uscita."
        )
    return session
