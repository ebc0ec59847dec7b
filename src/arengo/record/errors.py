"""What the record refuses.

DomainError
├── NotFound
│   └── DraftAbsent
├── Conflict
│   ├── NothingToTell
│   ├── NothingHeard
│   └── SittingNotOver
├── Invalid
│   └── FormatAbsent
└── Unavailable
    └── SchemaBroken
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class DraftAbsent(NotFound):
    """There is no such document of the sitting."""

    code = "draft_absent"
    message = "Questa seduta non ha il documento «{name}»: ha {known}."


class NothingToTell(Conflict):
    """Refuse to write the record of a sitting whose journal is empty."""

    code = "nothing_to_tell"
    message = (
        "Il registro della seduta «{title}» è vuoto: il verbale nasce quando il banco fa l'appello."
    )


class NothingHeard(Conflict):
    """Refuse to write the captions of a sitting that has none."""

    code = "nothing_heard"
    message = "La seduta «{title}» non ha sottotitoli: nessuna voce vi è stata riconosciuta."


class SittingNotOver(Conflict):
    """Refuse to put in the archive what is still going on."""

    code = "sitting_not_over"
    message = "La seduta «{title}» non è conclusa: entra nell'archivio dopo la chiusura."


class FormatAbsent(Invalid):
    """Refuse a format in which the document is not made."""

    code = "format_absent"
    message = "Il documento non si scrive in formato «{format}»: scegli tra {known}."


class SchemaBroken(Unavailable):
    """Refuse to give out what does not follow its schema."""

    code = "schema_broken"
    message = (
        "Il file non rispetta lo schema Akoma Ntoso e non viene consegnato. Segnala questo "
        "messaggio a chi cura il programma: {why}"
    )
