"""The same searches find the same words on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from arengo.council.engine.search import (
    FTS5_TOKENIZER,
    SearchUnreadable,
    fts5_document,
    parse,
    to_fts5,
    to_tsquery,
    tsvector,
)
from arengo.council.engine.tests.searches import FILTERS_FOUND, HOSTILE, ROLL, SAID, WORDS_FOUND

pytestmark = pytest.mark.django_db

SQLITE = "SELECT rowid FROM said WHERE said MATCH %s ORDER BY rowid"
POSTGRESQL = "SELECT id FROM said WHERE tokens @@ %s::tsquery ORDER BY id"


@pytest.fixture(autouse=True)
def index(db: None) -> None:
    """Index the utterances in a table of the test's own, as the database at hand wants it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TEMPORARY TABLE said (id int, tokens tsvector) ON COMMIT DROP")
            insert = "INSERT INTO said VALUES (%s, %s::tsvector)"
            cursor.executemany(insert, [(key, tsvector(said)) for key, said in SAID.items()])
        else:
            cursor.execute(
                "CREATE VIRTUAL TABLE said USING fts5("
                f"tokens, content='', columnsize=0, tokenize=\"{FTS5_TOKENIZER}\")"
            )
            insert = "INSERT INTO said(rowid, tokens) VALUES (%s, %s)"
            cursor.executemany(insert, [(key, fts5_document(said)) for key, said in SAID.items()])


def found(text: str) -> list[int]:
    query = parse(text, ROLL)
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(POSTGRESQL, [to_tsquery(query)])
        else:
            cursor.execute(SQLITE, [to_fts5(query)])
        return [key for (key,) in cursor.fetchall()]


@pytest.mark.parametrize(("text", "keys"), [*WORDS_FOUND, *FILTERS_FOUND])
def test_either_database_finds_the_same(text: str, keys: list[int]) -> None:
    assert found(text) == keys


@pytest.mark.parametrize("text", HOSTILE)
def test_neither_takes_what_is_typed_for_syntax(text: str) -> None:
    try:
        keys = found(text)
    except SearchUnreadable:
        return
    assert len(keys) < len(SAID)


def test_an_utterance_is_found_by_every_word_it_holds() -> None:
    for key, said in SAID.items():
        assert key in found(f'"{said.text}"')


def test_what_is_removed_is_found_no_more() -> None:
    """Omissis: a contentless table is told again what it held; the analysis gives the same words."""
    assert found("edilizia") == [1]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DELETE FROM said WHERE id = 1")
        else:
            cursor.execute(
                "INSERT INTO said(said, rowid, tokens) VALUES ('delete', 1, %s)",
                [fts5_document(SAID[1])],
            )
    assert found("edilizia") == found('"via Sempione"') == []
    assert found('persona:"de santis"') == [4]
