"""The machine's words of a sitting as a file: written once, before the first edit, never again.

`transcript.jsonl` in the sitting's folder holds a speech a line, with the ids that edits name. It
is read back only where its sha256 is the one that the database noted.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from arengo.live.studio.recorder import write_atomically
from arengo.record.engine.transcript import Transcript
from arengo.record.engine.words import Segment, Voice, Word

NAME = "transcript.jsonl"


def sha256_of(transcript: Transcript) -> str:
    """Return the sha256 of the file that `write_base` makes of a transcript."""
    return hashlib.sha256(_lines(transcript)).hexdigest()


def write_base(folder: Path, transcript: Transcript) -> None:
    """Write a transcript that nobody has edited, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / NAME, _lines(transcript))


def read_base(folder: Path, sha256: str) -> Transcript | None:
    """Return the transcript that was written; None where the file is another or is not there."""
    try:
        data = (folder / NAME).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != sha256:
        return None
    return Transcript(tuple(_segment(line) for line in data.splitlines()))


def _lines(transcript: Transcript) -> bytes:
    return b"".join(_line(one) for one in transcript.segments)


def _line(one: Segment) -> bytes:
    facts = {
        "id": one.id,
        "speaker": one.voice.speaker,
        "confidence": one.voice.confidence,
        "words": [[w.id, w.start_s, w.end_s, w.text, w.confidence] for w in one.words],
    }
    return json.dumps(facts, separators=(",", ":")).encode() + b"\n"


def _segment(line: bytes) -> Segment:
    facts = json.loads(line)
    words = tuple(Word(*word) for word in facts["words"])
    return Segment(facts["id"], Voice(facts["speaker"], facts["confidence"]), words)
