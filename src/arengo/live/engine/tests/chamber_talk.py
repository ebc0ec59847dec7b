"""A small council that talks: lines of who says what, to words with times, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.live.engine.sentences import Attendee
from arengo.live.engine.speakers import Evidence, Hall, Span, attribute
from arengo.live.engine.words import Word

WORD_S, TURN_S = 0.4, 0.6
PEOPLE = (
    Attendee("pres", "Ambrogio Colnaghi", "Presidente del Consiglio"),
    Attendee("segr", "Loredana Ripamonti", "Segretaria generale"),
    Attendee("sind", "Marta Valtorta", "Sindaca"),
    Attendee("ass", "Giorgio Pozzoli", "Assessore al Bilancio"),
    Attendee("rossi", "Anna Rossi", "Consigliera"),
    Attendee("bianchi", "Luca Bianchi", "Consigliere"),
    Attendee("santis", "Pia De Santis", "Consigliera"),
    Attendee("neri1", "Ugo Neri", "Consigliere"),
    Attendee("neri2", "Ida Neri", "Consigliera"),
)
KNOWN = frozenset(
    str.split("""allora anche approva aperta astenuti buonasera che chiedo colleghi consigliera consigliere
    contrari del di grazie il in la lavori marciapiedi ordine parla per presente presidente primo
    punto quando sono sui tutti un via voto""")
)
HALL = Hall(PEOPLE, chair="pres", secretary="segr", seats={"3": "rossi", "4": "bianchi", "1": "pres"},
            known=KNOWN)  # fmt: skip


def spoken(*lines: str, start_s: float = 1.0) -> tuple[Word, ...]:
    """Return the words of lines said one after the other, with a silence between."""
    words: list[Word] = []
    at_s = start_s
    for line in lines:
        for text in line.split():
            words.append(Word(at_s, at_s + WORD_S - 0.1, text))
            at_s += WORD_S
        at_s += TURN_S
    return tuple(words)


def voices(*lines: str, hall: Hall = HALL) -> list[str | None]:
    """Return who is said to speak in the middle of each line, from the words alone."""
    words = spoken(*lines)
    spans = attribute(hall, Evidence(words=words), 0, words[-1].end)
    out: list[str | None] = []
    k = 0
    for line in lines:
        count = len(line.split())
        out.append(who(spans, (words[k].start + words[k + count - 1].end) / 2))
        k += count
    return out


def who(spans: Sequence[Span], at_s: float) -> str | None:
    """Return who speaks at a time."""
    return next(span.member for span in spans if span.start_s <= at_s < span.end_s)
