"""The secret cut, in a real sitting: nothing of it is served, kept in memory, or left on disk."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from front import nginx
from rig import Relay, Rig, make_clip, wait_for

from arengo.live.studio.cut import settle
from arengo.live.studio.recorder import SegmentRecord, chained

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture(scope="session")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clip no picture and no sound of which comes twice."""
    path = tmp_path_factory.mktemp("noisy") / "hall.mp4"
    return make_clip(path, seconds=40, sound="anoisesrc=sample_rate=48000:amplitude=0.3")


@pytest.fixture
def rig(rig: Rig) -> Rig:
    """Return a rig whose sitting keeps no disk aside: two hundred megabytes less to search."""
    (rig.folder() / "ballast").mkdir(parents=True)
    return rig


@pytest.fixture
def relay(rig: Rig) -> Iterator[Relay]:
    """Return a relay that an encoder of this rig pushes through."""
    made = Relay(rig.rtmp_port)
    yield made
    made.close()


def red_key(rig: Rig, *, ago_s: float = 0.0) -> float:
    """Make the sitting secret from now on, or from a little earlier; return the Unix time."""
    now = datetime.now(UTC) - timedelta(seconds=ago_s)  # noqa: TID251 - when the key is pressed
    rig.change(secret_since=now.isoformat())
    return now.timestamp()


def on_disk(folder: Path, marks: list[bytes]) -> list[str]:
    """Return the files that hold any of these bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if _holds(path, marks)]


def _holds(path: Path, marks: list[bytes]) -> bool:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return False
    return any(mark in data for mark in marks)


def served(rig: Rig) -> Iterator[tuple[str, bytes]]:
    """Yield everything that the studio answers with about the sitting, guessed addresses too."""
    rows = rig.rows("segments.jsonl")
    names = ["recording.mp4", "captions.vtt", "transcript.txt", "live.m3u8", "plain-video.m3u8"]
    for n in range(rows[-1]["n"] + 6 if rows else 6):
        names += [f"{n}.m4s", *(f"{n}.{p}.m4s" for p in range(6))]
    for name in names:
        status, body = rig.get(f"/media/prova/{name}")
        if status == 200:
            yield name, body


def is_dark(rig: Rig) -> bool:
    """Return whether the cut is noted, and its part on disk carried out."""
    return any(row.get("done") for row in rig.rows("cuts.jsonl"))


def chain_holds(rig: Rig) -> bool:
    """Return whether every line of the journal links to the one before."""
    records = [SegmentRecord(**row) for row in rig.rows("segments.jsonl")]
    links = ["", *(chained(record) for record in records[:-1])]
    return [record.previous for record in records] == links


def test_no_byte_of_a_secret_sitting_exists_anywhere(rig: Rig, noisy: Path, relay: Relay) -> None:
    """Every file and every answer is searched for what the encoder sent after the red key."""
    key = rig.sitting()
    rig.start()
    with rig.events() as page, rig.encoder(noisy, key, relay=relay):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 4, "no segments")
        number = rig.rows("segments.jsonl")[-1]["n"]
        at = red_key(rig)
        wait_for(lambda: is_dark(rig), "no cut", timeout_s=1)
        wait_for(lambda: page.of("state")[-1][1]["secret"], "pages do not know", timeout_s=1)
        assert page.of("state")[-1][1]["signal"] == "secret"
        wait_for(lambda: len(relay.after(at)) > 200, "the encoder was cut off")
        marks = relay.after(at)
        assert on_disk(rig.data, marks) == []
        assert [name for name, body in served(rig) if any(m in body for m in marks)] == []
        before = relay.between(at - 3, at - 1.5)
        assert len(before) > 50
        assert all(on_disk(rig.data, [mark]) for mark in before), "more than the secret is gone"
        withdrawn = rig.rows("cuts.jsonl")[0]["next"]

        rig.change(secret_since=None)
        ended = time.time()
        wait_for(lambda: len(rig.rows("takes.jsonl")) == 2, "no new take")
        wait_for(lambda: any(r["take"] == 2 for r in rig.rows("segments.jsonl")), "not recorded")
        wait_for(lambda: "init-2.mp4" in rig.text("live.m3u8"), "not live again")
    rig.change(state="closed")
    wait_for(lambda: "#EXT-X-ENDLIST" in rig.text("recording-video.m3u8"), "does not close")
    rig.stop()
    secret = relay.between(at, ended)
    assert on_disk(rig.data, secret) == []
    rows = rig.rows("segments.jsonl")
    assert chain_holds(rig)
    assert next(row["n"] for row in rows if row["take"] == 2) >= withdrawn > number
    assert [row["code"] for row in rig.rows("events.jsonl")].count("secret") == 1
    assert [row["code"] for row in rig.rows("events.jsonl")].count("secret-end") == 1


def test_every_wait_ends_when_the_cut_falls(rig: Rig, noisy: Path) -> None:
    """Blocking playlists are answered at once, the part that was to come is not there."""
    key = rig.sitting()
    rig.start()
    answers: dict[str, tuple[int, float]] = {}

    def ask(path: str) -> None:
        status, _ = rig.get(path)
        answers[path] = (status, time.time())

    with rig.encoder(noisy, key):
        wait_for(lambda: rig.get("/media/prova/live.m3u8")[0] == 200, "no playlist")
        hint = re.search(r'HINT:TYPE=PART,URI="(\d+)', rig.text("live.m3u8"))
        assert hint
        far = int(hint[1]) + 1  # a second or more ahead
        playlist = f"/media/prova/live.m3u8?_HLS_msn={far + 1}&_HLS_part=3"
        part = f"/media/prova/{far}.0.m4s"
        waiting = threading.Thread(target=ask, args=(playlist,))
        waiting.start()
        at = red_key(rig)
        waiting.join(5)
    assert answers[playlist][0] == 200
    assert answers[playlist][1] - at < 1
    assert rig.get(part)[0] == 404


def test_a_line_that_was_given_the_last_part_is_cut(rig: Rig, noisy: Path) -> None:
    """Some of it may still wait to leave; a line that was given older media stays."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(noisy, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 4, "no segments")
        last = re.findall(r'URI="(\d+\.\d+\.m4s)"', rig.text("live.m3u8"))[-2]
        with line_with(rig, last) as near, line_with(rig, "0.m4s") as far:
            red_key(rig, ago_s=1)
            wait_for(lambda: is_dark(rig), "no cut")
            with pytest.raises(ConnectionResetError):
                near.recv(1)
            far.settimeout(0.2)
            with pytest.raises(TimeoutError):
                far.recv(1)


