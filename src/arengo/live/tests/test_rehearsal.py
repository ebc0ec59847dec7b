"""The demonstration can be prepared again and again."""

from __future__ import annotations

from arengo.council.roll import RollLine
from arengo.kernel.models import Comune, User
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.live.queries import operated_sittings, stream_keys
from arengo.live.rehearsal import Demo, prepare_demo


def _prepare() -> Demo:
    return prepare_demo(roster=[RollLine("Anna Bo")], title="Seduta di prova")


def test_the_demo_is_marked_as_one_and_its_operator_sees_it(pero: Comune) -> None:
    demo = _prepare()
    operator = User.objects.get(email=demo.email)
    assert demo.sitting.is_demo
    assert demo.comune == pero
    assert operator.check_password(demo.password)
    assert operated_sittings(user=operator) == (demo.sitting,)


def test_preparing_again_keeps_the_sitting_and_voids_the_former_key(pero: Comune) -> None:
    first, second = _prepare(), _prepare()
    assert first.sitting == second.sitting
    keys = stream_keys(comune=pero, sitting=second.sitting)
    assert [key.revoked_at is None for key in keys] == [False, True]
    assert second.stream_key.startswith(keys[1].key_id)
    assert not User.objects.get(email=first.email).check_password(first.password)


def test_after_the_demo_closed_another_begins(pero: Comune) -> None:
    first = _prepare()
    open_broadcast(comune=pero, sitting=first.sitting, by=None)
    close_broadcast(comune=pero, sitting=first.sitting, by=None)
    assert _prepare().sitting != first.sitting


def test_an_unfinished_real_sitting_is_left_alone(pero: Comune, sitting: object) -> None:
    assert _prepare().sitting != sitting
