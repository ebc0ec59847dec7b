"""Changes, rates, clocks and lost connections; and what is kept on disk."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arengo.live.engine.open_microphones import Microphone
from arengo.live.microphones.errors import LineRefused, ScriptUnreadable, SeatsUnreadable
from arengo.live.microphones.intake import BURST, MOST_PEERS, MOST_SEATS, RATE_PER_S, Intake
from arengo.live.microphones.protocol import Announcement
from arengo.live.microphones.record import append_event, placed, read_events, read_seats
from arengo.live.microphones.refusals import Refusals
from arengo.live.microphones.simulator import Change, read_script, script_of_turns

NOW = datetime(2026, 11, 23, 20, 31, 5, tzinfo=UTC)


def on(seat: str = "12", late_s: float | None = None) -> Announcement:
    sent = None if late_s is None else NOW - timedelta(seconds=late_s)
    return Announcement(seat, True, sent)


def off(seat: str = "12", late_s: float | None = None) -> Announcement:
    return Announcement(seat, False, None if late_s is None else NOW - timedelta(seconds=late_s))


def test_a_change_becomes_an_event_of_the_seats_member() -> None:
    intake = Intake({"12": "rossi"})
    event = intake.take(on(), "p", NOW)
    assert event
    assert (event.at, event.seat, event.is_on, event.member) == (NOW, "12", True, "rossi")
    other = intake.take(on("99"), "p", NOW)
    assert other
    assert other.member is None


def test_what_is_repeated_is_no_event() -> None:
    intake = Intake()
    assert intake.take(off(), "p", NOW) is None
    assert intake.take(on(), "p", NOW)
    assert intake.take(on(), "p", NOW) is None
    assert intake.take(off(), "p", NOW)


def test_a_datagram_that_was_overtaken_changes_nothing() -> None:
    intake = Intake()
    assert intake.take(on(late_s=0.2), "p", NOW)
    assert intake.take(off(late_s=0.1), "p", NOW)
    assert intake.take(on(late_s=0.15), "p", NOW) is None


@pytest.mark.parametrize(
    ("late_s", "at"),
    [
        (0.5, NOW - timedelta(seconds=0.5)),  # believed
        (-0.5, NOW),  # a little in the future: now
        (3600, NOW),  # an hour off: our own clock
        (-3600, NOW),
        (None, NOW),
    ],
)
def test_a_clock_is_believed_only_when_it_is_near(late_s: float | None, at: datetime) -> None:
    event = Intake().take(on(late_s=late_s), "p", NOW)
    assert event
    assert (event.at, event.skew_s) == (at, late_s)


def test_a_peer_has_its_rate_and_a_flood_harms_no_other() -> None:
    intake = Intake()
    taken = sum(intake.may_speak("flood", 0.0) for _ in range(10_000))
    assert taken == BURST
    assert intake.may_speak("good", 0.0)
    assert sum(intake.may_speak("flood", 1.0) for _ in range(1000)) == RATE_PER_S


def test_memory_is_bounded_by_seats_and_peers() -> None:
    intake = Intake()
    for number in range(MOST_SEATS):
        intake.take(on(f"s{number}"), "p", NOW)
    with pytest.raises(LineRefused, match="too_many_seats"):
        intake.take(on("one-more"), "p", NOW)
    assert intake.take(off("s1"), "p", NOW)
    for number in range(10 * MOST_PEERS):
        intake.may_speak(f"peer {number}", 0.0)
    assert len(intake._buckets) == MOST_PEERS


def test_a_broken_connection_leaves_its_microphones_unknown() -> None:
    intake = Intake({"12": "rossi"})
    intake.take(on("12"), "a", NOW)
    intake.take(on("13"), "b", NOW)
    (lost,) = intake.lose("a", NOW)
    assert (lost.seat, lost.is_on, lost.member, lost.cause) == ("12", False, "rossi", "lost")
    assert intake.lose("a", NOW) == []
    assert intake.take(on("12"), "c", NOW)


def test_a_microphone_said_again_by_a_new_connection_outlives_the_old_one() -> None:
    intake = Intake()
    intake.take(on(), "old", NOW)
    assert intake.take(on(), "new", NOW) is None
    assert intake.lose("old", NOW) == []


def test_refusals_are_told_together_and_cannot_forge_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusals = Refusals()
    with caplog.at_level(logging.WARNING):
        for k in range(10_000):
            refusals.add("unknown", "p", b"x\nWARNING forged" + b"y" * 500, k / 1000)
        refusals.add("state", "p", b"MIC 1 UP", 10.0)
    assert refusals.total == 10_001
    assert len(caplog.messages) == 2
    assert "\n" not in caplog.text.strip().replace("\nWARNING", "", 1)
    assert "9999 unknown, 1 state" in caplog.messages[1]
    assert max(map(len, caplog.messages)) < 200


# ---- on disk


def test_events_are_kept_a_line_each_and_a_torn_line_costs_itself(tmp_path: Path) -> None:
    intake = Intake({"12": "Niccolò Rossi"})
    first, second = intake.take(on(late_s=0.25), "p", NOW), intake.lose("p", NOW)[0]
    assert first
    append_event(tmp_path, first)
    with (tmp_path / "microphones.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-')
    append_event(tmp_path, second)
    assert list(read_events(tmp_path)) == [first, second]


def test_no_folder_no_events(tmp_path: Path) -> None:
    assert list(read_events(tmp_path)) == []
    event = Intake().take(on(), "p", NOW)
    assert event
    with pytest.raises(FileNotFoundError):
        append_event(tmp_path / "none", event)


def test_events_are_placed_on_the_sittings_timeline() -> None:
    """Two takes with ten minutes between: the second begins where the first ended."""
    anchors = [(NOW, 0.0), (NOW + timedelta(seconds=660), 60.0)]
    intake = Intake()
    events = [
        intake.take(on(str(k)), "p", NOW + timedelta(seconds=s)) for k, s in enumerate((-1, 5, 665))
    ]
    placed_events = placed([event for event in events if event], anchors)
    assert placed_events == tuple(Microphone(s, str(k), True) for k, s in enumerate((-1, 5, 65)))
    assert placed([event for event in events if event], []) == ()


def test_the_table_of_seats(tmp_path: Path) -> None:
    path = tmp_path / "posti.csv"
    path.write_text("\ufeffposto,nominativo\n1,Anna Rossi\n2,Luca Bianchi\n", encoding="utf-8")
    assert read_seats(path) == {"1": "Anna Rossi", "2": "Luca Bianchi"}
    for text in (
        "seat\n1\n",
        "seat,member\n1,a\n1,b\n",
        "seat,member\n../x,a\n",
        "seat,member\n1,\n",
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SeatsUnreadable):
            read_seats(path)
    with pytest.raises(SeatsUnreadable):
        read_seats(tmp_path / "none.csv")


def test_a_script_is_read_in_order_and_a_wrong_line_is_named() -> None:
    assert read_script("# prova\n2.5 1 off\n1 1 ON # apre\n\n") == (
        Change(1, "1", True),
        Change(2.5, "1", False),
    )
    for line in ("1 1", "x 1 ON", "1 1 UP", "nan 1 ON", "1 a/b ON"):
        with pytest.raises(ScriptUnreadable, match="Riga 2"):
            read_script(f"0 1 ON\n{line}")


def test_a_script_of_turns_opens_and_closes() -> None:
    assert script_of_turns([(0, 2, "a"), (1, 3, "b")]) == (
        Change(0, "a", True),
        Change(1, "b", True),
        Change(2, "a", False),
        Change(3, "b", False),
    )
