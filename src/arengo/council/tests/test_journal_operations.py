"""The journal as stored: one way in, twice the same is once, nobody overtakes unknowingly."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chamber import make_agenda, play, roll_call, seat_council, vote
from django.db import IntegrityError, transaction

from arengo.cli import main
from arengo.council import events as published
from arengo.council.engine import events as e
from arengo.council.engine.chain import verify
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.errors import NothingToUndo, Overtaken
from arengo.council.models import JournalEntry, Sitting
from arengo.council.operations import journal as operations
from arengo.council.queries import journal as queries
from arengo.council.queries.journal import read_journal, state_of
from arengo.kernel import clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope


@pytest.fixture
def chamber(pero: Comune, sitting: Sitting) -> Sitting:
    """Return a sitting whose journal has begun, roll called, open, on its second item."""
    seat_council(pero)
    make_agenda(sitting)
    state = play(sitting)
    item = next(iter(state.items))
    play(sitting, *roll_call(state), ("sitting_opened", {}), ("item_called", {"item": item}))
    return sitting


def write(comune: Comune, sitting: Sitting, event: e.Event, **how: Any) -> Any:
    """Write an event by nobody."""
    return operations.record(comune=comune, sitting=sitting, event=event, **{"by": None, **how})


def test_a_sitting_is_constituted_from_people_rules_and_agenda(
    pero: Comune, chamber: Sitting
) -> None:
    state = state_of(comune=pero, sitting=chamber)
    assert len([one for one in state.members.values() if one.votes]) == 17
    assert state.members[state.chair].name == "Ambrogio Colnaghi"
    assert state.secretary == "Loredana Ripamonti"
    first = next(iter(state.items.values()))
    assert first.item.title == "Comunicazioni del Presidente"


def test_what_is_stored_is_what_was_chained(pero: Comune, chamber: Sitting) -> None:
    entries = read_journal(comune=pero, sitting=chamber)
    assert verify(entries) is None
    assert fold(entries) == state_of(comune=pero, sitting=chamber)


def test_a_restart_shows_the_same_state(pero: Comune, chamber: Sitting) -> None:
    """What is in memory is a convenience: without it the journal gives the same."""
    before = state_of(comune=pero, sitting=chamber)
    queries._kept.clear()
    assert state_of(comune=pero, sitting=chamber) == before


def test_memory_of_a_transaction_rolled_back_is_not_used(pero: Comune, chamber: Sitting) -> None:
    before = state_of(comune=pero, sitting=chamber)
    with suppress(ZeroDivisionError), transaction.atomic():
        write(pero, chamber, e.Noted("mai successo"))
        raise ZeroDivisionError
    assert state_of(comune=pero, sitting=chamber) == before
    write(pero, chamber, e.Noted("successo"))
    assert verify(read_journal(comune=pero, sitting=chamber)) is None


def test_the_database_refuses_to_change_or_delete_an_entry(pero: Comune, chamber: Sitting) -> None:
    with scope(pero):
        rows = JournalEntry.objects.filter(sitting=chamber)
        with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
            rows.filter(seq=2).update(body="{}")
        with pytest.raises(IntegrityError, match="append_only"), transaction.atomic():
            rows.filter(seq=2).delete()


def test_asking_twice_writes_once(pero: Comune, chamber: Sitting) -> None:
    first = write(pero, chamber, e.Noted("una volta"), command="k1")
    again = write(pero, chamber, e.Noted("una volta"), command="k1")
    assert again.seq == first.seq


def test_a_console_that_looks_at_the_past_is_told(
    pero: Comune, chamber: Sitting, anna: User, bruno: User
) -> None:
    seen = state_of(comune=pero, sitting=chamber).seq
    write(pero, chamber, e.Noted("di Bruno"), by=bruno)
    with pytest.raises(Overtaken, match="Bruno"):
        write(pero, chamber, e.Noted("di Anna"), by=anna, expected=seen)


def test_a_councillors_request_overtakes_nobody(
    pero: Comune, chamber: Sitting, anna: User, bruno: User
) -> None:
    state = state_of(comune=pero, sitting=chamber)
    member = next(iter(state.here(clock.now())))
    write(pero, chamber, e.FloorAsked(member), by=bruno)
    write(pero, chamber, e.Noted("di Anna"), by=anna, expected=state.seq)


def test_undo_takes_the_consoles_last_act(pero: Comune, chamber: Sitting) -> None:
    write(pero, chamber, e.Noted("uno"))
    member = next(iter(state_of(comune=pero, sitting=chamber).here(clock.now())))
    write(pero, chamber, e.FloorAsked(member))
    state = operations.undo_last(comune=pero, sitting=chamber, by=None)
    assert state.notes == []
    assert [one.member for one in state.requests] == [member]


def test_nothing_to_undo_is_said(pero: Comune, sitting: Sitting) -> None:
    seat_council(pero)
    play(sitting)
    with pytest.raises(NothingToUndo):
        operations.undo_last(comune=pero, sitting=sitting, by=None)


def test_a_clock_set_back_does_not_turn_the_journal(
    pero: Comune, chamber: Sitting, frozen_now: datetime
) -> None:
    last = read_journal(comune=pero, sitting=chamber)[-1].at
    with clock.frozen(last - timedelta(hours=1)):
        write(pero, chamber, e.Noted("dopo"))
    entries = read_journal(comune=pero, sitting=chamber)
    assert entries[-1].at == last
    assert verify(entries) is None


def test_everyone_is_told_after_the_commit(
    pero: Comune, chamber: Sitting, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    told: list[Any] = []

    def hear(**news: Any) -> None:
        told.append(news["board"]["seq"])

    published.board_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            state = write(pero, chamber, e.Noted("x"))
            assert told == []
    finally:
        published.board_changed.disconnect(hear)
    assert told == [state.seq]


def test_secrecy_stands_on_the_sitting_for_the_studio(pero: Comune, chamber: Sitting) -> None:
    write(pero, chamber, e.SecretBegan("Sindaca", "giudizio su persone"))
    chamber.refresh_from_db()
    assert chamber.secret_since is not None
    write(pero, chamber, e.SecretEnded())
    chamber.refresh_from_db()
    assert chamber.secret_since is None


def test_a_lost_device_loses_presence_and_comes_back(
    pero: Comune, sitting: Sitting, frozen_now: datetime
) -> None:
    ids = seat_council(pero)
    Sitting.across.filter(pk=sitting.pk).update(mode="mixed")
    sitting.refresh_from_db()
    member = ids["Brambilla"]
    play(sitting, ("roll_call_began", {}), ("presence_set", {"member": member, "status": "remote"}))
    with clock.frozen(frozen_now + timedelta(minutes=2)):
        assert operations.note_lost_connections(comune=pero, sitting=sitting) == 1
        assert operations.note_lost_connections(comune=pero, sitting=sitting) == 0
        operations.hear_from(comune=pero, sitting=sitting, person_id=int(member), device="tablet")
        assert state_of(comune=pero, sitting=sitting).presence[member].lost_at is None


def test_another_towns_sitting_is_absent(rho: Comune, chamber: Sitting) -> None:
    with pytest.raises((NotFound, Sitting.DoesNotExist)):
        write(rho, chamber, e.Noted("di Rho"))


def test_a_refused_event_leaves_no_trace(pero: Comune, chamber: Sitting) -> None:
    before = state_of(comune=pero, sitting=chamber).seq
    with pytest.raises(RuleBroken):
        write(pero, chamber, e.SittingResumed())
    assert state_of(comune=pero, sitting=chamber).seq == before


def test_the_command_line_exports_verifies_and_replays(
    pero: Comune, chamber: Sitting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "export", chamber.uid]) == 0
    text = capsys.readouterr().out
    path = tmp_path / "seduta.jsonl"
    path.write_text(text, encoding="utf-8")
    assert main(["journal", "verify", str(path)]) == 0
    assert "Registro integro" in capsys.readouterr().out
    assert main(["journal", "replay", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["phase"] == "open"
    path.write_text(text.replace("justified", "mission").replace('"present"', '"mission"', 1))
    assert main(["journal", "verify", str(path)]) == 1
    assert "alterato" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["0" * 16, "/nowhere"])
def test_the_command_line_says_what_is_not_there(
    db: None, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "verify", name]) == 2
    assert "Nessuna seduta" in capsys.readouterr().err


def test_a_file_that_is_no_journal_is_named_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"seq": 1}\n')
    assert main(["journal", "verify", str(path)]) == 2
    assert "riga 1" in capsys.readouterr().err


def test_a_whole_vote_goes_through(pero: Comune, chamber: Sitting) -> None:
    state = state_of(comune=pero, sitting=chamber)
    voters = [m for m in state.members if state.members[m].votes]
    cast = {m: "against" if n < 3 else "favour" for n, m in enumerate(voters)}
    state = play(chamber, *vote("Proposta", cast, subject="procedural"))
    assert [one.result for one in state.ballots.values()] == ["approved"]
