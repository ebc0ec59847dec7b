"""What the record refuses.

DomainError
├── NotFound
│   └── DraftAbsent
├── Conflict
│   ├── NothingToTell
│   ├── NothingHeard
│   ├── SittingNotOver
│   ├── NotYetEditable
│   └── StillHeard
├── Invalid
│   └── FormatAbsent
└── Unavailable
    ├── SchemaBroken
    └── TranscriptLost
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


class NotYetEditable(Conflict):
    """Refuse to correct the words of a sitting that is still going on."""

    code = "not_yet_editable"
    message = (
        "La seduta «{title}» non è conclusa: la trascrizione si corregge dopo la chiusura, "
        "quando le parole sono arrivate tutte."
    )


class StillHeard(Conflict):
    """Refuse to correct words while the last ones are being recognised."""

    code = "still_heard"
    message = "Il riconoscimento sta scrivendo le ultime parole: riprova tra mezzo minuto."


class TranscriptLost(Unavailable):
    """Refuse to read edits over words that are not those they were made on."""

    code = "transcript_lost"
    message = (
        "Le parole della seduta «{title}» non sono più quelle su cui si è corretto: rimetti il "
        "file transcript.jsonl da una copia di sicurezza. Le correzioni sono al loro posto."
    )
