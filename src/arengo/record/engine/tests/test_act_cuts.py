"""A frozen document loses the omitted words, and keeps its shape."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.record.document import (
    Document,
    Paragraph,
    Section,
    Span,
    Speech,
    nodes,
    words_of,
)
from arengo.council.engine.record.facts import SpokenWord
from arengo.record.engine.act_cuts import cut, holds
from arengo.record.engine.omissis import MARK, Cut

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
TEXT = "la signora Neri soffre di asma"
SAID = tuple(SpokenWord(word, n * 1.0, n + 1.0) for n, word in enumerate(TEXT.split()))


def document(*notes: str, text: str = TEXT, end_s: float = 6.0) -> Document:
    quote = Paragraph(text, spans=(Span(0, 0.0, end_s),), kind="verbatim")
    speech = Speech("1", "Beretta", "member", "speech", "Interviene", (quote,), (3,), AT, AT, True)
    blocks: tuple[Speech | Paragraph, ...] = (speech, *(Paragraph(note) for note in notes))
    return Document("verbale", "Verbale", "Bozza.", (Section("item", "Punto", blocks, (3,)),))


def test_only_the_words_that_are_cut_go_where_the_text_is_what_was_said() -> None:
    made = cut(document(), [Cut(2, 4)], SAID, label="Copia con omissis.")
    assert f"la signora {MARK} di asma" in words_of(made)
    assert made.label == "Copia con omissis. Bozza."


def test_a_text_that_was_corrected_since_goes_whole() -> None:
    made = cut(document(text="la sig.ra Neri soffre di asma"), [Cut(2, 4)], SAID, label="Copia.")
    assert "Neri" not in words_of(made)
    assert "asma" not in words_of(made)


def test_a_note_that_repeats_the_paragraph_goes_with_it() -> None:
    note = f"Dove è scritto «{TEXT}» si legga «la signora Neri sta bene»."
    made = words_of(cut(document(note, "Altra nota."), [Cut(2, 3)], SAID, label="Copia."))
    assert "Neri" not in made
    assert "Altra nota." in made


def test_a_document_that_quotes_other_seconds_holds_nothing() -> None:
    assert holds(document(), [Cut(5.5, 9)])
    assert not holds(document(), [Cut(6, 9)])
    assert not holds(document("Neri"), [])


@given(st.floats(0, 7), st.floats(0.01, 7), st.floats(1, 6))
def test_no_word_that_is_cut_stays_and_no_paragraph_is_lost(
    start_s: float, length_s: float, end_s: float
) -> None:
    read = document(end_s=end_s)
    cuts = [Cut(start_s, start_s + length_s)]
    made = cut(read, cuts, SAID, label="Copia.")
    assert len(list(nodes(made))) == len(list(nodes(read)))
    if holds(read, cuts):
        left = words_of(made).split()
        assert not any(cuts[0].meets(w.start_s, w.end_s) and w.text in left for w in SAID)
