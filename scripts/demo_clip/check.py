"""Measure the committed clip: its words, their times, its frame numbers, its size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

import av
from faster_whisper import WhisperModel
from faster_whisper.audio import decode_audio
from rapidfuzz.distance import Levenshtein

from arengo.live.demo.reference import CLIP, Reference, load_reference

UNITS = [
    *("zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"),
    *("dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici"),
    *("diciassette", "diciotto", "diciannove"),
]
TENS = [
    *("", "", "venti", "trenta", "quaranta"),
    *("cinquanta", "sessanta", "settanta", "ottanta", "novanta"),
]

Spoken = tuple[str, float, float]


def check(root: Path) -> int:
    """Print each measure; 1 when the clip is unfit, else 0."""
    reference = load_reference()
    heard = _heard(root / "var/models/whisper-base")
    said = [(part, w.start, w.end) for w in reference.words for part in plain(w.spoken)]
    numbers = frame_numbers(reference)
    wrong = sum(number != n for n, number in enumerate(numbers))
    edits = Levenshtein.distance([w for w, _, _ in said], [w for w, _, _ in heard])
    starts, ends = _differences(said, heard)
    print(f"clip.duration {reference.duration:.1f} s")
    print(f"clip.size {CLIP.stat().st_size} byte")
    print(f"clip.frames {len(numbers)} of which {wrong} with a wrong bar code")
    print(f"clip.words {len(said)}, surnames {_surnames(reference)}")
    print(f"clip.wer_base_beam5 {100 * edits / len(said):.1f} %")
    for name, spread in (("start", starts), ("end", ends)):
        offset = median(spread)
        print(f"clip.word_{name} offset {offset:+.3f} s, "
              f"spread {median(abs(d - offset) for d in spread):.3f} s")  # fmt: skip
    return 1 if wrong else 0


def plain(text: str) -> list[str]:
    """Words as a recogniser is judged on them: no case, no marks, figures said in full."""
    text = re.sub(r"(\d)[.](\d{3})\b", r"\1\2", text.lower().replace("’", "'"))
    text = re.sub(r"(\d)[,.](\d)", r"\1 virgola \2", text.replace("%", " per cento "))
    text = re.sub(r"\d+", lambda found: in_words(int(found[0])), text)
    return re.findall(r"[^\W_]+", text)


def in_words(number: int) -> str:
    """An Italian cardinal below a million."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        ten, unit = TENS[number // 10], number % 10
        return (ten[:-1] if unit in (1, 8) else ten) + (UNITS[unit] if unit else "")
    if number < 1000:
        head, rest = (UNITS[number // 100] if number >= 200 else "") + "cento", number % 100
        return (head[:-1] if rest // 10 == 8 else head) + (in_words(rest) if rest else "")
    head, rest = (in_words(number // 1000) + "mila" if number >= 2000 else "mille"), number % 1000
    return head + (in_words(rest) if rest else "")


def frame_numbers(reference: Reference) -> list[int | None]:
    """The bar code of every frame of the encoded clip."""
    with av.open(str(CLIP)) as file:
        return [_number(reference, frame) for frame in file.decode(video=0)]


def _number(reference: Reference, frame: av.VideoFrame) -> int | None:
    luma = frame.to_ndarray(format="gray")
    height, width = luma.shape
    return reference.barcode.read(lambda x, y: float(luma[int(y * height), int(x * width)]))


def _heard(model: Path) -> list[Spoken]:
    whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=1)
    segments, _ = whisper.transcribe(
        decode_audio(str(CLIP)), language="it", beam_size=5, word_timestamps=True
    )
    whole: list[Spoken] = []
    for word in (word for segment in segments for word in segment.words or ()):
        if whole and not word.word.startswith(" "):  # `412` and `.000` are one figure
            text, start, _ = whole.pop()
            whole.append((text + word.word, start, word.end))
        else:
            whole.append((word.word, word.start, word.end))
    return [(part, start, end) for text, start, end in whole for part in plain(text)]


def _differences(
    said: Sequence[Spoken], heard: Sequence[Spoken]
) -> tuple[list[float], list[float]]:
    """Reference minus recogniser, for starts and ends of the words both agree on."""
    same = [
        (said[op.src_start + i], heard[op.dest_start + i])
        for op in Levenshtein.opcodes([w for w, _, _ in said], [w for w, _, _ in heard])
        if op.tag == "equal"
        for i in range(op.src_end - op.src_start)
    ]
    return [a[1] - b[1] for a, b in same], [a[2] - b[2] for a, b in same]


def _surnames(reference: Reference) -> int:
    names: Iterable[str] = reference.surnames
    words = [part for w in reference.words for part in plain(w.word)]
    return sum(words.count(name.lower()) for name in names)
