"""A real studio, a real encoder: what a sitting leaves behind, and what faults do to it."""

from __future__ import annotations

import hashlib
import itertools
import re
import socket
import subprocess
from pathlib import Path

import av
import pytest
from rig import Rig, make_clip, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def is_live(rig: Rig) -> bool:
    """Return whether the low-latency playlist names a part."""
    status, body = rig.get("/media/prova/live.m3u8")
    return status == 200 and b"#EXT-X-PART:" in body


def codes(rig: Rig) -> list[str]:
    """Return the codes of the sitting's technical journal."""
    return [row["code"] for row in rig.rows("events.jsonl")]


def test_a_sitting_from_push_to_video_on_demand(rig: Rig, clip: Path) -> None:
    """What was pushed is recorded whole, chained, playable, and at the same address when closed."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key) as encoder:
        wait_for(lambda: is_live(rig), "no live playlist")
        master = rig.text("master.m3u8")
        assert 'CODECS="avc1.' in master
        assert "RESOLUTION=320x180" in master
        encoder.wait(30)
    rig.change(state="closed")
    wait_for(lambda: "#EXT-X-ENDLIST" in rig.text("recording-video.m3u8"), "sitting does not close")

    rows = rig.rows("segments.jsonl")
    assert sum(row["duration"] for row in rows) == pytest.approx(12, abs=0.1)
    for row in rows:
        data = (rig.folder() / f"media/{row['n']}.m4s").read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
    status, whole = rig.get("/media/prova/recording.mp4")
    assert status == 200
    path = rig.data / "whole.mp4"
    path.write_bytes(whole)
    with av.open(str(path)) as recording:
        frames = sum(1 for _ in recording.decode(video=0))
    assert frames == pytest.approx(300, abs=2)
    assert "WEBVTT" in rig.text("captions.vtt")
    assert rig.text("recording-subs.m3u8").count(".vtt") == len(rows)


def test_parts_are_the_segment_and_never_change(rig: Rig, clip: Path) -> None:
    """A segment is its parts one after another, and both may be kept for ever."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments")
        parts = re.findall(r'#EXT-X-PART:[^\n]*URI="(1\.\d+\.m4s)"', rig.text("live.m3u8"))
        joined = b"".join(rig.get(f"/media/prova/{name}")[1] for name in parts)
        assert joined == rig.get("/media/prova/1.m4s")[1]


def test_a_blocking_reload_waits_for_the_part_it_names(rig: Rig, clip: Path) -> None:
    """The answer holds the part asked for, though it did not exist when asked."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: is_live(rig), "no live playlist")
        hint = re.search(r'PRELOAD-HINT:TYPE=PART,URI="(\d+)\.(\d+)', rig.text("live.m3u8"))
        assert hint
        number, part = int(hint[1]), int(hint[2])
        status, body = rig.get(f"/media/prova/live.m3u8?_HLS_msn={number}&_HLS_part={part}")
        assert status == 200
        assert f'URI="{number}.{part}.m4s"'.encode() in body
        assert rig.get("/media/prova/live.m3u8?_HLS_msn=99999")[0] == 400


@pytest.mark.parametrize(
    "bytes_sent",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\x00" * 4000, b""],
    ids=["http", "tls", "zeros", "port scan"],
)
def test_rubbish_on_the_rtmp_port_harms_nobody(rig: Rig, clip: Path, bytes_sent: bytes) -> None:
    """The encoder on air loses nothing, and the next one is served."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: is_live(rig), "no live playlist")
        with socket.create_connection(("127.0.0.1", rig.rtmp_port)) as stranger:
            stranger.sendall(bytes_sent)
        before = len(rig.rows("segments.jsonl"))
        wait_for(lambda: len(rig.rows("segments.jsonl")) > before + 1, "the sitting stopped")
    assert "new-take" not in codes(rig)


