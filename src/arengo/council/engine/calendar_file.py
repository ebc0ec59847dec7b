r"""A sitting as an iCalendar file that mail programs take for an invitation.

METHOD:REQUEST, with the one ATTENDEE the message goes to: Gmail, Outlook and Apple Mail then
put the sitting in the calendar and follow a later SEQUENCE of the same UID; with PUBLISH they
would only offer a file. RSVP is false: an answer to an invitation has no value in a council.
Times are in UTC, which needs no VTIMEZONE.

References
----------
RFC 5545 (iCalendar) sections 3.1, 3.3.11, 3.6.1; RFC 5546 (iTIP) section 3.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LINE_OCTETS = 75
METHOD = "REQUEST"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # and Unicode's line ends


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the file says; datetimes are zone-aware, `sequence` grows with each notice."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    summary: str
    description: str
    location: str
    organizer: str
    organizer_name: str
    attendee: str
    attendee_name: str
    hours: int = 2  # a calendar wants a length: nobody knows when a council ends


def calendar_file(invitation: Invitation) -> str:
    """Return the file, lines folded at 75 octets and ended by CRLF."""
    return "".join(f"{folded}\r\n" for line in _lines(invitation) for folded in fold(line))


def _lines(one: Invitation) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Arengo//Convocazione//IT")
    yield from (f"METHOD:{METHOD}", "CALSCALE:GREGORIAN", "BEGIN:VEVENT")
    yield f"UID:{escape(one.uid)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTAMP:{utc(one.stamped_at)}"
    yield f"DTSTART:{utc(one.starts_at)}"
    yield f"DURATION:PT{one.hours}H"
    yield f"SUMMARY:{escape(one.summary)}"
    yield f"DESCRIPTION:{escape(one.description)}"
    if one.location:
        yield f"LOCATION:{escape(one.location)}"
    yield f"ORGANIZER;CN={parameter(one.organizer_name)}:mailto:{address(one.organizer)}"
    if one.attendee:
        yield (
            f"ATTENDEE;CN={parameter(one.attendee_name)};ROLE=REQ-PARTICIPANT;"
            f"PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{address(one.attendee)}"
        )
    yield from ("STATUS:CONFIRMED", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR")


def utc(at: datetime) -> str:
    """Return an instant as `20261130T193000Z`."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escape(text: str) -> str:
    r"""Return a TEXT value.

    Examples
    --------
    >>> escape("Sala A; piano 1, atrio")
    'Sala A\\; piano 1\\, atrio'
    """
    plain = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for mark in ("\\", ";", ","):
        plain = plain.replace(mark, f"\\{mark}")
    return plain.replace("\n", "\\n")


def parameter(text: str) -> str:
    """Return a quoted parameter value, which may hold neither quotes nor line ends."""
    return '"' + CONTROL.sub("", " ".join(text.split())).replace('"', "'") + '"'


def address(text: str) -> str:
    """Return a mail address without anything that could end the line."""
    return re.sub(r"[\s\x00-\x1f\x7f]", "", text)


def fold(line: str) -> Iterator[str]:
    """Cut a content line at 75 octets, never inside a character; later pieces begin with a space."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > LINE_OCTETS:
            yield piece
            piece = " "
        piece += letter
    yield piece
