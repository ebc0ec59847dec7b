"""The chamber as the page writes it once, for who has no JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council, vote

from arengo.live.record import record_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from arengo.council.models import Sitting
    from arengo.kernel.models import Comune


@pytest.fixture
def voted(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting at its second item, with one vote proclaimed: 9 to 4, 3 silent."""
    ids, sitting = seat_council(pero), make_sitting(pero)
    make_agenda(sitting)
    state = play(sitting)
    first, second, *_ = state.items
    absent = {ids["Cannizzaro"]: "justified"}
    here = [member for member in state.members if member not in absent]
    choices = dict.fromkeys(here[:9], "favour") | dict.fromkeys(here[9:13], "against")
    play(sitting, *roll_call(state, absent=absent), *opinions(state), ("sitting_opened", {}))
    play(sitting, ("item_called", {"item": first}), ("item_left", {"item": first, "result": "discussed"}))  # fmt: skip
    play(sitting, ("item_called", {"item": second}), *vote("La variazione", choices))
    return sitting


def test_without_a_journal_there_is_nothing_to_say(pero: Comune, sitting: Sitting) -> None:
    assert record_of(comune=pero, sitting=sitting) is None


@pytest.mark.slow
def test_agenda_presence_and_votes_in_words(pero: Comune, voted: Sitting) -> None:
    record = record_of(comune=pero, sitting=voted)
    assert record is not None
    assert (record.here, record.members, record.words) == (16, 17, "Seduta aperta")
    assert [item.words for item in record.items] == [
        *("discusso", "in trattazione", "da trattare", "da trattare")
    ]
    assert record.quorum.startswith("Numero legale: presenti 15")
    (found,) = record.votes
    assert (found.words, found.method, found.present) == ("Approvato", "elettronica palese", 16)
    assert found.totals == (
        *(("favorevoli", 9), ("contrari", 4)),
        *(("astenuti", 0), ("presenti non votanti", 3)),
    )
    assert "9 favorevoli" in found.formula
    assert len(found.casters) == 16
    assert {one.choice for one in found.casters if one.group == "Lista Ponte"} <= {
        *("favorevole", "contrario", "presente, non votante")
    }


@pytest.mark.slow
def test_a_secret_vote_has_totals_and_no_names(pero: Comune, voted: Sitting) -> None:
    from arengo.council.queries.journal import state_of

    state = state_of(comune=pero, sitting=voted)
    here = [one for one in state.members if state.presence[one].status == "present"]
    third = list(state.items)[2]
    counted = {
        "took_part": tuple(here),
        "totals": (("favour", 10), ("against", 4), ("blank", 2), ("null", 0)),
    }
    play(
        voted,
        ("item_left", {"item": state.item, "result": "decided"}),
        ("item_called", {"item": third}),
        ("scrutineers_named", {"members": here[:3]}),
        ("ballot_opened", {"title": "Il regolamento", "method": "secret_papers"}),
        ("secret_counted", {key: [*value] for key, value in counted.items()}),
        ("ballot_closed", {}),
        ("proclaimed", {}),
    )
    record = record_of(comune=pero, sitting=voted)
    assert record is not None
    latest = record.votes[0]
    assert (latest.title, latest.casters) == ("Il regolamento", ())
    assert ("schede bianche", 2) in latest.totals
    assert record.items[1].words == "Approvato"


@pytest.mark.slow
def test_while_it_is_secret_the_page_says_so_and_no_quorum(
    client: Client, pero: Comune, voted: Sitting
) -> None:
    from arengo.live.operations import open_broadcast

    open_broadcast(comune=pero, sitting=voted, by=None)
    play(voted, ("secret_began", {"requester": "Il Presidente", "reason": "dati personali"}))
    record = record_of(comune=pero, sitting=voted)
    assert record is not None
    assert (record.words, record.quorum) == ("Seduta segreta", "")
    page = client.get(f"/pero/sedute/{voted.uid}/").content.decode()
    assert 'data-phase="secret"' in page
    assert "Numero legale:" not in page.split('id="sentences"')[0]
