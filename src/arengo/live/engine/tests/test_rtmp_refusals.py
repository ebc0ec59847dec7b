"""What is no encoder, or a broken one, hears so at once and in words."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from arengo.live.engine import amf, rtmp_errors
from arengo.live.engine.rtmp import PublishRequested, RtmpError, RtmpServer
from arengo.live.engine.tests.rtmp_publisher import GREETING, KEY, Encoder, clip_tags, serve

LONG_NAME = "x" * 60_000


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("http", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("http", b"G"),
        ("http", b"POST /open/1 HTTP/1.1\r\n"),
        ("tls", bytes.fromhex("16030100")),
        ("rtmpe", b"\x06" + bytes(20)),
        ("not_rtmp", b"SSH-2.0-OpenSSH_9\r\n"),
        ("not_rtmp", b"\0"),
    ],
)
def test_strangers_are_told_apart_by_their_first_bytes(code: str, data: bytes) -> None:
    server = RtmpServer()
    with pytest.raises(RtmpError) as caught:
        server.receive(data)
    assert caught.value.code == code
    assert server.bytes_to_send() == b""


def feed_noise(server: RtmpServer, random: Random) -> None:
    """Feed 400 kB of noise; nothing may come of it but an error."""
    for _ in range(100):
        assert server.receive(random.randbytes(4000)) == []


def test_random_bytes_never_become_a_publisher() -> None:
    for seed in range(200):
        random = Random(seed)
        server = RtmpServer()
        with pytest.raises(RtmpError):
            feed_noise(server, random)


def test_random_bytes_behind_a_good_handshake() -> None:
    for seed in range(200):
        random = Random(seed)
        server = RtmpServer()
        server.receive(GREETING)
        with pytest.raises(RtmpError):
            feed_noise(server, random)


def test_a_port_scan_says_nothing_and_hears_nothing() -> None:
    server = RtmpServer()
    assert server.receive(b"") == []
    assert server.bytes_to_send() == b""


def connected(encoder: Encoder) -> bytes:
    return GREETING + encoder.command("connect", 1, {"app": "live"})


def broken_sessions() -> list[tuple[str, bytes]]:
    e = Encoder()  # format 0 all along: each case begins a new connection
    new = Encoder
    name = amf.encode(["connect", 1, {"app": "live"}])
    return [
        ("not_connected", GREETING + new().command("publish", 1, None, KEY)),
        ("bad_command", GREETING + new().command(1, 1)),
        ("bad_command", GREETING + new().message(3, 20, 0, b"")),
        ("bad_command", GREETING + new().command("connect", 1, {})),
        ("bad_command", GREETING + new().command("connect", 1)),
        ("bad_command", connected(e) + e.command("connect", 2, {"app": "live"})),
        ("bad_publish", connected(e := new()) + e.command("publish", 2, None, KEY)),
        (
            "bad_publish",
            connected(e := new()) + e.command("createStream", 2) + e.command("publish"),
        ),
        ("bad_command", connected(e := new()) + e.command("createStream", 2) * 17),
        ("play", connected(e := new()) + e.command("play", 2, None, KEY)),
        ("early_media", connected(e := new()) + e.send(clip_tags(0))),
        ("early_media", connected(e := new()) + e.metadata()),
        ("message_type", connected(e := new()) + e.message(4, 7, 0, b"x")),
        ("control_torn", connected(e := new()) + e.message(2, 1, 0, b"\0")),
        ("chunk_size", connected(e := new()) + e.message(2, 1, 0, bytes(4))),
        ("message_too_long", connected(e := new()) + e.message(4, 9, 0, bytes(65_537))),
        ("amf_truncated", GREETING + new().message(3, 20, 0, name[:-5])),
        ("aggregate_torn", connected(e := new()) + e.message(4, 22, 0, b"\x08\0\0\x09")),
    ]


@pytest.mark.parametrize(("code", "data"), broken_sessions())
def test_broken_commands(code: str, data: bytes) -> None:
    server = RtmpServer()
    with pytest.raises(RtmpError) as caught:
        server.receive(data)
    assert caught.value.code == code
    assert server.error is caught.value


def test_questions_without_end_are_cut_off() -> None:
    """Answers that nobody takes away may not fill the memory."""
    encoder = Encoder()
    server = RtmpServer()
    server.receive(connected(encoder))
    questions = b"".join(encoder.command("x", number) for number in range(2, 5000))
    with pytest.raises(RtmpError) as caught:
        server.receive(questions)
    assert caught.value.code == "flood"
    assert len(server.bytes_to_send()) < 300_000


def test_what_came_before_the_garbage_is_not_lost() -> None:
    """The events come first, the error with the next call; a caller may look at `error`."""
    encoder = Encoder()
    server = RtmpServer()
    serve(server, [encoder.open()])
    events = server.receive(encoder.send(clip_tags(3)) + encoder.message(4, 7, 0, b""))
    assert len(events) == 5
    assert server.error
    with pytest.raises(RtmpError, match="tipo ignoto"):
        server.receive(b"")


def test_no_message_holds_what_the_source_wrote() -> None:
    """A key typed in the wrong field must not reach the journal through an error."""
    encoder = Encoder()
    for step in (
        encoder.command("connect", 1, {"app": KEY}) * 2,
        encoder.command(KEY, 1),
        encoder.command("connect", 1, {KEY: KEY}),
    ):
        server = RtmpServer()
        with pytest.raises(RtmpError) as caught:
            server.receive(GREETING + step)
        assert KEY not in str(caught.value) + repr(caught.value)
        assert KEY not in repr(vars(server).get("error"))


def test_an_unanswered_request_holds_no_more_than_it_was_given() -> None:
    encoder = Encoder()
    server = RtmpServer()
    events = server.receive(encoder.open(key=LONG_NAME))
    assert events == [PublishRequested("live", LONG_NAME)]


def test_every_code_is_documented() -> None:
    """docs/reference/rtmp.md lists each code that the source raises."""
    engine = Path(rtmp_errors.__file__).parent
    root = engine.parents[3]
    page = (root / "docs/reference/rtmp.md").read_text()
    for code in codes_raised(engine):
        assert f"`{code}`" in page, code


def codes_raised(engine: Path) -> set[str]:
    files = ["rtmp.py", "rtmp_chunks.py", "amf.py", "flv.py", "codec_config.py"]
    text = "".join((engine / name).read_text() for name in files)
    return set(re.findall(r'(?:Handshake|Chunk|Amf|Command|Flv)Error\(\s*"(\w+)"', text))
