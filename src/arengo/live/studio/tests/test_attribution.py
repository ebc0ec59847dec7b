"""Who speaks, told to the pages: boards, words and microphones as they come, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from arengo.live.engine.playlist import Segment
from arengo.live.engine.tests.chamber_talk import spoken
from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.record import append_event
from arengo.live.studio.attribution import RECENT_S, Attribution, label

BEGAN = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
MEMBERS = [
    ("1", "Ambrogio Colnaghi", "Presidente del Consiglio", "Lista Olona"),
    ("2", "Anna Rossi", "Consigliera", "Lista Olona"),
    ("3", "Luca Bianchi", "Consigliere", "Lista Ponte"),
    ("4", "Loredana Ripamonti", "Segretaria generale", ""),
]


def hour(at_s: float) -> str:
    """Return the hour of a sitting time, while the first take lasts."""
    return (BEGAN + timedelta(seconds=at_s)).isoformat()


def turn(member: str, began: float, ended: float | None = None, name: str = "") -> dict[str, Any]:
    return {
        **{"member": member, "name": name, "type": "intervention", "began_at": hour(began)},
        "ended_at": None if ended is None else hour(ended),
    }


class Chamber:
    """Boards of a sitting whose video began with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.speakers = Attribution(folder)
        self.speakers.record(Segment(0, 1, 0.0, 2.0, BEGAN))
        self.turns: list[dict[str, Any]] = []

    def board(self, at_s: float, **over: Any) -> dict[str, Any]:
        """Return a board of an open sitting in which the chair speaks."""
        names = ("id", "name", "office", "group")
        facts = {
            **{"seq": 1, "at": hour(at_s), "phase": "open", "secret_since": None},
            **{"roll_call": "", "ballot": None, "chair": "1", "secretary": "4"},
            "members": [dict(zip(names, one, strict=True)) for one in MEMBERS],
            **{"turn": None, "turns": [*self.turns]},
        }
        return facts | over

    def show(self, at_s: float, **over: Any) -> None:
        self.speakers.follow(self.board(at_s, **over))

    def give(self, member: str, at_s: float, **over: Any) -> None:
        """Give the floor; who had it stops."""
        self.show(at_s, turn=turn(member, at_s, **over))

    def end(self, member: str, began: float, at_s: float, **over: Any) -> None:
        """End a speech: the chair speaks."""
        self.turns.append(turn(member, began, at_s))
        self.show(at_s, **over)

    def microphone(self, at_s: float, seat: str, member: str | None, *, is_on: bool = True) -> None:
        at = BEGAN + timedelta(seconds=at_s)
        append_event(self.folder, MicrophoneEvent(at, seat, is_on, member))
        self.speakers.listen()

    def said(self, at_s: float, end_s: float) -> list[tuple[float, str | None]]:
        """Return who speaks from when on, as told to somebody who hears everything."""
        news = self.speakers.news(end_s)
        assert news
        return [(start, member) for start, _, member, _ in news["spans"] if start >= at_s]


@pytest.fixture
def chamber(tmp_path: Path) -> Chamber:
    """Return an empty hall on air."""
    return Chamber(tmp_path)


def hear(
    speakers: Attribution, cue_id: str, start_s: float, *lines: str, final: bool = True
) -> None:
    words = spoken(*lines, start_s=start_s)
    cue = {"id": cue_id, "lines": list(lines), "final": final}
    speakers.hear(cue, [[w.start, w.end, w.text, 0.9, True] for w in words])


def test_without_a_chamber_there_is_nothing_to_tell(tmp_path: Path) -> None:
    alone = Attribution(tmp_path)
    alone.record(Segment(0, 1, 0.0, 2.0, BEGAN))
    hear(alone, "c1", 1.0, "Ha la parola la consigliera Rossi.", "Grazie.")
    assert alone.news(20.0) is None
    assert not alone.is_known
    assert alone.whole() == {"spans": [], "names": {}}


