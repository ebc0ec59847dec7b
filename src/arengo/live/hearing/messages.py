"""The JSON lines a hearing process writes, one object a line."""

from __future__ import annotations

import json

from arengo.live.engine.captions import Cue
from arengo.live.hearing.pace import Delays
from arengo.live.hearing.stream import Committed, Notice, Output, Partial

Message = dict[str, object]


def message(output: Output) -> Message:
    """Return what is written for a stream's output."""
    match output:
        case Cue():
            return cue_message(output)
        case Partial(start, end, text):
            return {"type": "partial", "start": _ms(start), "end": _ms(end), "text": text}
        case Committed(until):
            return {"type": "committed", "until": _ms(until)}
        case Notice(code, text):
            return {"type": "notice", "code": code, "message": text}


def cue_message(cue: Cue) -> Message:
    """Return a cue; no lines means that it is withdrawn."""
    return {
        "type": "cue",
        "id": cue.id,
        "rev": cue.rev,
        "start": _ms(cue.start),
        "end": _ms(cue.end),
        "lines": list(cue.lines),
        "final": cue.is_final,
        "words": [[_ms(w.start), _ms(w.end), w.text, w.probability, True] for w in cue.words],
    }


def metric(delays: Delays, backlog_s: float) -> Message:
    """Return the figures of the last minute."""
    return {
        "type": "metric",
        "delay_mean_s": round(delays.mean_s, 2),
        "delay_p95_s": round(delays.p95_s, 2),
        "backlog_s": round(backlog_s, 2),
    }


def line(content: Message) -> str:
    """Return one line of JSON."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _ms(seconds: float) -> float:
    return round(seconds, 3)