def test_wrong_and_revoked_keys_stay_out(rig: Rig, clip: Path) -> None:
    """A wrong key never publishes; revoking a key ends who publishes with it. No log has a key."""
    key = rig.sitting()
    rig.start()
    wrong = key[:-1] + ("0" if key[-1] != "0" else "1")
    with rig.encoder(clip, wrong) as refused:
        assert refused.wait(10) != 0
    assert rig.rows("segments.jsonl") == []
    with rig.encoder(clip, key) as encoder:
        wait_for(lambda: is_live(rig), "no live playlist")
        digest = hashlib.sha256(key.encode()).hexdigest()
        rig.change(
            keys=[
                {
                    "id": key[:8],
                    "sha256": digest,
                    "label": "Sala",
                    "revoked_at": "2026-11-24T21:00:00Z",
                }
            ]
        )
        wait_for(lambda: encoder.poll() is not None, "the encoder stays on air")
    assert "key-revoked" in codes(rig)
    written = b"".join(
        p.read_bytes() for p in rig.data.rglob("*") if p.suffix in (".log", ".jsonl")
    )
    assert key.encode() not in written
    assert key[9:].encode() not in written


def test_a_second_encoder_waits_its_turn(rig: Rig, clip: Path) -> None:
    """While one sends, another with the same key is refused, and the journal says so."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key) as first:
        wait_for(lambda: is_live(rig), "no live playlist")
        with rig.encoder(clip, key) as second:
            assert second.wait(10) != 0
        assert first.poll() is None
    assert "second-source" in codes(rig)


def test_an_encoder_that_drops_does_not_end_the_sitting(rig: Rig, clip: Path) -> None:
    """Two takes on one timeline, a discontinuity between them, one recording."""
    key = rig.sitting()
    rig.start()
    for takes in (1, 2):
        with rig.encoder(clip, key):
            wait_for(lambda n=takes: len(rig.rows("takes.jsonl")) == n and is_live(rig), "no take")
            before = len(rig.rows("segments.jsonl"))
            wait_for(lambda n=before: len(rig.rows("segments.jsonl")) > n + 1, "no segments")
    rig.change(state="closed")
    wait_for(lambda: "#EXT-X-ENDLIST" in rig.text("recording-video.m3u8"), "does not close")
    playlist = rig.text("recording-video.m3u8")
    assert playlist.count("#EXT-X-DISCONTINUITY\n") == 1
    assert 'URI="init-2.mp4"' in playlist
    rows = rig.rows("segments.jsonl")
    for before_row, after_row in itertools.pairwise(rows):
        assert before_row["start"] + before_row["duration"] == pytest.approx(after_row["start"])
    path = rig.data / "whole.mp4"
    path.write_bytes(rig.get("/media/prova/recording.mp4")[1])
    with av.open(str(path)) as recording:
        times = [f.time for f in recording.decode(video=0)]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert max(gaps) < 0.2
    assert min(gaps) > 0


def test_kill_the_studio_and_the_sitting_goes_on(rig: Rig, clip: Path) -> None:
    """After a kill -9 numbers and timeline continue where the disk ended."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments")
        rig.kill()
    rig.start()
    with rig.encoder(clip, key):
        wait_for(lambda: len(rig.rows("takes.jsonl")) == 2, "no second take")
        before = len(rig.rows("segments.jsonl"))
        wait_for(lambda: len(rig.rows("segments.jsonl")) > before + 1, "no segments")
    rows = rig.rows("segments.jsonl")
    assert [row["n"] for row in rows] == list(range(len(rows)))
    ends = [row["start"] + row["duration"] for row in rows]
    assert all(e == pytest.approx(r["start"]) for e, r in zip(ends, rows[1:], strict=False))


def test_rare_key_frames_are_told_with_their_remedy(rig: Rig, tmp_path: Path) -> None:
    """The regia's status names the interval and what to set."""
    slow = make_clip(tmp_path / "slow.mp4", seconds=14, gop=100)
    key = rig.sitting()
    rig.start()
    with rig.encoder(slow, key):
        warning = wait_for(lambda: status_warning(rig, "key"), "no warning", timeout_s=14)
    assert "fotogrammi chiave" in warning["message"]
    assert "2 s" in warning["remedy"]


def status_warning(rig: Rig, word: str) -> dict[str, str] | None:
    """Return the first warning of the regia's status whose code holds a word."""
    import json

    from arengo.kernel.tokens import issue

    secret = (rig.data / "secret.key").read_bytes()
    token = issue(secret, purpose="regia", subject="prova", expires_at=2**40)
    with socket.create_connection(("127.0.0.1", rig.http_port), timeout=5) as line:
        line.sendall(f"GET /events/prova?token={token} HTTP/1.0\r\n\r\n".encode())
        text = b""
        while b"event: status" not in text or not text.endswith(b"\n\n"):
            text += line.recv(65536)
    for data in re.findall(rb"event: status\ndata: (.*)\n", text):
        for warning in json.loads(data)["warnings"]:
            if word in warning["code"]:
                return dict(warning)
    return None


