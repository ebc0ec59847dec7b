"""Lists cost the same with two rows and with twenty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arengo.council.models import Sitting
from arengo.kernel import tokens
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.live import queries
from arengo.live.access import REGIA_TOKEN, issue_regia_token
from arengo.live.operations import issue_stream_key, open_broadcast

Make = Callable[..., Sitting]


def _names(sittings: tuple[Sitting, ...]) -> list[str]:
    return [f"{sitting.comune.name}: {sitting.title}" for sitting in sittings]


@pytest.mark.parametrize("rows", [2, 20])
def test_lists_of_sittings_are_one_query(
    rows: int, pero: Comune, anna: User, make_sitting: Make
) -> None:
    for number in range(rows):
        make_sitting(pero, title=f"Seduta {number}")
    lists: tuple[tuple[int, Callable[[], tuple[Sitting, ...]]], ...] = (
        (1, lambda: queries.public_sittings(comune=pero)),
        (1, lambda: queries.operated_sittings(user=anna)),
        (2, lambda: queries.latest_sittings()),
    )
    for expected, ask in lists:
        with CaptureQueriesContext(connection) as made:
            assert len(_names(ask())) == rows
        assert len(made) == expected


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_of_keys_is_one_query(rows: int, pero: Comune, sitting: Sitting) -> None:
    for number in range(rows):
        issue_stream_key(comune=pero, sitting=sitting, label=f"Chiave {number}", by=None)
    with CaptureQueriesContext(connection) as made:
        keys = [str(key) for key in queries.stream_keys(comune=pero, sitting=sitting)]
    assert (len(keys), len(made)) == (rows, 1)


def test_an_operator_sees_the_sittings_of_their_comuni_only(
    pero: Comune, rho: Comune, anna: User, bruno: User, carla: User, make_sitting: Make
) -> None:
    make_sitting(pero, title="A")
    make_sitting(rho, title="B")
    Membership.across.create(comune=rho, user=anna, role=Role.CONSIGLIERE)
    seen = {
        user.full_name: _names(queries.operated_sittings(user=user))
        for user in (anna, bruno, carla)
    }
    assert seen == {"Anna": ["Pero: A"], "Bruno": [], "Carla": []}
    assert queries.operated_comuni(user=anna) == (pero,)


def test_open_sittings_come_first(pero: Comune, rho: Comune, make_sitting: Make) -> None:
    first, _ = make_sitting(pero, title="A"), make_sitting(rho, title="B")
    open_broadcast(comune=pero, sitting=first, by=None)
    assert _names(queries.latest_sittings(limit=2)) == ["Pero: A", "Rho: B"]
    assert _names(queries.latest_sittings(limit=1)) == ["Pero: A"]


def test_the_regia_token_names_its_sitting_for_twelve_hours(sitting: Sitting) -> None:
    from arengo import config
    from arengo.kernel import clock

    secret = config.load().secret()
    token = issue_regia_token(sitting=sitting)
    now = int(clock.now().timestamp())
    assert tokens.verify(secret, token, purpose=REGIA_TOKEN, now=now + 43_000) == sitting.uid
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(secret, token, purpose=REGIA_TOKEN, now=now + 43_201)
