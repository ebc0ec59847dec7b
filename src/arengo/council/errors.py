"""What the council refuses.

DomainError
├── Conflict
│   ├── SittingAlreadyOpen
│   ├── SittingNotOpen
│   └── SittingClosed
└── Invalid
    ├── TitleMissing
    └── RollUnreadable
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid


class SittingAlreadyOpen(Conflict):
    """Refuse to open a sitting twice."""

    code = "sitting_already_open"
    message = "La seduta «{title}» è già aperta: non serve riaprirla."


class SittingNotOpen(Conflict):
    """Refuse to close what was never opened."""

    code = "sitting_not_open"
    message = "La seduta «{title}» non è ancora aperta: aprila prima di chiuderla."


class SittingClosed(Conflict):
    """Refuse to touch a closed sitting."""

    code = "sitting_closed"
    message = "La seduta «{title}» è conclusa e non si può modificare: per continuare, convocane una nuova."


class TitleMissing(Invalid):
    """Refuse a sitting without a title."""

    code = "sitting_title_missing"
    message = "Manca il titolo della seduta: scrivi per esempio «Consiglio comunale del 3 marzo»."


class RollUnreadable(Invalid):
    """Refuse a roll with a bad line."""

    code = "roll_unreadable"
    message = (
        "Riga {line} dell'elenco: manca il nome. Scrivi una riga per persona: nome;carica;gruppo."
    )
