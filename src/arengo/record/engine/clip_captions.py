"""Captions drawn into a clip, with a last card that says where it comes from.

Source: the SubStation Alpha format as libass reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arengo.council.engine.record.cleaning import clean

WIDTH, HEIGHT = 1280, 720  # the script's own pixels: libass scales them to the picture's
HEAD = f"""[Script Info]
ScriptType: v4.00+
PlayResX: {WIDTH}
PlayResY: {HEIGHT}
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV
Style: Words,DejaVu Sans,34,&H00FFFFFF,&H00000000,&H40000000,0,3,6,0,2,80,80,36
Style: Card,DejaVu Sans,34,&H00FFFFFF,&H004D3217,&H004D3217,0,1,0,0,5,90,90,60

[Events]
Format: Layer, Start, End, Style, Text
"""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption with its seconds of the sitting."""

    start_s: float
    end_s: float
    text: str


def ass(
    captions: Iterable[Caption], *, start_s: float, end_s: float, card: Sequence[str], card_s: float
) -> str:
    """Return the script of a clip from `start_s` to `end_s`, with `card` for `card_s` after it."""
    length_s = end_s - start_s
    lines = [
        _event(
            max(0.0, one.start_s - start_s), min(length_s, one.end_s - start_s), "Words", one.text
        )
        for one in captions
        if one.start_s < end_s and one.end_s > start_s
    ]
    return HEAD + "".join([*lines, _event(length_s, length_s + card_s, "Card", "\n".join(card))])


def _event(start_s: float, end_s: float, style: str, text: str) -> str:
    return f"Dialogue: 0,{_time(start_s)},{_time(end_s)},{style},{_text(text)}\n"


def _text(text: str) -> str:
    """Return words with nothing that the format would obey: braces and backslashes look alike."""
    plain = clean(text).replace("\\", "⧵").replace("{", "(").replace("}", ")")
    return "\\N".join(part.strip() for part in plain.splitlines() if part.strip())


def _time(at_s: float) -> str:
    """Return «0:01:02.30»."""
    hundredths = round(at_s * 100)
    seconds, rest = divmod(hundredths, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"
