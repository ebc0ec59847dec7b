"""What goes wrong with microphones.

MicrophonesError
├── LineRefused        a line that is no announcement; `code` says why
├── SeatsUnreadable    the table of seats cannot be used
├── ScriptUnreadable   the simulator's script cannot be played
├── VoiceModelUnusable the file of the voice model is not what it must be
└── CannotListen       the port is taken, or the address is open to everybody
"""

from __future__ import annotations


class MicrophonesError(Exception):
    """Base; the message is for the person who set things up, in Italian."""


class LineRefused(MicrophonesError):
    """A line that is no announcement: `code` is short and stable, for logs and counts."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SeatsUnreadable(MicrophonesError):
    """The table of seats cannot be used."""


class ScriptUnreadable(MicrophonesError):
    """The simulator's script cannot be played."""


class CannotListen(MicrophonesError):
    """The port is taken, or the address is open to everybody."""


class VoiceModelUnusable(MicrophonesError):
    """The file of the voice model is not what it must be."""
