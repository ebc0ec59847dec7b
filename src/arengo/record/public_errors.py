"""What the public pages of the record refuse.

DomainError
├── Conflict
│   └── ClipClosed
├── Invalid
│   └── ClipWrong
└── Unavailable
    └── ClipsBusy
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid, Unavailable


class ClipWrong(Invalid):
    """Refuse a stretch that is no stretch of a recording, or too long."""

    code = "clip_wrong"
    message = (
        "Un ritaglio va da un secondo a uno più avanti della stessa registrazione, al massimo "
        "{most} secondi: correggi l'inizio e la fine."
    )


class ClipClosed(Conflict):
    """Refuse a stretch of which a part may not be seen."""

    code = "clip_closed"
    message = "Una parte di questo tratto non è pubblica: scegli un tratto che non la contenga."


class ClipsBusy(Unavailable):
    """Ask to come back: enough clips wait already."""

    code = "clips_busy"
    message = "Ci sono già {waiting} ritagli in preparazione. Riprova tra qualche minuto."
