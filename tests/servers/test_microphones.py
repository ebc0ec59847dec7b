"""A real listener on real sockets: good lines get through whatever else is sent."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rig import wait_for

from arengo.live.demo.reference import load_reference
from arengo.live.microphones.commands import demo_script
from arengo.live.microphones.errors import CannotListen
from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.listener import MOST_CONNECTIONS, Listener, listen
from arengo.live.microphones.record import read_events, recorder
from arengo.live.microphones.simulator import ByTcp, ByUdp, Change, play

pytestmark = [pytest.mark.slow, pytest.mark.processes]

HOST = "127.0.0.1"
SEATS = {"12": "rossi", "13": "bianchi"}


class Heard:
    """What the listener told, and a way to wait for so much of it."""

    def __init__(self) -> None:
        self.events: list[MicrophoneEvent] = []
        self._grew = asyncio.Event()

    def __call__(self, event: MicrophoneEvent) -> None:
        self.events.append(event)
        self._grew.set()

    async def until(self, count: int) -> list[tuple[str, bool]]:
        """Wait until there are `count` events; return seats and states."""
        async with asyncio.timeout(10):
            while len(self.events) < count:
                self._grew.clear()
                await self._grew.wait()
        return [(event.seat, event.is_on) for event in self.events]


@asynccontextmanager
async def hall(heard: Heard) -> AsyncIterator[Listener]:
    listener = await listen(HOST, 0, heard, seats=SEATS)
    try:
        yield listener
    finally:
        listener.close()


@asynccontextmanager
async def line(listener: Listener) -> AsyncIterator[asyncio.StreamWriter]:
    _, writer = await asyncio.open_connection(HOST, listener.port)
    try:
        yield writer
    finally:
        writer.close()


async def is_sent_away(reader: asyncio.StreamReader) -> bool:
    """Wait for the other end to close, cleanly or not; false if it says something."""
    async with asyncio.timeout(10):
        try:
            return await reader.read(1) == b""
        except ConnectionError:
            return True


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def test_tcp_and_udp_say_the_same_on_one_port() -> None:
    heard = Heard()
    async with hall(heard) as listener, line(listener) as writer:
        writer.write(b'MIC 12 ON\r\n\n{"seat": "12", "on": false}\nMIC 13 ')
        assert await heard.until(2) == [("12", True), ("12", False)]
        writer.write(b"ON\n")
        await heard.until(3)
        way = ByUdp(HOST, listener.port)
        await way.send(b"MIC 13 OFF\nMIC 14 ON")
        assert (await heard.until(5))[3:] == [("13", False), ("14", True)]
        way.close()
    assert [event.member for event in heard.events[:2]] == ["rossi", "rossi"]


async def test_rubbish_is_refused_and_the_next_line_is_heard(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """NULs, no text, half JSON, a megabyte without an end, a huge datagram."""
    heard = Heard()
    with caplog.at_level(logging.INFO):
        async with hall(heard) as listener, line(listener) as writer:
            for rubbish in (
                b"\x00" * 100,
                b"\xff\xfe",
                b'{"seat":',
                b"GET / HTTP/1.1",
                b"x" * 1_000_000,
            ):
                writer.write(rubbish + b"\n")
            writer.write(b"MIC 12 ON\n")
            way = ByUdp(HOST, listener.port)
            await way.send(b"\n" * 30_000)
            await way.send(b"MIC 13 ON")
            assert sorted(await heard.until(2)) == [("12", True), ("13", True)]
            assert listener.refusals.total == 6
            way.close()
    assert len([m for m in caplog.messages if m.startswith("refused")]) == 1


async def test_a_flood_is_bounded_and_the_other_line_is_heard() -> None:
    heard = Heard()
    async with hall(heard) as listener, line(listener) as flood, line(listener) as good:
        flood.write(b"MIC 1 ON\nMIC 1 OFF\n" * 400)
        await heard.until(50)
        good.write(b"MIC 12 ON\n")
        while ("12", True) not in await heard.until(len(heard.events) + 1):
            pass
        assert len([event for event in heard.events if event.seat == "1"]) <= 160
        assert listener.refusals.total > 600


async def test_who_sends_only_rubbish_is_sent_away() -> None:
    heard = Heard()
    async with hall(heard) as listener:
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(b"rubbish\n" * 2000)
        assert await is_sent_away(reader)
        writer.close()
        async with line(listener) as good:
            good.write(b"MIC 12 ON\n")
            assert await heard.until(1) == [("12", True)]


async def test_connections_are_counted() -> None:
    heard = Heard()
    async with hall(heard) as listener:
        lines = [
            await asyncio.open_connection(HOST, listener.port) for _ in range(MOST_CONNECTIONS)
        ]
        lines[-1][1].write(b"MIC 12 ON\n")
        await heard.until(1)
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        assert await is_sent_away(reader)
        for _, one in [*lines, (reader, writer)]:
            one.close()


async def test_a_broken_connection_is_told_and_a_new_one_says_what_is_open() -> None:
    heard = Heard()
    async with hall(heard) as listener:
        async with line(listener) as writer:
            writer.write(b"MIC 12 ON\n")
            await heard.until(1)
        assert await heard.until(2) == [("12", True), ("12", False)]
        assert heard.events[1].cause == "lost"
        async with line(listener) as writer:
            writer.write(b"MIC 12 ON\n")
            assert (await heard.until(3))[2] == ("12", True)


async def test_the_simulator_connects_again_and_says_what_is_open() -> None:
    heard = Heard()
    way = ByTcp(HOST, 0, no_pause)
    async with hall(heard) as first:
        way = ByTcp(HOST, first.port, no_pause)
        await play([Change(0, "12", is_on=True)], way, pause=no_pause)
        await heard.until(1)
        port = first.port
    again = Heard()
    await heard.until(2)  # lost

    async def reopen(wait_s: float) -> None:
        """The listener comes back while the simulator waits."""
        if not opened:
            opened.append(await listen(HOST, port, again, seats=SEATS))

    opened: list[Listener] = []
    back = ByTcp(HOST, port, reopen)
    await play([Change(0, "13", is_on=True)], back, pause=no_pause)
    assert await again.until(1) == [("13", True)]
    for connection in set(opened[0].connections):
        connection.abort()
    await again.until(2)
    assert await _sends_again(back)
    for one in (way, back):
        one.close()
    opened[0].close()


async def _sends_again(way: ByTcp) -> bool:
    """Send until the broken connection is noticed and made anew."""
    async with asyncio.timeout(10):
        while not await way.send(b"MIC 12 ON\n"):
            await asyncio.sleep(0)
    return True


async def test_a_listener_that_raises_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    heard = Heard()

    def fails_once(event: MicrophoneEvent) -> None:
        heard(event)
        if len(heard.events) == 1:
            raise OSError("disk full")

    listener = await listen(HOST, 0, fails_once)
    async with line(listener) as writer:
        writer.write(b"MIC 12 ON\nMIC 13 ON\n")
        await heard.until(2)
    listener.close()
    assert "disk full" in caplog.text


async def test_the_network_needs_a_list_of_who_may_speak() -> None:
    with pytest.raises(CannotListen, match="--from"):
        await listen("0.0.0.0", 0, Heard())
    heard = Heard()
    listener = await listen(HOST, 0, heard, allow=["192.0.2.1"])
    way = ByUdp(HOST, listener.port)
    await way.send(b"MIC 12 ON")
    reader, writer = await asyncio.open_connection(HOST, listener.port)
    assert await is_sent_away(reader)
    async with asyncio.timeout(10):
        while listener.refusals.total < 2:
            await asyncio.sleep(0)
    assert heard.events == []
    for one in (way, writer, listener):
        one.close()


async def test_a_taken_port_is_told() -> None:
    async with hall(Heard()) as listener:
        with pytest.raises(CannotListen, match="non si apre"):
            await listen(HOST, listener.port, Heard())


async def test_the_demo_sitting_is_played_and_kept(tmp_path: Path) -> None:
    heard = Heard()
    keep = recorder(tmp_path)

    def both(event: MicrophoneEvent) -> None:
        keep(event)
        heard(event)

    listener = await listen(HOST, 0, both)
    script = demo_script()[:80]
    way = ByTcp(HOST, listener.port)
    assert await play(script, way, speed=1000, pause=no_pause) == 80
    assert await heard.until(80) == [(change.seat, change.is_on) for change in script]
    assert list(read_events(tmp_path)) == heard.events
    way.close()
    listener.close()
    assert len(demo_script()) == 2 * len(load_reference().turns)


def test_from_the_command_line_to_the_sittings_folder(tmp_path: Path) -> None:
    """`arengo microphones listen` ends well on SIGTERM; `simulate` plays a script to it."""
    arengo = [sys.executable, "-m", "arengo.cli", "microphones"]
    (tmp_path / "posti.csv").write_text("posto,nominativo\n12,Anna Rossi\n", encoding="utf-8")
    (tmp_path / "copione.txt").write_text("0 12 ON\n0.01 12 OFF\n", encoding="utf-8")
    listening = subprocess.Popen(
        [*arengo, "listen", "--port", "0", "--seats", tmp_path / "posti.csv", "--folder", tmp_path],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert listening.stderr is not None
        told = listening.stderr.readline()
        port = told.split(":")[1].split(",")[0]
        script = ["--script", str(tmp_path / "copione.txt"), "--port", port]
        subprocess.run([*arengo, "simulate", *script], check=True, timeout=30)
        kept = tmp_path / "microphones.jsonl"
        wait_for(lambda: kept.exists() and len(kept.read_bytes().splitlines()) == 2, "not kept")
        rows = [json.loads(row) for row in kept.read_bytes().splitlines()]
        assert [(row["member"], row["on"]) for row in rows] == [("Anna Rossi", True), ("Anna Rossi", False)]  # fmt: skip
        listening.send_signal(signal.SIGTERM)
        assert listening.wait(10) == 0
    finally:
        listening.kill()
        listening.communicate()
