"""What the editor of a transcript refuses.

DomainError
├── NotFound
│   └── PieceAbsent      no word, speech or offer ever had this id
├── Conflict
│   ├── Overtaken        somebody changed it meanwhile: who, and what it says now
│   ├── NotTogether      the words, or the speeches, do not follow one another
│   └── NotStanding      there is nothing left to undo
└── Invalid
    ├── NothingWritten   an edit without words or without text
    └── EditUnreadable   a stored or received edit that is not one
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid, NotFound

NOBODY = "la trascrizione automatica"


class PieceAbsent(NotFound):
    """There is no such piece in the transcript."""

    code = "piece_absent"
    message = "Nella trascrizione non c'è «{id}». Ricarica la pagina."


class Overtaken(Conflict):
    """Refuse to write over what somebody changed: `by` wrote it (as journals name them), `now`."""

    code = "overtaken"
    message = "Intanto {who} ha cambiato questo punto: ora si legge «{now}». Rileggilo e riprova."

    def __init__(self, *, by: str, now: str, who: str = "") -> None:
        super().__init__(who=who or by or NOBODY, by=by, now=now)


class NotTogether(Conflict):
    """Refuse words that are not a run of one speech, or speeches that are not neighbours."""

    code = "not_together"
    message = "I punti scelti non sono più uno di seguito all'altro. Rileggi e scegli di nuovo."


class NotStanding(Conflict):
    """Refuse to undo what was never done or is undone already."""

    code = "not_standing"
    message = "La modifica {seq} non c'è o è già stata annullata."


class NothingWritten(Invalid):
    """Refuse an edit that says nothing; words are taken out by striking them."""

    code = "nothing_written"
    message = "Manca il testo. Per togliere delle parole usa «Togli»."


class EditUnreadable(Invalid):
    """Refuse what is not an edit."""

    code = "edit_unreadable"
    message = "La modifica non è leggibile: {why}."
