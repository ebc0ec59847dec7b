"""Write cues as WebVTT, SubRip, TTML and plain transcript.

WebVTT: W3C, 2019; in HLS, RFC 8216 §3.5 (X-TIMESTAMP-MAP; a cue that crosses a segment
boundary stands, whole and identical, in both). TTML: W3C TTML1 in the shape of EBU-TT-D.
Cues without lines (withdrawn ones) are left out everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from html import escape

from arengo.live.engine.captions import Cue

NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
PARAGRAPH_S = 20.0  # a transcript's paragraph is at least this long, unless a silence ends it
SILENCE_S = 3.0


def latest(cues: Iterable[Cue]) -> list[Cue]:
    """Return the last revision of each cue that still has lines, by start time."""
    newest: dict[str, Cue] = {}
    for cue in cues:
        if cue.id not in newest or cue.rev >= newest[cue.id].rev:
            newest[cue.id] = cue
    return sorted((c for c in newest.values() if c.lines), key=lambda cue: (cue.start, cue.id))


def segment_vtt(cues: Iterable[Cue], start: float, end: float) -> str:
    """Return the WebVTT file beside the media segment [start, end) of the sitting, in seconds."""
    inside = [cue for cue in cues if cue.lines and cue.start < end and cue.end > start]
    return "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n" + _vtt_blocks(inside)


def whole_vtt(cues: Iterable[Cue]) -> str:
    """Return one WebVTT file of all cues."""
    return "WEBVTT\n\n" + _vtt_blocks(cue for cue in cues if cue.lines)


def srt(cues: Iterable[Cue]) -> str:
    """Return a SubRip file. It has no way to escape: arrows and angle brackets are replaced."""
    blocks = [
        f"{k}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n"
        + "\n".join(_srt_text(line) for line in cue.lines)
        for k, cue in enumerate((cue for cue in cues if cue.lines), start=1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def ttml(cues: Iterable[Cue], title: str = "", language: str = "it") -> str:
    """Return a TTML document: one region at the bottom, one paragraph a cue."""
    paragraphs = "\n".join(_ttml_paragraph(cue) for cue in cues if cue.lines)
    return TTML.format(
        language=escape(language), title=escape(_clean(title)), paragraphs=paragraphs
    )


TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xml:lang="{language}" ttp:timeBase="media" ttp:cellResolution="50 30">
<head>
<metadata><ttm:title>{title}</ttm:title></metadata>
<styling><style xml:id="caption" tts:fontFamily="sansSerif" tts:fontSize="100%" \
tts:lineHeight="normal" tts:textAlign="center" tts:color="#FFFFFF" \
tts:backgroundColor="#000000"/></styling>
<layout><region xml:id="bottom" tts:origin="10% 75%" tts:extent="80% 20%" \
tts:displayAlign="after"/></layout>
</head>
<body><div style="caption">
{paragraphs}
</div></body>
</tt>
"""


Who = Callable[[float, float], str]
"""Who speaks in a stretch of the sitting; empty when not known."""


def _nobody(start: float, end: float) -> str:
    return ""


def transcript(cues: Iterable[Cue], who: Who = _nobody) -> str:
    """Return readable text: paragraphs, each behind its time `[h:mm:ss]`.

    Where it changes who speaks, and that is known, the name stands on a line of its own.
    """
    blocks: list[str] = []
    last = ""
    for group in paragraphs([cue for cue in cues if cue.lines], who):
        name = who(group[0].start, group[0].end)
        text = " ".join(_clean(" ".join(cue.lines)) for cue in group)
        head = f"{_clean(name)}\n" if name and name != last else ""
        blocks.append(f"{head}[{_short_clock(group[0].start)}] {text}")
        last = name
    return "\n\n".join(blocks) + "\n"


def paragraphs(cues: Sequence[Cue], who: Who = _nobody) -> list[list[Cue]]:
    """Group cues: a paragraph ends at a silence, a new speaker, or the first full stop after 20 s."""
    groups: list[list[Cue]] = []
    last = ""
    for cue in cues:
        name = who(cue.start, cue.end)
        if not groups or name != last or _is_over(groups[-1], cue):
            groups.append([])
        groups[-1].append(cue)
        last = name
    return groups


def _is_over(group: list[Cue], following: Cue) -> bool:
    last = group[-1]
    is_long = last.end - group[0].start >= PARAGRAPH_S
    is_sentence = last.lines[-1].endswith((".", "?", "!", "…"))
    return following.start - last.end >= SILENCE_S or (is_long and is_sentence)


def _vtt_blocks(cues: Iterable[Cue]) -> str:
    return "\n".join(
        f"{_clean(cue.id)}\n{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n"
        + "".join(f"{escape(_clean(line), quote=False)}\n" for line in cue.lines)
        for cue in cues
    )


def _ttml_paragraph(cue: Cue) -> str:
    text = "<br/>".join(escape(_clean(line), quote=False) for line in cue.lines)
    times = f'begin="{_clock(cue.start, ".")}" end="{_clock(cue.end, ".")}"'
    return f'<p xml:id="{escape(_clean(cue.id))}" region="bottom" {times}>{text}</p>'


def _srt_text(line: str) -> str:
    return _clean(line).replace("-->", "→").replace("<", "‹").replace(">", "›")


def _clean(text: str) -> str:
    """Drop what no subtitle format may hold: control characters, line ends, lone surrogates."""
    return NOT_TEXT.sub(" ", text).strip() or "·"


def _clock(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(max(seconds, 0.0) * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{mark}{milliseconds:03d}"


def _short_clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
