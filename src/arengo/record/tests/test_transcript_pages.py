"""The page of the transcript, asked as a browser does; and by whom it may be asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting
from arengo.kernel.models import Comune, User
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record.engine.edits import TextFixed
from arengo.record.transcripts import append

FIX = {"words": ["c0.4"], "seen": ["Sempione"], "text": "Sanzio"}


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke."""
    sitting = hold(pero, make_sitting)
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))
    open_broadcast(comune=pero, sitting=sitting, by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


def address(sitting: Sitting, rest: str = "") -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/trascrizione/{rest}"


def ask(client: Client, sitting: Sitting, kind: str, facts: Mapping[str, Any], key: str) -> Any:
    asked = {"kind": kind, "facts": facts, "key": key}
    return client.post(
        address(sitting, "modifiche/"),
        asked,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_a_clerk_corrects_a_word_and_takes_it_back(clerk: Client, held: Sitting) -> None:
    assert "transcript.js" in clerk.get(address(held)).content.decode()
    told = ask(clerk, held, "text_fixed", FIX, "k1").json()
    assert [word[2] for word in told["segments"][0]["words"]][4] == "Sanzio"
    assert told["undo"] == told["seq"] == 1
    back = ask(clerk, held, "undone", {"seq": 1}, "k2").json()
    assert [word[2] for word in back["segments"][0]["words"]][4] == "Sempione"
    assert back["undo"] is None


def test_who_has_seen_everything_is_sent_nothing_more(clerk: Client, held: Sitting) -> None:
    seq = clerk.get(address(held, "modifiche/")).json()["seq"]
    assert clerk.get(address(held, f"modifiche/?dopo={seq}")).json() == {"seq": seq}


def test_a_colleague_who_was_first_is_named(clerk: Client, held: Sitting, bruno: User) -> None:
    edit = TextFixed(("c0.4",), ("Sempione",), "Sempronio")
    append(comune=held.comune, sitting=held, edit=edit, by=bruno)
    answer = ask(clerk, held, "text_fixed", FIX, "k1")
    assert answer.status_code == 409
    assert bruno.full_name in answer.json()["detail"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"kind": 1, "facts": {}, "key": "k"}'])
def test_what_is_no_edit_is_refused_in_words(clerk: Client, held: Sitting, body: str) -> None:
    answer = clerk.post(address(held, "modifiche/"), body, content_type="application/json")
    assert answer.status_code == 422


def test_a_sitting_without_words_says_where_they_come_from(clerk: Client, sitting: Sitting) -> None:
    assert "non ha parole da correggere" in clerk.get(address(sitting)).content.decode()


def test_who_is_no_clerk_neither_reads_nor_corrects(
    client: Client, held: Sitting, dario: User
) -> None:
    client.force_login(dario)
    assert client.get(address(held)).status_code == 404
    assert ask(client, held, "text_fixed", FIX, "k1").status_code == 404
