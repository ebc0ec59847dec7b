"""The roll is read from what a segreteria has, and corrected by reading it again."""

from __future__ import annotations

import pytest

from arengo.council.errors import RollUnreadable
from arengo.council.operations import add_councillors
from arengo.council.queries import list_names
from arengo.council.roll import RollLine, read_roll
from arengo.kernel.models import Comune

ANNA = RollLine("Anna Dell’Orto", "Sindaca", "Insieme")


@pytest.mark.parametrize(
    "text",
    [
        "nome;carica;gruppo\nAnna Dell’Orto;Sindaca;Insieme\n",
        "\ufeffNome,Carica,Gruppo\r\nAnna  Dell’Orto,Sindaca,Insieme\r\n\r\n",
        "Anna Dell’Orto\tSindaca\tInsieme",
        'Anna Dell’Orto;Sindaca;Insieme;"una colonna in più"',
    ],
    ids=["semicolons", "commas with BOM", "tabs", "one column more"],
)
def test_a_roll_is_read_however_it_was_saved(text: str) -> None:
    assert read_roll(text) == (ANNA,)


def test_a_name_alone_is_enough() -> None:
    assert read_roll("Anna Bo\nUgo Fo\n") == (RollLine("Anna Bo"), RollLine("Ugo Fo"))


def test_a_line_without_a_name_is_named() -> None:
    with pytest.raises(RollUnreadable, match="Riga 2"):
        read_roll("Anna Bo;Sindaca\n;Assessore\n")


def test_reading_the_roll_again_corrects_it(pero: Comune) -> None:
    add_councillors(comune=pero, lines=[RollLine("Anna Bo"), RollLine("Ugo Fo")], by=None)
    written = add_councillors(
        comune=pero, lines=[RollLine("Ugo Fo", "Assessore"), RollLine("Ugo Fo", "Sindaco")], by=None
    )
    assert written == 1
    assert list_names(comune=pero) == ("Anna Bo", "Ugo Fo")


def test_each_comune_has_its_roll(pero: Comune, rho: Comune) -> None:
    add_councillors(comune=rho, lines=[RollLine("Anna Bo")], by=None)
    assert list_names(comune=pero) == ()
