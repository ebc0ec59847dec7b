"""What the names of old recordings tell, and what is wrong in a list of them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.record.engine.past import read_manifest, told_by_name


@pytest.mark.parametrize(
    ("stem", "on", "at", "title"),
    [
        ("2019-03-28 Consiglio comunale", date(2019, 3, 28), time(21), "Consiglio comunale"),
        ("20190328", date(2019, 3, 28), time(21), "Consiglio comunale del 28 marzo 2019"),
        ("28.03.2019_ore_20.30", date(2019, 3, 28), time(20, 30), "Consiglio comunale del 28 marzo 2019"),
        ("Bilancio del 1 Aprile 2021 [dQw4w9WgXcQ]", date(2021, 4, 1), time(21), "Bilancio"),
        ("CC_2020-02-31_2020-03-01", date(2020, 3, 1), time(21), "CC 2020-02-31"),
    ],
)  # fmt: skip
def test_a_name_tells_the_date_and_the_title(stem: str, on: date, at: time, title: str) -> None:
    told = told_by_name(stem)
    assert told is not None
    assert (told.on, told.at, told.title) == (on, at, title)


def test_a_name_without_a_date_tells_nothing() -> None:
    assert told_by_name("consiglio comunale 12345678901") is None


def test_each_wrong_cell_of_a_list_is_told_and_the_other_rows_stay() -> None:
    text = (
        "File;Data;Ora;Titolo\n"
        "a.mp4;2019-03-28;21:00;Bilancio\n"
        "b.mp4;31/02/2019;25:00;\n"
        "c.mp4;2019-03-29;;\n"
        "a.mp4;2019-03-30;;\n"
    )
    found = read_manifest(text, ["a.mp4", "b.mp4"])
    assert list(found.rows) == ["a.mp4"]
    assert found.rows["a.mp4"].title == "Bilancio"
    assert found.problems == (
        "Elenco, riga 3, colonna data: «31/02/2019» non è una data: scrivi AAAA-MM-GG.",
        "Elenco, riga 3, colonna ora: «25:00» non è un'ora: scrivi HH:MM.",
        "Elenco, riga 4, colonna file: «c.mp4» non è nella cartella.",
        "Elenco, riga 5, colonna file: «a.mp4» c'è già in una riga sopra.",
    )


def test_a_list_without_its_columns_says_which_are_wanted() -> None:
    assert "file, data" in read_manifest("nome,quando\nx,y\n", ["x"]).problems[0]


@given(st.text(max_size=300))
def test_whatever_is_written_is_read_or_told_wrong(text: str) -> None:
    read_manifest(text, ["a.mp4"])
    told_by_name(text)
