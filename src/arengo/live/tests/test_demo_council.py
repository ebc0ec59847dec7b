"""The demonstration's council holds its sitting by the rules, as the clip says it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from arengo.council.queries.journal import state_of
from arengo.council.roll import read_roll
from arengo.kernel import clock
from arengo.live.demo.council import presses
from arengo.live.demo.reference import ROLL, load_reference
from arengo.live.rehearsal import prepare_demo, press


@pytest.mark.slow
def test_the_demo_plays_from_roll_call_to_close(db: None, frozen_now: datetime) -> None:
    """What the chair proclaims in the clip is what the engine reckons from the journal."""
    demo = prepare_demo(roster=read_roll(ROLL.read_text(encoding="utf-8")), title="Demo")
    for key in presses(load_reference()):
        with clock.frozen(frozen_now + timedelta(seconds=key.at_s)):
            press(comune=demo.comune, sitting=demo.sitting, key=key)
    state = state_of(comune=demo.comune, sitting=demo.sitting)
    assert state.phase == "ended"
    (ballot,) = state.ballots.values()
    assert (ballot.result, ballot.present) == ("approved", 15)
    assert "10 favorevoli" in ballot.formula
    spoke = {state.members[turn.member].surname for turn in state.turns}
    assert spoke == {
        "Pozzoli",
        "Brambilla",
        "Mantegazza",
        "Valtorta",
        "Benali",
        "Pirovano",
        "Sangalli",
    }


def test_a_demo_broken_off_is_closed_and_a_new_one_prepared(db: None, frozen_now: datetime) -> None:
    roster = read_roll(ROLL.read_text(encoding="utf-8"))
    first = prepare_demo(roster=roster, title="Demo")
    press(comune=first.comune, sitting=first.sitting, key=presses(load_reference())[0])
    again = prepare_demo(roster=roster, title="Demo")
    assert again.sitting.pk != first.sitting.pk
    first.sitting.refresh_from_db()
    assert first.sitting.state == "closed"
