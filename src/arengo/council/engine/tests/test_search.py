"""Search: how Italian is folded, what is typed, and what SQLite then finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from arengo.council.engine.italian import fold, forms, stem, tokens
from arengo.council.engine.search import (
    FTS5_TOKENIZER,
    Phrase,
    Query,
    SearchUnreadable,
    Utterance,
    Word,
    fts5_document,
    key_range,
    matches,
    parse,
    row_key,
    to_fts5,
    to_tsquery,
)
from arengo.council.engine.tests.searches import FILTERS_FOUND, HOSTILE, ROLL, SAID, WORDS_FOUND

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE words USING fts5("
        f"tokens, content='', columnsize=0, tokenize=\"{FTS5_TOKENIZER}\")"
    )
    for key, said in SAID.items():
        database.execute(
            "INSERT INTO words(rowid, tokens) VALUES (?, ?)", (key, fts5_document(said))
        )
    yield database
    database.close()


def found(index: sqlite3.Connection, text: str) -> list[int]:
    sql = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid"
    return [key for (key,) in index.execute(sql, (to_fts5(parse(text, ROLL)),))]


@pytest.mark.parametrize(
    ("text", "keys"),
    WORDS_FOUND,
)
def test_what_is_said_is_found_however_it_is_typed(
    index: sqlite3.Connection, text: str, keys: list[int]
) -> None:
    assert found(index, text) == keys


@pytest.mark.parametrize(
    ("text", "keys"),
    FILTERS_FOUND,
)
def test_filters_narrow_to_people_items_and_votes(
    index: sqlite3.Connection, text: str, keys: list[int]
) -> None:
    assert found(index, text) == keys


def test_a_name_on_the_roll_is_not_stemmed_and_any_other_is() -> None:
    assert parse("rossi", ROLL).terms == (Word("rossi", is_exact=True),)
    assert parse("rossi").terms == (Word("rossi"),)
    assert "de" in forms("Anna De Santis")
    assert {"santis", "rossi", "angelo"} <= ROLL
    assert "d" not in ROLL


def test_a_query_is_a_small_tree() -> None:
    query = parse('scuole "in via Po" persona:Rossi punto:3 voto:approvato dal:1/3/2026 al:2026')
    assert query == Query(
        terms=(Word("scuole"), Phrase(("in", "via", "po"))),
        people=(("rossi",),),
        items=(("3",),),
        votes=("approved",),
        since=date(2026, 3, 1),
        until=date(2026, 12, 31),
    )
    assert to_fts5(query) == (
        '("scuol") AND ("=in =via =po") AND ("v_approved") AND ("p_rossi") AND ("n_3")'
    )
    assert to_tsquery(query) == (
        "('scuol') & ('=in' <-> '=via' <-> '=po') & ('v_approved') & ('p_rossi') & ('n_3')"
    )


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("dal:2026", date(2026, 1, 1), None),
        ("al:2/2028", None, date(2028, 2, 29)),
        ("al:2027-02", None, date(2027, 2, 28)),
        ("dal:2026-03-01 al:01.04.2026", date(2026, 3, 1), date(2026, 4, 1)),
        ("dal: 1-3-2026, ", date(2026, 3, 1), None),
        ("dal:2025 dal:2026", date(2026, 1, 1), None),
    ],
)
def test_days_are_read_as_they_are_written(
    text: str, since: date | None, until: date | None
) -> None:
    query = parse(text)
    assert (query.since, query.until) == (since, until)
    assert to_fts5(query) == to_tsquery(query) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Niente da cercare: scrivi almeno una parola"),
        ("😀😀 !!! …", "Niente da cercare: scrivi almeno una parola"),
        ('""', "Niente da cercare"),
        ("x" * 10_000, r"usa al massimo 300 caratteri \(ne hai scritti 10000\)"),
        ("b1 b2 b3 b4 b5 b6 b7 b8 b9 c1 c2 c3 c4 c5 c6 c7 c8 c9 d1 d2 d3 d4 d5 d6 d7 d8 d9 e1 e2 e3 e4",
         "Troppe parole: usane al massimo 30"),
        ("dal:31/02/2026", "dal:31/02/2026: la data non esiste"),
        ("al:13/2026", "al:13/2026: la data non esiste"),
        ("al:0/2026", "al:0/2026: la data non esiste"),
        ("dal:ieri", "Scrivila così: dal:01/03/2026"),
        ("dal:0001", "la data non esiste"),
        ("dal:²⁰²⁶", "la data non esiste"),
        ("dal:2027 al:2026", "il 31/12/2026 viene prima del 01/01/2027"),
        ("persona:", "scrivi un nome, per esempio persona:Rossi"),
        ('scuola persona:"" dal:2026', "scrivi un nome"),
        ("punto:?", "punto:3 o punto:bilancio"),
        ("voto:forse", "voto:forse: scrivi approvato, respinto"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_plain_words(text: str, sentence: str) -> None:
    with pytest.raises(SearchUnreadable, match=sentence):
        parse(text)


def test_omissis_leaves_no_word_in_the_file_once_the_index_is_optimised(tmp_path: Path) -> None:
    """Deleting alone hides the words and leaves their bytes: whoever cuts must optimise too."""
    secret = fts5_document(Utterance("abita con la madre Zuzzurellona"))
    database = sqlite3.connect(tmp_path / "search.sqlite3")
    database.executescript(
        "PRAGMA secure_delete=ON; CREATE VIRTUAL TABLE words USING fts5("
        f"tokens, content='', columnsize=0, tokenize=\"{FTS5_TOKENIZER}\")"
    )
    for key, tokens_ in [(1, "uno"), (2, secret), (3, "tre")]:
        with database:
            database.execute("INSERT INTO words(rowid, tokens) VALUES (?, ?)", (key, tokens_))
    with database:
        delete = "INSERT INTO words(words, rowid, tokens) VALUES ('delete', 2, ?)"
        database.execute(delete, (secret,))
    assert b"zuzzurellon" in (tmp_path / "search.sqlite3").read_bytes()
    with database:
        database.execute("INSERT INTO words(words) VALUES ('optimize')")
    assert b"zuzzurellon" not in (tmp_path / "search.sqlite3").read_bytes()
    assert database.execute("SELECT rowid FROM words WHERE words MATCH 'tre'").fetchall() == [(3,)]
    database.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_is_taken_for_syntax(index: sqlite3.Connection, text: str) -> None:
    try:
        keys = found(index, text)
    except SearchUnreadable:
        return
    assert len(keys) < len(SAID)


def test_marks_of_the_index_cannot_be_typed(index: sqlite3.Connection) -> None:
    assert found(index, "p_rossi") == []
    assert found(index, "v_against") == []
    assert to_fts5(parse("=piano")) == to_fts5(parse("piano"))


@UNHURRIED
@given(text=st.text(max_size=300))
def test_anything_typed_is_a_refusal_or_a_query_that_sqlite_reads(
    index: sqlite3.Connection, text: str
) -> None:
    try:
        query = parse(text, ROLL)
    except SearchUnreadable:
        return
    match = to_fts5(query)
    assert set(match) - set('"=_() ') <= {c for c in match if c.isalnum()}
    if match:
        index.execute("SELECT rowid FROM words WHERE words MATCH ?", (match,)).fetchall()


@UNHURRIED
@given(text=st.text(min_size=1, max_size=80))
def test_whatever_is_said_is_found_by_saying_it_again(index: sqlite3.Connection, text: str) -> None:
    said = forms(text)
    assume(said)
    index.execute("SAVEPOINT said")
    index.execute(
        "INSERT INTO words(rowid, tokens) VALUES (99, ?)", (fts5_document(Utterance(text)),)
    )
    phrase = to_fts5(Query(terms=(Phrase(said),)))
    sql = "SELECT rowid FROM words WHERE words MATCH ?"
    keys = [key for (key,) in index.execute(sql, (phrase,))]
    index.execute("ROLLBACK TO said")
    assert 99 in keys


@UNHURRIED
@given(text=st.text(max_size=60))
def test_folding_twice_is_folding_once_and_leaves_letters_and_figures(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == "" or once.isalnum()


@UNHURRIED
@given(text=st.text(max_size=200))
def test_words_stand_where_they_are_said_to_stand(text: str) -> None:
    words = list(tokens(text))
    assert tuple(word.form for word in words) == forms(text)
    for before, after in pairwise(words):
        assert before.end <= after.start
    assert all(word.form[:1] in fold(text[word.start : word.end]) for word in words)


def test_every_apostrophe_parts_an_article_from_its_word() -> None:
    for apostrophe in "'’‘ʼ′`´":
        assert forms(f"dell{apostrophe}aula") == ("dell", "aula")
        assert parse(f"dell{apostrophe}aula").terms == (Word("aula"),)


def test_accents_written_apart_are_the_same_letters() -> None:
    assert forms("citta\u0300 Perche\u0301") == ("citta", "perche") == forms("città perché")


@pytest.mark.parametrize(
    "pair",
    str.split("""atto/atti anno/anni parere/pareri edificio/edifici ora/ore uso/usi delibera/delibere
    consigliere/consiglieri consigliera/consiglieri quartiere/quartieri carattere/caratteri
    telecamera/telecamere via/vie scuola/scuole banca/banche luogo/luoghi beneficio/benefici
    operaio/operai popolare/popolari stipendio/stipendi anziano/anziani chiave/chiavi
    commercio/commerci albo/albi parcheggio/parcheggi edilizia/edilizie imposta/imposte
    approvare/approvato approvazione/approvati assessore/assessori"""),
)
def test_two_inflections_share_a_stem(pair: str) -> None:
    one, other = pair.split("/")
    assert stem(one) == stem(other)


@pytest.mark.parametrize("pair", ["consigliere/consiglio", "parere/parete", "genere/gente"])
def test_different_words_do_not(pair: str) -> None:
    one, other = pair.split("/")
    assert stem(one) != stem(other)


@UNHURRIED
@given(form=st.text(alphabet="abcdefghilmnopqrstuvz", min_size=1, max_size=20))
def test_a_stem_is_never_empty_nor_longer(form: str) -> None:
    assert 0 < len(stem(form)) <= len(form)


def test_the_words_that_matched_are_marked_in_the_text_as_it_is() -> None:
    text = SAID[1].text
    query = parse('scuola edilizie "via sempione"')
    marked = [text[start:end] for start, end in matches(query, text)]
    assert marked == ["edilizia", "via Sempione"]
    assert matches(parse("persona:Rossi"), text) == ()


def test_rows_are_in_order_of_day_and_ranges_hold_one_comune() -> None:
    day = date(2026, 11, 30)
    keys = [
        row_key("015170", date(2026, 11, 29), 31, 1_048_575),
        row_key("015170", day, 0, 0),
        row_key("015170", day, 0, 1),
        row_key("015170", day, 1, 0),
        row_key("015171", date(1990, 1, 1), 0, 0),
    ]
    assert keys == sorted(set(keys))
    assert keys[-1] < 2**63
    first, last = key_range("015170", day, day)
    assert [first <= key <= last for key in keys] == [False, True, True, True, False]
    first, last = key_range("015170")
    assert [first <= key <= last for key in keys] == [True, True, True, True, False]


@UNHURRIED
@given(
    comune=st.integers(1, 999_999).map(lambda code: f"{code:06}"),
    day=st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    sitting=st.integers(0, 31),
    order=st.integers(0, 1_048_575),
)
def test_a_row_is_inside_the_range_of_its_day_and_fits_a_column(
    comune: str, day: date, sitting: int, order: int
) -> None:
    key = row_key(comune, day, sitting, order)
    assert key_range(comune, day, day)[0] <= key <= key_range(comune, day, day)[1]
    assert 0 < key < 2**63


def test_a_row_out_of_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="32 does not fit 5 bits"):
        row_key("015170", date(2026, 1, 1), 32, 0)
