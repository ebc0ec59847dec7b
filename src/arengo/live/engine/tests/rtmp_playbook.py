"""Playbooks: `assert Playbook() >> bytes << event`, what comes in and what must come out.

`>>` feeds bytes, `<<` names the next event or, as an `Answer`, the next command sent back;
accepting and refusing are steps too (`>> ACCEPT`, `>> Refuse("…")`). Running it reports the
first step that differs. The idea is mitmproxy's.
"""

from __future__ import annotations

from dataclasses import dataclass

from arengo.live.engine import amf
from arengo.live.engine.rtmp import Event, RtmpServer
from arengo.live.engine.rtmp_chunks import ChunkReader, Message

ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Refuse:
    """The caller turns the encoder away."""

    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A command of the server: its name, and the status code or the number it carries."""

    name: str
    value: object = None


Step = bytes | str | Refuse
Outcome = Event | Answer


class Playbook:
    """A script of one connection, run when its truth is asked for."""

    def __init__(self) -> None:
        self.server = RtmpServer()
        self.controls: list[Message] = []
        self._script: list[tuple[bool, Step | Outcome]] = []
        self._reader = ChunkReader()
        self._greeting_left = 1 + 2 * 1536

    def __rshift__(self, step: Step) -> Playbook:
        self._script.append((True, step))
        return self

    def __lshift__(self, outcome: Outcome) -> Playbook:
        self._script.append((False, outcome))
        return self

    def __bool__(self) -> bool:
        found: list[Outcome] = []
        for is_step, entry in self._script:
            if is_step:
                assert not found, f"nobody expected {found}"
                found += self._do(entry)
            else:
                assert found, f"nothing came where {entry!r} was expected"
                assert found.pop(0) == entry
        assert not found, f"nobody expected {found}"
        self._script.clear()
        return True

    def _do(self, step: Step | Outcome) -> list[Outcome]:
        events: list[Outcome] = []
        if isinstance(step, bytes):
            events = [*self.server.receive(step)]
        elif isinstance(step, Refuse):
            self.server.refuse_publish(step.description)
        else:
            self.server.accept_publish()
        return [*events, *self._answers()]

    def _answers(self) -> list[Outcome]:
        sent = self.server.bytes_to_send()
        skipped = min(self._greeting_left, len(sent))
        self._greeting_left -= skipped
        self._reader.feed(sent[skipped:])
        found: list[Outcome] = []
        while message := self._reader.next_message():
            if message.type_id == 1:
                self._reader.set_chunk_size(int.from_bytes(message.body, "big"))
            if message.type_id == 20:
                found.append(_answer(amf.decode(message.body)))
            else:
                self.controls.append(message)
        return found


def _answer(values: list[object]) -> Answer:
    last = values[-1]
    return Answer(str(values[0]), last.get("code") if isinstance(last, dict) else last)
