"""Refuse what nobody said: Whisper invents whole sentences on silence, noise and applause.

In a public record an invented line is a scandal, a missing "ehm" is not. Each rule asks
for physical evidence: a voice where the word is, and a speed at which a person can speak.
The rules on doubt are those of the Whisper paper (arXiv 2212.04356 §4.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from arengo.live.engine.captions import ends_sentence
from arengo.live.engine.words import Word, joined, plain

NO_SPEECH = 0.6
DOUBTFUL = -1.0
HOPELESS = -2.2
FASTEST_CHARS_PER_S = 30.0
REPEATED_CHARS_PER_S = 20.0  # a person who repeats a word takes a breath between
REACH_S = 0.4  # a recogniser's word times are right within this
BLOCKED_SHARE = 0.6

# What Whisper writes on noise in Italian: subtitlers' signatures and farewells of videos.
BLOCKED = tuple(
    line.strip()
    for line in """
    sottotitoli creati dalla comunita amara.org
    sottotitoli e revisione a cura di qtss
    sottotitoli a cura di qtss
    sottotitoli a cura di
    sottotitoli di
    revisione a cura di
    traduzione di
    amara.org
    qtss
    grazie per aver guardato il video
    grazie per aver guardato
    grazie per la visione
    grazie della visione
    grazie per l'ascolto e iscriviti
    iscriviti al canale
    iscrivetevi al canale
    iscriviti al nostro canale
    iscrivetevi al nostro canale
    attiva la campanella
    attivate la campanella
    lascia un like
    lasciate un like
    al prossimo video
    ci vediamo nel prossimo video
    ci vediamo al prossimo video
    alla prossima puntata
    """.splitlines()
    if line.strip()
)

Stretch = tuple[float, float]
"""From and to, in seconds of the sitting, where the voice activity model hears a voice."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The words that may be shown, and why others may not (in Italian, for the journal)."""

    words: tuple[Word, ...]
    refused: tuple[str, ...] = ()


def judge(
    words: Sequence[Word],
    voiced: Sequence[Stretch],
    *,
    no_speech: float = 0.0,
    log_probability: float = 0.0,
) -> Judgement:
    """Return the words that were said, each cut to the voice it lies on."""
    if not words:
        return Judgement(())
    reason = whole_refusal(words, voiced, no_speech, log_probability)
    if reason:
        return Judgement((), (f"{reason}: «{joined(words)}»",))
    refused: list[str] = []
    kept = list(words)
    for why, rule in (
        ("annotazione non pronunciata", without_annotations),
        ("frase inventata dal riconoscitore", without_blocked),
    ):
        kept = _applied(kept, rule(kept), why, refused)
    kept = _applied(kept, without_loops(kept, voiced), "ripetizione senza voce", refused)
    return Judgement(tuple(on_voice(kept, voiced)), tuple(refused))


def _applied(before: list[Word], after: list[Word], why: str, refused: list[str]) -> list[Word]:
    if len(after) < len(before):
        gone = [word for word in before if word not in after]
        refused.append(f"{why}: «{joined(gone)}»")
    return after


def whole_refusal(
    words: Sequence[Word], voiced: Sequence[Stretch], no_speech: float, log_probability: float
) -> str:
    """Return why nothing of it can be trusted, or nothing."""
    if no_speech > NO_SPEECH and log_probability < DOUBTFUL:
        return "il modello stesso dubita che qualcuno parli"
    if log_probability < HOPELESS:
        return "riconoscimento troppo incerto"
    span = (words[0].start - REACH_S, words[-1].end + REACH_S)
    if len(joined(words)) > FASTEST_CHARS_PER_S * voiced_s(span, voiced) + 12:
        return "più parole di quante se ne possano pronunciare"
    return ""


def without_annotations(words: Sequence[Word]) -> list[Word]:
    """Drop what stands in brackets or between notes: `[Musica]`, `(applausi)`, `♪`."""
    kept: list[Word] = []
    depth = 0
    for word in words:
        opens = word.text.startswith(("[", "(", "*", "♪"))
        depth += opens
        if not depth:
            kept.append(word)
        if depth and word.text.rstrip(".,;:!?").endswith(("]", ")", "*", "♪")):
            depth -= 1
    return kept


def without_blocked(words: Sequence[Word]) -> list[Word]:
    """Drop each sentence that is mostly a phrase of the block list.

    Mostly: "iscriviti al canale WhatsApp del Comune" may well be said in a council.
    """
    kept: list[Word] = []
    for sentence in sentences(words):
        text = " ".join(plain(word.text) for word in sentence)
        longest = max((len(phrase) for phrase in BLOCKED if phrase in text), default=0)
        if longest < BLOCKED_SHARE * len(text) or not longest:
            kept += sentence
    return kept


def sentences(words: Sequence[Word]) -> list[list[Word]]:
    """Split at full stops."""
    groups: list[list[Word]] = [[]]
    for word in words:
        groups[-1].append(word)
        if ends_sentence(word):
            groups.append([])
    return [group for group in groups if group]


def without_loops(words: Sequence[Word], voiced: Sequence[Stretch]) -> list[Word]:
    """Keep one of a phrase repeated four times or more faster than anyone repeats himself.

    "Favorevole" said by twelve councillors stays: there is voice enough for each.
    """
    kept = list(words)
    for size in range(1, 9):
        k = 0
        while k + 4 * size <= len(kept):
            end = _run_end(kept, k, size)
            run = kept[k:end]
            if len(run) >= 4 * size and _is_too_fast(run, voiced):
                del kept[k + size : end]
            k += 1
    return kept


def _run_end(words: list[Word], start: int, size: int) -> int:
    end = start + size
    while end < len(words) and plain(words[end].text) == plain(words[end - size].text):
        end += 1
    return end


def _is_too_fast(run: list[Word], voiced: Sequence[Stretch]) -> bool:
    seconds = voiced_s((run[0].start, run[-1].end), voiced)
    return len(joined(run)) > REPEATED_CHARS_PER_S * seconds


def on_voice(words: Sequence[Word], voiced: Sequence[Stretch]) -> list[Word]:
    """Drop words with no voice near them; cut the others' silence at either end."""
    return [
        _cut_to_voice(word, voiced)
        for word in words
        if voiced_s((word.start - REACH_S, word.end + REACH_S), voiced) > 0.0
    ]


def _cut_to_voice(word: Word, voiced: Sequence[Stretch]) -> Word:
    inside = [
        (max(start, word.start), min(end, word.end))
        for start, end in voiced
        if start < word.end and end > word.start
    ]
    if not inside:
        return word
    start, end = inside[0][0], inside[-1][1]
    return replace(word, start=start, end=max(end, min(word.end, start + 0.1)))


def voiced_s(span: Stretch, voiced: Sequence[Stretch]) -> float:
    """Return the seconds of voice inside a span."""
    return sum(max(0.0, min(end, span[1]) - max(start, span[0])) for start, end in voiced)
