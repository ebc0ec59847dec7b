"""The ballot box of a real studio, through the door: what it answers, and what it leaves."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from rig import Rig, free_port, wait_for

from arengo.config import Config, load
from arengo.door import STUDIO_PATHS
from arengo.kernel.tokens import issue
from arengo.live import box

pytestmark = [pytest.mark.slow, pytest.mark.processes]

LATER = 2**40
CHOICES = ["Rossi Ada", "Bo Ugo", "bianca"]


@dataclass
class Town:
    """A studio, a door in front of it, and the settings that the pages have."""

    rig: Rig
    config: Config
    door: int

    def post(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Send a body to the door."""
        url = f"http://127.0.0.1:{self.door}/ballot/{path}"
        request = Request(url, body, {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=10) as answer:
                assert answer.headers["Cache-Control"] == "no-store"
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            return error.code, json.loads(error.read())

    def vote(self, member: str, choice: Any, **over: Any) -> tuple[int, dict[str, Any]]:
        """Cast a vote as a member's page does."""
        facts = {"purpose": "vote s1 b1", "subject": member, "expires_at": LATER, **over}
        token = issue(self.config.secret(), **facts)
        return self.post("s1/b1", json.dumps({"token": token, "choice": choice}).encode())


@pytest.fixture
def town(rig: Rig) -> Iterator[Town]:
    """Return a studio and its door."""
    (rig.folder() / "ballast").mkdir(parents=True)
    rig.sitting()
    rig.start()
    port = free_port()
    with (rig.data / "door.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "arengo.door"],
            env={**rig.environment(), "ARENGO_PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    config = replace(load(), data=rig.data, studio_port=rig.http_port)
    town = Town(rig, config, port)
    wait_for(lambda: rig.get("/studio/health")[0] == 200, "no studio")
    wait_for(lambda: _is_open(port), "no door")
    yield town
    process.terminate()
    process.wait()


def _is_open(port: int) -> bool:
    try:
        return bool(urlopen(f"http://127.0.0.1:{port}/studio/health", timeout=5).read())
    except OSError:
        return False


def test_a_secret_ballot_from_open_to_count(town: Town) -> None:
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    assert town.vote("m2", "Bo Ugo") == (200, {"received": True})
    assert town.vote("m1", "Rossi Ada")[0] == 200
    assert town.vote("m3", "Bo Ugo")[0] == 200
    assert box.progress(town.config, "s1", "b1") == 3
    status, refusal = town.vote("m2", "bianca")
    assert (status, refusal["message"]) == (409, "Hai già votato in questa votazione.")
    count = box.count_box(town.config, "s1", "b1")
    assert count.took_part == ("m1", "m2", "m3")
    assert count.totals == {"Bo Ugo": 2, "Rossi Ada": 1, "bianca": 0}
    assert town.vote("m4", "bianca")[0] == 410
    with pytest.raises(box.BoxCounted, match="ripeti la votazione"):
        box.count_box(town.config, "s1", "b1")


def test_only_the_right_token_of_the_right_ballot_opens_anything(town: Town) -> None:
    """A vote's token counts nothing, a box's token votes nothing, another ballot's neither."""
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    for over in (
        {"purpose": "box s1 b1"},
        {"purpose": "vote s1 b2"},
        {"purpose": "vote s2 b1"},
        {"expires_at": 1},
    ):
        assert town.vote("m1", "bianca", **over)[0] == 403
    token = issue(town.config.secret(), purpose="vote s1 b1", subject="m1", expires_at=LATER)
    body = json.dumps({"token": token}).encode()
    for action in ("open", "progress", "count", "cancel"):
        assert town.post(f"s1/b1/{action}", body)[0] == 403
    assert box.progress(town.config, "s1", "b1") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"[]",
        b'{"token": 3, "choice": "a"}',
        b'{"choice": "bianca"}',
        b"[" * 9_000,
        b"\xff\xfe",
        b'{"token": "' + b"a" * 20_000 + b'"}',
    ],
    ids=["empty", "text", "list", "number", "no token", "deep", "binary", "long"],
)
def test_garbage_is_no_vote(town: Town, body: bytes) -> None:
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    assert town.post("s1/b1", body)[0] == 400
    assert box.progress(town.config, "s1", "b1") == 0


def test_a_choice_that_was_not_offered_is_no_vote(town: Town) -> None:
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    for choice in ("Nessuno", 3, None, ["bianca"]):
        assert town.vote("m1", choice)[0] == 400
    assert town.vote("m1", "bianca")[0] == 200


def test_a_restart_loses_the_box_and_the_console_says_so(town: Town) -> None:
    """Killed or stopped, nothing of it comes back: the vote is repeated."""
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    town.vote("m1", "bianca")
    town.rig.kill()
    with pytest.raises(box.BoxUnreachable, match="non risponde"):
        box.progress(town.config, "s1", "b1")
    town.rig.start()
    with pytest.raises(box.BoxLost, match="ripetila"):
        box.count_box(town.config, "s1", "b1")
    assert town.vote("m1", "bianca")[0] == 404
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    assert town.vote("m1", "bianca")[0] == 200


def test_a_box_cannot_be_opened_twice_and_can_be_cancelled(town: Town) -> None:
    box.open_box(town.config, "s1", "b1", choices=CHOICES)
    with pytest.raises(box.BoxOpenAlready):
        box.open_box(town.config, "s1", "b1", choices=CHOICES)
    box.cancel_box(town.config, "s1", "b1")
    with pytest.raises(box.BoxLost):
        box.progress(town.config, "s1", "b1")
    with pytest.raises(box.BoxUnavailable, match="400"):
        box.open_box(town.config, "s1", "b1", choices=[])


def test_no_file_and_no_log_holds_a_choice_or_a_voter(town: Town) -> None:
    """Refused votes and unreadable ones included, before and after the count and the end."""
    choice, voter = f"scelta-{secrets.token_hex(8)}", f"membro-{secrets.token_hex(8)}"
    box.open_box(town.config, "s1", "b1", choices=[choice, "no"])
    town.vote(voter, choice)
    town.vote(voter, choice)
    town.vote(voter, choice + "x")
    assert leftovers(town.rig.data, choice, voter) == []
    box.count_box(town.config, "s1", "b1")
    town.vote(voter, choice)
    town.rig.stop()
    assert leftovers(town.rig.data, choice, voter) == []


def leftovers(folder: Path, *words: str) -> list[Path]:
    """Return the files that hold any of these words, and the logs that name the ballot."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "studio.log" for path in files)
    sought = [word.encode() for word in (*words, "/ballot/")]
    return [path for path in files if any(word in path.read_bytes() for word in sought)]


def test_the_door_and_nginx_know_the_address() -> None:
    assert "/ballot/" in STUDIO_PATHS
    site = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text()
    place = site.partition("location /ballot/ {")[2].partition("}")[0]
    assert "access_log off;" in place
    assert "proxy_cache" not in place
