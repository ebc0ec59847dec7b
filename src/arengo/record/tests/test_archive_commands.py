"""Searching from the terminal: what is found, what is not, what was asked wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spoken_sitting import hold

from arengo import cli
from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.live.operations import close_broadcast, open_broadcast

Told = pytest.CaptureFixture[str]


@pytest.fixture
def over(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke of via Sempione."""
    sitting = open_broadcast(comune=pero, sitting=hold(pero, make_sitting), by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def test_a_closed_sitting_is_put_in_the_archive_and_searched(over: Sitting, capsys: Told) -> None:
    assert cli.main(["archive", "index", over.uid]) == 0
    assert "In archivio:" in capsys.readouterr().out
    assert cli.main(["search", "pero", '"via Sempione"']) == 0
    told = capsys.readouterr().out
    assert "Trovati 1, pagina 1 di 1." in told
    assert "[via Sempione]" in told
    assert f"/pero/sedute/{over.uid}/" in told


def test_nothing_found_is_said_and_is_its_own_status(pero: Comune, capsys: Told) -> None:
    assert cli.main(["search", "pero", "marziani"]) == 1
    assert "Niente trovato." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["search", "atlantide", "rifiuti"], "non esiste"),
        (["search", "pero", "x" * 10_000], ""),
        (["search", "pero", "dal:mai"], ""),
        (["archive", "index", "ffff"], "Nessuna seduta «ffff»"),
    ],
)
def test_what_was_asked_wrongly_is_said(
    pero: Comune, asked: list[str], told: str, capsys: Told
) -> None:
    assert cli.main(asked) == 2
    error = capsys.readouterr().err
    assert error.strip()
    assert told in error


def test_a_sitting_still_open_is_not_put_in_the_archive(sitting: Sitting, capsys: Told) -> None:
    assert cli.main(["archive", "index", sitting.uid]) == 2
    assert "non è conclusa" in capsys.readouterr().err
