"""The deadlines of publication as an iCalendar file: whole days, one entry each.

Source: RFC 5545 sections 3.6.1 and 3.3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from arengo.council.engine.calendar_file import escape, fold, utc
from arengo.kernel.models import Comune
from arengo.record.due import Deadline


def sentence(one: Deadline) -> str:
    """Say a deadline in the language of the page."""
    number = one.publication.line.written
    said = {
        "appears": _("Delibera {number}: va all’albo"),
        "leaves": _("Delibera {number}: esce dall’albo"),
        "enforceable": _("Delibera {number}: diventa esecutiva"),
        "copy_missing": _("Delibera {number}: manca la copia con omissis"),
    }
    return said[one.what].format(number=number)


def deadline_file(found: Iterable[Deadline], *, comune: Comune, at: datetime) -> str:
    """Return the file, lines folded at 75 octets and ended by CRLF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Arengo//Scadenze//IT"]
    lines += [line for one in found for line in _entry(one, comune, at)]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _entry(one: Deadline, comune: Comune, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.what}-{one.publication.pk}@{comune.slug}.arengo"
    yield f"DTSTAMP:{utc(at)}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape(sentence(one))}"
    yield f"DESCRIPTION:{escape(one.publication.line.subject)}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
