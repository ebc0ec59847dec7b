"""Server-sent events: what a reader gets, early, late or slow."""

from __future__ import annotations

import json
from typing import Any

from arengo.live.studio.push import QUEUE_ITEMS, Hub, Subscription


def cue(cue_id: str, rev: int, text: str) -> dict[str, Any]:
    """Return a caption as hearing sends it."""
    return {"id": cue_id, "rev": rev, "start": 1.0, "end": 2.0, "lines": [text], "final": True}


def received(data: bytes) -> list[tuple[str, Any]]:
    """Read events back from the wire."""
    found = []
    for block in data.decode().strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        if "data" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


async def drain(reader: Subscription) -> list[tuple[str, Any]]:
    """Return what waits for a reader."""
    return received(await reader.next())


async def test_a_late_reader_gets_state_and_every_caption_once() -> None:
    """Of a revised caption only the last revision is sent."""
    hub = Hub()
    hub.state({"signal": "live"})
    hub.cue(cue("1", 0, "buona"))
    hub.cue(cue("1", 1, "buonasera"))
    events = await drain(hub.subscribe(is_regia=False))
    assert [name for name, _ in events] == ["state", "cue"]
    assert events[1][1]["lines"] == ["buonasera"]


async def test_a_returning_reader_gets_only_what_it_missed() -> None:
    """Last-Event-ID is the number of the caption's line in the file."""
    hub = Hub()
    hub.load([cue("1", 0, "uno"), cue("2", 0, "due")])
    events = await drain(hub.subscribe(is_regia=False, last_event_id=1))
    assert [payload["lines"] for _, payload in events] == [["due"]]


async def test_only_the_regia_gets_the_status() -> None:
    """Signal health is not for the public."""
    hub = Hub()
    public, regia = hub.subscribe(is_regia=False), hub.subscribe(is_regia=True)
    await public.next()
    await regia.next()
    hub.status({"viewers": 1})
    hub.state({"signal": "live"})
    assert [name for name, _ in await drain(public)] == ["state"]
    assert [name for name, _ in await drain(regia)] == ["status", "state"]
    assert hub.viewers == 1


async def test_a_reader_that_never_reads_is_given_up() -> None:
    """Its queue has an end, and the others are not kept waiting."""
    hub = Hub()
    stuck = hub.subscribe(is_regia=False)
    for k in range(QUEUE_ITEMS + 1):
        hub.partial({"text": str(k)})
    assert stuck.is_lost


async def test_an_unchanged_state_is_told_once() -> None:
    """A second of nothing new costs the readers nothing."""
    hub = Hub()
    reader = hub.subscribe(is_regia=False)
    await reader.next()
    for _ in range(3):
        hub.state({"signal": "live"})
    assert len(await drain(reader)) == 1