def test_the_floor_is_the_console_s_and_the_chair_s_between(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.give("2", 5.0)
    chamber.end("2", 5.0, 9.0)
    news = chamber.speakers.news(20.0)
    assert news
    assert [row[:3] for row in news["spans"]] == [
        *((0.0, 1.0, None), (1.0, 5.0, "1")),
        *((5.0, 9.0, "2"), (9.0, 30.0, "1")),
    ]
    assert news["names"] == {
        "1": "Ambrogio Colnaghi, Presidente del Consiglio",
        "2": "Anna Rossi, Lista Olona",
    }


def test_only_what_changed_is_told_and_only_once(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.give("2", 5.0)
    assert chamber.speakers.news(20.0)
    assert chamber.speakers.news(21.0) is None
    chamber.show(22.0, turn=turn("2", 5.0))
    assert chamber.speakers.news(23.0) is None
    chamber.show(400.0, turns=[turn("2", 5.0, 400.0)])
    news = chamber.speakers.news(401.0)
    assert news
    assert news["from"] == 401.0 - RECENT_S
    assert [row[2] for row in news["spans"]] == ["2", "1"]
    assert [row[2] for row in chamber.speakers.rows] == [None, "1", "2", "1"]


def test_what_the_clerk_takes_back_is_taken_back_everywhere(chamber: Chamber) -> None:
    """Ten minutes later: it is told from there on."""
    chamber.show(1.0)
    chamber.give("2", 5.0)
    chamber.end("2", 5.0, 9.0)
    chamber.end("3", 300.0, 320.0)
    assert chamber.speakers.news(700.0)
    chamber.turns.pop()
    chamber.turns.append(turn("3", 500.0, 510.0))
    chamber.show(701.0)
    news = chamber.speakers.news(702.0)
    assert news
    assert news["from"] == pytest.approx(300.0)
    assert [(row[0], row[2]) for row in chamber.speakers.rows[3:]] == [
        *((9.0, "1"), (500.0, "3"), (510.0, "1"))
    ]


def test_speeches_that_a_board_no_longer_shows_stay(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.end("2", 5.0, 9.0)
    chamber.turns.clear()
    chamber.end("3", 20.0, 30.0)
    assert chamber.said(0, 40.0) == [(0, None), (1, "1"), (5, "2"), (9, "1"), (20, "3"), (30, "1")]


def test_in_a_roll_call_the_words_say_who_speaks(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.show(4.0, roll_call="verification")
    hear(chamber.speakers, "c1", 4.0, "Prego la segretaria di procedere con l'appello.")
    hear(chamber.speakers, "c2", 8.0, "Rossi.", "Presente.", "Bianchi.", "Presente.")
    rows = chamber.said(4.0, 14.0)
    assert {"2", "3", "4"} <= {member for _, member in rows}
    assert all(row[3] < 0.75 for row in chamber.speakers.rows if row[2] in ("2", "3"))
    chamber.show(14.0)
    assert chamber.said(14.0, 15.0) == [(14.0, "1")]


def test_a_secretary_who_is_no_member_is_known_by_name(chamber: Chamber) -> None:
    members = [dict(one) for one in chamber.board(1.0)["members"][:-1]]
    clerk: dict[str, Any] = {"secretary": "Ugo Neri", "members": members}
    chamber.show(1.0, roll_call="opening", **clerk)
    hear(chamber.speakers, "c1", 4.0, "Prego il segretario Neri di procedere con l'appello.")
    hear(chamber.speakers, "c2", 8.0, "Rossi.", "Presente.", "Bianchi.", "Presente.")
    assert "=Ugo Neri" in {member for _, member in chamber.said(4.0, 14.0)}
    assert chamber.speakers.names["=Ugo Neri"] == "Ugo Neri"
    chamber.microphone(15.0, "1", "Ugo Neri")
    assert chamber.said(15.0, 16.0) == [(15.0, "=Ugo Neri")]


def test_rows_do_not_fall_apart_where_they_are_looked_at_again(chamber: Chamber) -> None:
    chamber.show(1.0)
    for n in range(30):
        end_s = 200.0 + 7.77 * n
        chamber.microphone(end_s, "13", "Luca Bianchi", is_on=n % 2 == 0)
        assert chamber.speakers.news(end_s + 0.123)
    rows = chamber.speakers.rows
    assert all(one[1] == two[0] and one[2:] != two[2:] for one, two in pairwise(rows))


def test_before_the_opening_and_when_suspended_nobody_is_guessed(chamber: Chamber) -> None:
    chamber.show(1.0, phase="prepared")
    chamber.show(5.0)
    chamber.show(9.0, phase="suspended")
    assert chamber.said(0, 20.0) == [(0, None), (5, "1"), (9, None)]


def test_a_guest_has_the_name_that_the_clerk_wrote(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.show(5.0, turn=turn("", 5.0, name="Ing. Sala"))
    chamber.show(9.0, turns=[turn("", 5.0, 9.0, name="Ing. Sala")])
    news = chamber.speakers.news(20.0)
    assert news
    assert [row[2] for row in news["spans"]] == [None, "1", "=Ing. Sala", "1"]
    assert news["names"]["=Ing. Sala"] == "Ing. Sala"


def test_another_chair_speaks_for_her_own_time_only(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.show(10.0, chair="3")
    assert chamber.said(0, 20.0) == [(0, None), (1, "1"), (10, "3")]


def test_words_count_when_final_and_until_withdrawn(chamber: Chamber) -> None:
    chamber.show(1.0, phase="prepared")
    lines = ("Dichiaro aperta la seduta.", "Ha la parola la consigliera Rossi.")
    hear(chamber.speakers, "c1", 2.0, *lines, final=False)
    assert chamber.said(0, 20.0) == [(0, None)]
    hear(chamber.speakers, "c1", 2.0, *lines)
    assert [member for _, member in chamber.said(0, 20.0)] == [None, "1", "2"]
    chamber.speakers.hear({"id": "c1", "lines": [], "final": True}, [])
    assert chamber.said(0, 20.0) == [(0, None)]


def test_seats_are_known_by_name(chamber: Chamber) -> None:
    chamber.show(1.0, phase="prepared")
    chamber.microphone(3.0, "12", "anna rossi")
    chamber.microphone(6.0, "12", "anna rossi", is_on=False)
    assert chamber.said(0, 20.0) == [(0, None), (3, "2"), (6, None)]


def test_who_is_heard_beside_the_console_is_hinted_at_until_the_next_key(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.give("2", 5.0)
    chamber.microphone(8.0, "14", "Luca Bianchi")
    news = chamber.speakers.news(9.0)
    assert news
    assert news["heard"] == ["3", "microphones"]
    assert news["spans"][-1][2:] == ("2", 0.9)
    chamber.give("3", 9.5)
    assert (chamber.speakers.news(11.0) or {})["heard"] is None


def test_a_hint_older_than_the_last_key_is_no_news(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.microphone(3.0, "14", "Luca Bianchi")
    chamber.give("2", 5.0)
    assert (chamber.speakers.news(9.0) or {})["heard"] is None


def test_a_cut_takes_back_who_spoke_and_forgets_what_was_open(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.give("2", 5.0)
    chamber.microphone(6.0, "14", "Luca Bianchi")
    assert chamber.speakers.news(20.0)
    told = chamber.speakers.withdraw(BEGAN + timedelta(seconds=12), 12.0)
    assert told["heard"] is None
    assert max(row[1] for row in told["spans"]) == 12.0
    assert max(row[1] for row in chamber.speakers.rows) == 12.0
    chamber.show(12.0, secret_since=hour(12.0), turns=[])
    later = BEGAN + timedelta(seconds=3600)
    chamber.speakers.record(Segment(9, 2, 12.0, 2.0, later))
    chamber.show(3600.0, phase="prepared")
    assert chamber.said(12.0, 30.0) == [(12.0, None)]


def test_keys_of_a_time_without_pictures_count_from_the_next_picture(chamber: Chamber) -> None:
    """The encoder was gone for ten minutes, in which the floor changed twice."""
    chamber.show(1.0)
    chamber.give("2", 100.0)
    chamber.give("3", 200.0)
    chamber.speakers.record(Segment(9, 2, 20.0, 2.0, BEGAN + timedelta(seconds=620)))
    assert chamber.said(0, 40.0) == [(0, None), (1, "1"), (20, "3")]


def test_what_boards_told_is_there_for_a_studio_that_starts_again(chamber: Chamber) -> None:
    chamber.show(1.0)
    chamber.end("2", 5.0, 9.0)
    chamber.give("3", 11.0)
    chamber.show(12.0)  # which the clerk takes back
    assert chamber.speakers.news(20.0)
    lines = chamber.speakers.take_lines()
    assert chamber.speakers.take_lines() == []
    again = Attribution(chamber.folder)
    again.record(Segment(0, 1, 0.0, 2.0, BEGAN))
    again.remember(lines)
    again.follow(chamber.board(12.0, turns=[]))
    assert again.take_lines() == []
    again.settle(20.0)
    assert [row[:3] for row in again.rows] == [(0, 1, None), (1, 5, "1"), (5, 9, "2"), (9, 20, "1")]
    assert again.who(6.0, 8.0) == "Anna Rossi, Lista Olona"
    assert again.who(0.1, 0.9) == ""


def test_a_name_of_which_we_are_not_sure_says_so(chamber: Chamber) -> None:
    chamber.show(1.0, phase="prepared")
    hear(
        chamber.speakers,
        "c1",
        2.0,
        "Dichiaro aperta la seduta.",
        "Ha la parola la consigliera Rossi.",
    )
    chamber.speakers.settle(20.0)
    assert chamber.speakers.who(9.0, 12.0) == "Anna Rossi, Lista Olona (probabile)"


def test_members_are_told_by_office_or_by_group() -> None:
    members = [dict(zip(("name", "office", "group"), one[1:], strict=True)) for one in MEMBERS]
    assert [label(one) for one in members[1:]] == [
        *("Anna Rossi, Lista Olona", "Luca Bianchi, Lista Ponte"),
        "Loredana Ripamonti, Segretaria generale",
    ]


@pytest.mark.slow
def test_changes_after_six_hours_are_told(chamber: Chamber) -> None:
    """With 600 speeches, 50,000 words and 1,200 events of microphones behind it."""
    speakers, text = chamber.speakers, "I lavori sui marciapiedi sono partiti con grave ritardo."
    chamber.turns = [turn(str(2 + n % 2), 36.0 * n + 4, 36.0 * n + 30) for n in range(600)]
    chamber.show(21_600.0)
    for n in range(5_400):
        hear(speakers, f"c{n}", 4.0 * n, text)
    for n in range(600):
        for at_s, is_on in ((36.0 * n + 4, True), (36.0 * n + 30, False)):
            at = BEGAN + timedelta(seconds=at_s)
            append_event(chamber.folder, MicrophoneEvent(at, str(n % 2), is_on, MEMBERS[1][1]))
    speakers.listen()
    assert speakers.news(21_600.0)
    chamber.turns = chamber.turns[-40:]
    for n in range(20):
        at_s = 21_600.0 + 4 * n
        chamber.give(str(2 + n % 2), at_s)
        hear(speakers, f"d{n}", at_s, text)
        chamber.microphone(at_s, "1", MEMBERS[1][1], is_on=n % 2 == 0)
        assert speakers.news(at_s + 1)
