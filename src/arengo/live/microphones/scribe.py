"""Which sitting the microphones speak in, and whether what they say may be kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from arengo.live.microphones.intake import MicrophoneEvent
from arengo.live.microphones.record import append_event
from arengo.live.studio.spec import SittingSpec, read_spec

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]


class NowhereToWrite(Exception):
    """There is no one sitting that events belong to; the message says why."""


class OpenSitting:
    """Finds the one sitting of this machine that is open, reading only files that changed."""

    def __init__(self, sittings: Path) -> None:
        self._sittings = sittings
        self._known: dict[Path, tuple[Stamp, SittingSpec]] = {}

    def folder(self) -> Path:
        """Return the folder of the open sitting.

        Raises
        ------
        NowhereToWrite
            None is open, or several, or it is secret: then nothing of it is kept.
        """
        opened = [path for path in self._specs() if self._known[path][1].state == "open"]
        if len(opened) != 1:
            names = ", ".join(sorted(path.parent.name for path in opened))
            raise NowhereToWrite(f"several sittings are open: {names}" if names else "none is open")
        return not_secret(opened[0].parent, self._known[opened[0]][1])

    def _specs(self) -> list[Path]:
        """Read the sittings' files that changed; return those that can be read."""
        found = []
        for path in self._sittings.glob("*/*/sitting.json"):
            try:
                status = path.stat()
                stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
                if path not in self._known or self._known[path][0] != stamp:
                    self._known[path] = (stamp, read_spec(path))
            except (OSError, ValueError):
                self._known.pop(path, None)
                continue
            found.append(path)
        return found


def this_sitting(folder: Path) -> Path:
    """Return the folder if its sitting is not secret now; `NowhereToWrite` if it is."""
    path = folder / "sitting.json"
    return not_secret(folder, read_spec(path)) if path.exists() else folder


def not_secret(folder: Path, spec: SittingSpec) -> Path:
    """Return the folder if its sitting is not secret now; `NowhereToWrite` if it is."""
    if spec.secret_since:
        raise NowhereToWrite("the sitting is secret")
    return folder


class Scribe:
    """Writes each event where `where` says; a reason not to is logged once, until it changes.

    A sitting that opens while microphones are on is told of them with its first event.
    """

    def __init__(self, where: Callable[[], Path]) -> None:
        self._where = where
        self._folder: Path | None = None
        self._opened: dict[str, MicrophoneEvent] = {}
        self._reason = ""

    def __call__(self, event: MicrophoneEvent) -> None:
        """Take an event."""
        folder = self._place()
        if folder and folder != self._folder:
            for still in self._opened.values():
                append_event(folder, replace(still, at=event.at))
        if folder:
            append_event(folder, event)
        self._folder = folder
        self._opened.pop(event.seat, None)
        if event.is_on:
            self._opened[event.seat] = event

    def _place(self) -> Path | None:
        try:
            folder, reason = self._where(), ""
        except NowhereToWrite as error:
            folder, reason = None, str(error)
        if reason and reason != self._reason:
            log.warning("microphones are not recorded: %s", reason)
        self._reason = reason
        return folder
