"""Cues keep within the limits, break at clauses, keep their ids, and lose no word."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.captions import LIMITS, Captioner, Cue, cut, layout
from arengo.live.engine.words import Word

SPEECH = (
    "Buonasera a tutti, diamo inizio alla seduta del consiglio comunale. La parola al segretario "
    "per l'appello. Passiamo al primo punto all'ordine del giorno, che riguarda la variazione al "
    "bilancio di previsione, e do la parola all'assessore per la relazione."
)


def spoken(text: str, start: float = 0.0, chars_per_s: float = 14.0) -> list[Word]:
    """Return the words of a text said at an even speed."""
    words = []
    for token in text.split():
        end = start + (len(token) + 1) / chars_per_s
        words.append(Word(start, end, token))
        start = end
    return words


@st.composite
def speeches(draw: st.DrawFn) -> list[Word]:
    """Any words, some very long, at any speed, with any pauses."""
    texts = st.text("abcèàoi'.,", min_size=1, max_size=60)
    at = 0.0
    words = []
    for _ in range(draw(st.integers(1, 25))):
        at += draw(st.sampled_from([0.0, 0.0, 0.1, 0.5, 2.0, 30.0]))
        length = draw(st.floats(0.0, 9.0))
        words.append(Word(round(at, 3), round(at + length, 3), draw(texts)))
        at += length
    return words


def run(words: list[Word], sizes: list[int]) -> list[Cue]:
    """Feed words in groups, a final pass after every second group; return all that was said."""
    captioner = Captioner()
    said: list[Cue] = []
    pending: list[Word] = []
    k = 0
    for turn, size in enumerate(sizes):
        group = words[k : k + size]
        k += size
        pending += group
        said += captioner.draft(group)
        if turn % 2 and pending:
            said += captioner.settle(pending, pending[-1].end, is_pause=turn % 4 == 3)
            pending = []
    said += captioner.draft(words[k:])
    pending += words[k:]
    until = pending[-1].end if pending else words[-1].end
    return said + captioner.settle(pending, until, is_pause=True)


def last(cues: list[Cue]) -> list[Cue]:
    """Return the last revision of each cue that was not withdrawn."""
    newest = {cue.id: cue for cue in cues}
    return sorted((cue for cue in newest.values() if cue.lines), key=lambda cue: cue.start)


@pytest.mark.slow
@given(speeches(), st.lists(st.integers(1, 6), max_size=12))
def test_no_revision_ever_breaks_a_limit(words: list[Word], sizes: list[int]) -> None:
    for cue in run(words, sizes):
        assert len(cue.lines) <= 2
        assert all(0 < len(line) <= LIMITS.line_chars for line in cue.lines)
        shown = cue.end - cue.start
        assert not cue.lines or 0.999 <= shown <= LIMITS.longest_s + 0.001
        assert len(" ".join(cue.lines)) <= LIMITS.chars_per_s * shown + 0.05


@pytest.mark.slow
@given(speeches(), st.lists(st.integers(1, 6), max_size=12))
def test_last_revisions_hold_every_word_once_in_order_and_never_overlap(
    words: list[Word], sizes: list[int]
) -> None:
    cues = last(run(words, sizes))
    assert all(cue.is_final for cue in cues)
    assert "".join("".join(cue.lines) for cue in cues).replace(" ", "") == "".join(
        word.text for word in words
    )
    for one, two in itertools.pairwise(cues):
        assert one.end <= two.start


@pytest.mark.slow
@given(speeches(), st.lists(st.integers(1, 6), max_size=12))
def test_revisions_count_up_and_nothing_changes_once_final(
    words: list[Word], sizes: list[int]
) -> None:
    seen: dict[str, Cue] = {}
    for cue in run(words, sizes):
        if cue.id in seen:
            assert cue.rev == seen[cue.id].rev + 1
            assert not seen[cue.id].is_final
        else:
            assert cue.rev == 0
        seen[cue.id] = cue


def test_sentences_end_cues_and_articles_never_do() -> None:
    ends = [group[-1].text for group in cut(spoken(SPEECH))]
    assert "comunale." in ends
    assert "l'appello." in ends
    assert not {"al", "la", "del", "e", "di"} & set(ends)


def test_two_lines_break_after_the_comma() -> None:
    lines = layout(spoken("Passiamo al primo punto, che riguarda il bilancio di previsione"))
    assert lines == ("Passiamo al primo punto,", "che riguarda il bilancio di previsione")


def test_a_line_already_shown_does_not_reflow_as_the_cue_grows() -> None:
    captioner = Captioner()
    words = spoken("Il consiglio approva la proposta del gruppo con dodici voti favorevoli oggi")
    shown = [cue.lines[0] for k in range(0, 12, 2) for cue in captioner.draft(words[k : k + 2])]
    wrapped = shown[-2:]
    assert wrapped[0] == wrapped[1]


def test_a_long_silence_ends_a_cue() -> None:
    words = spoken("Presente") + spoken("Presente", start=5.0)
    assert [(cue.start, cue.lines) for cue in last(run(words, []))] == [
        (0.0, ("Presente",)),
        (5.0, ("Presente",)),
    ]


def test_a_correction_keeps_the_ids_of_the_cues_it_corrects() -> None:
    captioner = Captioner()
    drafts = captioner.draft(spoken(SPEECH.replace("segretario", "segretaio")))
    finals = captioner.settle(spoken(SPEECH), 100.0, is_pause=True)
    assert {cue.id for cue in finals} == {cue.id for cue in drafts}
    assert "segretario" in " ".join(line for cue in last(finals) for line in cue.lines)


def test_words_taken_back_by_the_final_pass_withdraw_their_cue() -> None:
    captioner = Captioner()
    (draft,) = captioner.draft(spoken("Iscriviti al canale"))
    (withdrawn,) = captioner.settle([], 10.0, is_pause=True)
    assert (withdrawn.id, withdrawn.rev, withdrawn.lines) == (draft.id, 1, ())


def test_without_a_pause_an_unfinished_cue_waits_for_the_words_that_follow() -> None:
    captioner = Captioner()
    words = spoken("Il sindaco risponde alla interrogazione del consigliere Bianchi.")
    first = captioner.settle(words[:5], words[4].end, is_pause=False)
    assert [cue.is_final for cue in first] == [False]
    assert captioner.settled_until == 0.0
    second = captioner.settle(words[5:], words[-1].end, is_pause=True)
    assert [cue.id for cue in second if cue.is_final] == [first[0].id]


def test_fast_speech_is_shown_later_rather_than_too_briefly() -> None:
    cues = last(run(spoken(SPEECH, chars_per_s=22.0), []))
    assert cues[-1].start > spoken(SPEECH, chars_per_s=22.0)[-12].start
    assert all(len(" ".join(c.lines)) <= 17.0 * (c.end - c.start) + 0.05 for c in cues)
