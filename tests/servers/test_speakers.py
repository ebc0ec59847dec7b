"""Who speaks in a real sitting: told while it lasts, cut in secret, the same when it is over."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rig import Events, Rig, wait_for

from arengo.live.engine.tests.chamber_talk import spoken
from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.record import append_event

pytestmark = [pytest.mark.slow, pytest.mark.processes]

MEMBERS = [
    ("1", "Ambrogio Colnaghi", "Presidente del Consiglio", "Lista Olona"),
    ("2", "Anna Rossi", "Consigliera", "Lista Olona"),
    ("3", "Luca Bianchi", "Consigliere", "Lista Ponte"),
]


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the studio is a process of its own


class Hall:
    """A sitting whose words were heard already, with the boards that its clerk makes."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.seq = rig, 0
        self.turns: list[dict[str, Any]] = []

    def hear(self, *lines: str) -> None:
        """Write the captions of a scripted hearing, from the first second on."""
        words = spoken(*lines)
        cue = {"id": "0.c1", "rev": 0, "start": words[0].start, "end": words[-1].end}
        said = {"lines": list(lines), "final": True}
        row = {**cue, **said, "words": [[w.start, w.end, w.text, 0.9, True] for w in words]}
        (self.rig.folder() / "cues.jsonl").write_text(json.dumps(row) + "\n")

    def board(self, **over: Any) -> None:
        """Publish the next board."""
        self.seq += 1
        names = ("id", "name", "office", "group")
        members = [dict(zip(names, one, strict=True)) for one in MEMBERS]
        facts = {
            **{"seq": self.seq, "at": now().isoformat(), "phase": "open", "secret_since": None},
            **{"roll_call": "", "ballot": None, "chair": "1", "secretary": ""},
            **{"members": members, "turn": None, "turns": self.turns},
        }
        self.rig.board(**{**facts, **over})

    def give(self, member: str) -> None:
        """Give the floor."""
        began = now().isoformat()
        self.turns.append({"member": member, "name": "", "began_at": began, "ended_at": None})
        self.board(turn=self.turns[-1], turns=self.turns[:-1])

    def end(self) -> None:
        """Take it back."""
        self.turns[-1]["ended_at"] = now().isoformat()
        self.board()


def speaking(page: Events) -> str | None:
    """Return who speaks, as the page knows it."""
    told = page.of("speakers")
    return told[-1][1]["spans"][-1][2] if told and told[-1][1]["spans"] else None


def whole(rig: Rig) -> list[str | None]:
    """Return who spoke one after the other, as the sitting's file says."""
    return [row[2] for row in json.loads(rig.text("speakers.json"))["spans"]]


def test_who_speaks_is_told_as_it_happens_and_stays(rig: Rig, clip: Path) -> None:
    key = rig.sitting()
    hall = Hall(rig)
    hall.hear("Dichiaro aperta la seduta.", "Ha la parola la consigliera Rossi.", "Grazie.")
    rig.start()
    with rig.encoder(clip, key), rig.events() as page:
        wait_for(lambda: rig.rows("segments.jsonl"), "nothing recorded")
        hall.board(phase="prepared")
        wait_for(lambda: speaking(page) == "2", "the words do not tell")
        assert page.of("speakers")[-1][1]["names"]["2"] == "Anna Rossi, Lista Olona"
        hall.board()
        wait_for(lambda: speaking(page) == "1", "the chair does not speak")
        hall.give("2")
        wait_for(lambda: speaking(page) == "2", "the key does not tell")
        append_event(rig.folder(), MicrophoneEvent(now(), "14", is_on=True, member="luca bianchi"))
        wait_for(
            lambda: page.of("speakers")[-1][1]["heard"] == ["3", "microphones"],
            "the microphone is not heard",
        )
        hall.end()
        wait_for(lambda: speaking(page) == "1", "the floor is not taken back")
        count = len(page.of("speakers"))
        hall.board()
        with rig.events() as late:
            wait_for(lambda: late.of("speakers"), "a late reader is not told")
            assert speaking(late) == "1"
        assert len(page.of("speakers")) == count
    rig.change(state="closed")
    wait_for(lambda: b"ENDLIST" in rig.get("/media/prova/recording-video.m3u8")[1], "no end")
    spoke = whole(rig)
    assert spoke[-2:] == ["2", "1"]
    name, text = rig.text("transcript.txt").splitlines()
    assert name.startswith("Ambrogio Colnaghi, Presidente del Consiglio")  # how surely is timing's
    assert text.startswith("[0:00:01] Dichiaro aperta la seduta.")
    rig.stop()
    rig.start()
    assert whole(rig) == spoke


def test_nothing_is_told_of_a_secret_and_what_was_cut_is_taken_back(rig: Rig, clip: Path) -> None:
    key = rig.sitting()
    hall = Hall(rig)
    rig.start()
    with rig.encoder(clip, key), rig.events() as page:
        wait_for(lambda: len(rig.rows("segments.jsonl")) > 2, "nothing recorded")
        hall.board()
        wait_for(lambda: speaking(page) == "1", "the chair does not speak")
        hall.give("2")
        wait_for(lambda: speaking(page) == "2", "the key does not tell")
        since = now() - timedelta(seconds=0.1)
        append_event(rig.folder(), MicrophoneEvent(now(), "14", is_on=True, member="luca bianchi"))
        rig.change(secret_since=since.isoformat())
        hall.board(secret_since=since.isoformat(), turns=[])
        wait_for(lambda: page.of("state")[-1][1]["secret"], "not secret")
        cut_s = page.of("state")[-1][1]["end"]
        wait_for(lambda: page.of("speakers")[-1][1]["spans"][-1][1] <= cut_s + 0.01, "not cut")
        told = len(page.of("speakers"))
        hall.board(secret_since=since.isoformat(), turns=[], chair="3")
        wait_for(lambda: page.of("board")[-1][1]["chair"] == "3", "no board")
        assert len(page.of("speakers")) == told
        assert max(row[1] for row in json.loads(rig.text("speakers.json"))["spans"]) <= cut_s + 0.01
        wait_for(lambda: not rig.rows("microphones.jsonl"), "the microphone is still on disk")