def test_an_unsupported_codec_is_named(rig: Rig, tmp_path: Path) -> None:
    """MP3 sound is left out, the picture goes on, and the operator reads what to choose."""
    path = tmp_path / "mp3.flv"
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y"),
            *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=6"),
            *("-f", "lavfi", "-i", "sine=sample_rate=44100:duration=6"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"),
            *("-c:a", "libmp3lame", str(path)),
        ],
        check=True,
    )
    key = rig.sitting()
    rig.start()
    with rig.encoder(path, key):
        wait_for(lambda: is_live(rig), "no live playlist")
        wait_for(lambda: "codec-audio" in codes(rig), "nothing said of the codec")
    line = next(row for row in rig.rows("events.jsonl") if row["code"] == "codec-audio")
    assert "MP3" in line["message"]
    assert "AAC" in line["message"]


def test_events_need_a_token_for_the_regia(rig: Rig) -> None:
    """A forged token opens nothing."""
    rig.sitting()
    rig.start()
    assert rig.get("/events/prova?token=a.1.b")[0] == 403
    assert rig.get("/media/nessuna/live.m3u8")[0] == 404
    assert rig.get("/media/prova/../sitting.json")[0] == 404


def test_a_full_disk_stops_the_recording_and_not_the_live(rig: Rig, clip: Path) -> None:
    """One segment finds no room: it is missing from the recording, live and the rest go on."""
    media = rig.folder() / "media"
    key = rig.sitting()
    (rig.folder() / "ballast").mkdir()  # no reserve to fall back on
    rig.start()
    media.mkdir(exist_ok=True)
    (media / "3.m4s").symlink_to("/dev/full")
    with rig.encoder(clip, key):
        wait_for(lambda: any(row["n"] == 5 for row in rig.rows("segments.jsonl")), "stopped")
        assert rig.get("/media/prova/3.m4s")[0] == 200  # from memory
    assert [row["n"] for row in rig.rows("segments.jsonl")][:5] == [0, 1, 2, 4, 5]
    assert codes(rig).count("recording-stopped") == 1
    assert "recording" in codes(rig)
    rig.change(state="closed")
    wait_for(lambda: "#EXT-X-ENDLIST" in rig.text("recording-video.m3u8"), "does not close")
    assert rig.text("recording-video.m3u8").count("#EXT-X-GAP") == 1


def test_a_page_that_never_reads_is_let_go(rig: Rig, clip: Path) -> None:
    """A stuck reader costs a bounded queue, and the sitting goes on."""
    key = rig.sitting()
    rig.start()
    with rig.encoder(clip, key), socket.create_connection(("127.0.0.1", rig.http_port)) as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        stuck.sendall(b"GET /events/prova HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 3, "the sitting stopped")


@pytest.mark.parametrize("track", ["video", "audio"])
def test_half_a_signal_is_still_a_sitting(rig: Rig, clip: Path, tmp_path: Path, track: str) -> None:
    """Video without sound, and sound without video, are published and recorded."""
    half = tmp_path / "half.mp4"
    drop = "-an" if track == "video" else "-vn"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-i", str(clip), "-c", "copy", drop, str(half)], check=True
    )
    key = rig.sitting()
    rig.start()
    with rig.encoder(half, key):
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments")
    take = rig.rows("takes.jsonl")[0]
    assert (take["video"] is None) == (track == "audio")
    assert (take["audio"] is None) == (track == "video")


def test_srt_feeds_the_same_path(rig: Rig, clip: Path) -> None:
    """A port opened for SRT takes an MPEG-TS caller, H.264 and AAC copied as they are."""
    from rig import free_port

    port = free_port()
    rig.sitting(sources=[{"kind": "srt", "port": port}])
    rig.start()
    caller = subprocess.Popen(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "3"),
            *("-i", str(clip), "-c", "copy", "-f", "mpegts"),
            f"srt://127.0.0.1:{port}?mode=caller",
        ],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: len(rig.rows("segments.jsonl")) >= 2, "no segments", timeout_s=25)
    finally:
        caller.kill()
        caller.wait()
    assert rig.rows("takes.jsonl")[0]["source"] == "srt"
