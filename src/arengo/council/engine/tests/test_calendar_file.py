"""The iCalendar file read back by RFC 5545's own rules, with texts that try to break it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.calendar_file import Invitation, calendar_file

INVITATION = Invitation(
    uid="ab12@015170.arengo",
    sequence=0,
    stamped_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    starts_at=datetime(2026, 11, 30, 20, 30, tzinfo=ZoneInfo("Europe/Rome")),
    summary="Consiglio comunale, seduta ordinaria; prima convocazione",
    description="Ordine del giorno:\n1. Variazione di bilancio\n2. Città più pulita",
    location="Sala consiliare, piazza Marconi 2",
    organizer="protocollo@comune.example",
    organizer_name="Comune di Pero",
    attendee="anna@example.org",
    attendee_name='Anna "la rossa" Riva',
)
# RFC 5545 section 3.1: name, parameters, value
LINE = re.compile(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*))*):(.*)')
texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=300)


def read(text: str) -> list[tuple[str, str, str]]:
    """Unfold and parse; every line must be grammatical, 75 octets at most, ended by CRLF."""
    assert text.endswith("\r\n")
    raw = text.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in raw)
    found = []
    for line in re.sub("\r\n[ \t]", "", text).split("\r\n")[:-1]:
        match = LINE.fullmatch(line)
        assert match, line
        found.append((match[1], match[2], match[3]))
    return found


def unescape(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def values(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, _, value in read(text)}


def test_it_has_what_mail_programs_want_of_an_invitation() -> None:
    found = values(calendar_file(INVITATION))
    assert (found["METHOD"], found["VERSION"]) == ("REQUEST", "2.0")
    assert found["UID"] == INVITATION.uid
    assert found["DTSTART"] == "20261130T193000Z"
    assert found["DTSTAMP"] == "20261120T090000Z"
    assert found["SUMMARY"] == INVITATION.summary
    assert found["DESCRIPTION"] == INVITATION.description
    assert found["LOCATION"] == INVITATION.location
    assert found["ORGANIZER"] == "mailto:protocollo@comune.example"
    assert found["ATTENDEE"] == "mailto:anna@example.org"


def test_blocks_open_and_close_in_pairs() -> None:
    marks = [
        (name, value)
        for name, _, value in read(calendar_file(INVITATION))
        if name in ("BEGIN", "END")
    ]
    assert marks == [
        ("BEGIN", "VCALENDAR"),
        ("BEGIN", "VEVENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_each_property_that_may_come_once_comes_once() -> None:
    names = [name for name, _, _ in read(calendar_file(INVITATION)) if name not in ("BEGIN", "END")]
    assert len(names) == len(set(names))


@given(summary=texts, description=texts, name=texts, place=texts, mail=texts)
def test_no_text_breaks_out_of_its_line(
    summary: str, description: str, name: str, place: str, mail: str
) -> None:
    made = calendar_file(
        replace(
            INVITATION,
            summary=summary,
            description=description,
            location=place,
            attendee_name=name,
            attendee=mail,
        )
    )
    names = [name for name, _, _ in read(made)]
    assert names.count("BEGIN") == names.count("END") == 2
    assert names.count("SUMMARY") == names.count("DESCRIPTION") == 1


def test_a_supplement_grows_the_sequence_and_keeps_the_uid() -> None:
    later = values(calendar_file(replace(INVITATION, sequence=1)))
    assert (later["UID"], later["SEQUENCE"]) == (INVITATION.uid, "1")


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200))
def test_marks_of_the_format_are_escaped_and_read_back(text: str) -> None:
    found = read(calendar_file(replace(INVITATION, summary=text)))
    raw = next(value for name, _, value in found if name == "SUMMARY")
    assert unescape(raw) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", raw)