@contextmanager
def line_with(rig: Rig, name: str) -> Iterator[socket.socket]:
    """Ask for a file and keep the line once the answer's head is read."""
    with socket.create_connection(("127.0.0.1", rig.http_port), timeout=5) as line:
        line.sendall(f"GET /media/prova/{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head, _, body = line.recv(65536).partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", head)
        assert found
        size = len(body)
        while size < int(found[1]):
            size += len(line.recv(65536))
        yield line


@pytest.mark.parametrize("pause_s", [0.0, 0.002, 0.01, 0.03])
def test_a_studio_killed_in_the_cut_completes_it_at_its_next_start(
    rig: Rig, noisy: Path, relay: Relay, pause_s: float
) -> None:
    """Killed at once or a little later, restarted while still secret, and after its end."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(noisy, key, relay=relay):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments")
        at = red_key(rig)
        threading.Event().wait(pause_s)
        rig.kill()
    marks = relay.after(at)
    rig.start()
    assert on_disk(rig.data, marks) == []
    assert [name for name, body in served(rig) if any(m in body for m in marks)] == []
    assert chain_holds(rig)
    assert [row["code"] for row in rig.rows("events.jsonl")].count("secret") == 1
    with rig.encoder(noisy, key, "-ss", "20", relay=relay):
        before = len(relay.samples)
        wait_for(lambda: len(relay.samples) > before + 60, "the source is not let in")
        marks = relay.after(at)
        rig.change(secret_since=None, secret_past=[rig_since(at)])
        wait_for(lambda: len(rig.rows("takes.jsonl")) == 2, "no new take")
    assert on_disk(rig.data, marks) == []


def rig_since(at: float) -> str:
    """Return an instant as the sitting's file says it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def test_a_studio_that_slept_through_the_secret_withdraws_it(
    rig: Rig, noisy: Path, relay: Relay
) -> None:
    """Stopped as the key was pressed, started when all is over: what it had written goes."""
    key = rig.sitting()
    rig.start()
    assert rig.process
    with rig.encoder(noisy, key, relay=relay):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments")
        rig.process.send_signal(signal.SIGSTOP)
        at = red_key(rig, ago_s=1)
        rig.process.kill()
        rig.process.wait()
    rig.change(secret_since=None, secret_past=[rig_since(at)])
    assert on_disk(rig.data, relay.after(at)) != []
    settle(rig.folder(), [datetime.fromtimestamp(at, UTC)])
    assert on_disk(rig.data, relay.after(at)) == []
    assert rig.rows("cuts.jsonl")[-1]["done"]
    assert chain_holds(rig)


def test_nginx_serves_nothing_of_it_after_a_second(
    rig: Rig, noisy: Path, relay: Relay, tmp_path: Path
) -> None:
    """Neither its caches nor its files: the parts of the last moment are asked for again."""
    key = rig.sitting()
    rig.start()
    (tmp_path / "nginx").mkdir()
    front, port = nginx(tmp_path / "nginx", rig.http_port)
    behind = Rig(rig.data, http_port=port)
    try:
        with rig.encoder(noisy, key, relay=relay):
            wait_for(lambda: len(rig.rows("segments.jsonl")) >= 3, "no segments")
            live = wait_for(lambda: behind.text("live.m3u8"), "no playlist")
            names = re.findall(r'URI="(\d+\.\d+\.m4s)"', live)[-8:]
            kept = [name for name in names if behind.get(f"/media/prova/{name}")[0] == 200]
            assert len(kept) >= 7
            since = red_key(rig, ago_s=1)
            pressed = time.time()
            wait_for(lambda: is_dark(rig), "no cut")
            marks = relay.after(since)
            wait_for(lambda: time.time() > pressed + 1, "time stands still")
            answers = [behind.get(f"/media/prova/{name}") for name in kept]
            assert [s for s, body in answers if any(m in body for m in marks)] == []
            assert 404 in [status for status, _ in answers]
            wait_for(lambda: not on_disk(tmp_path / "nginx", marks), "nginx keeps files of it")
    finally:
        front.terminate()
        front.wait()


def test_a_secret_that_nobody_saw_begin_is_told_in_the_journal_once(rig: Rig) -> None:
    """On and off between two looks: both lines are there, and the sitting goes on."""
    rig.sitting()
    rig.start()
    rig.change(secret_past=["2026-11-24T21:00:00+00:00"])
    wait_for(lambda: len(rig.rows("events.jsonl")) == 2, "not noted")
    assert [row["message"] for row in rig.rows("events.jsonl")] == [
        "Seduta segreta: ogni uscita è interrotta.",
        "Fine della seduta segreta: riprende la trasmissione.",
    ]
    assert json.loads(rig.get("/studio/health")[1])["status"] == "ok"
