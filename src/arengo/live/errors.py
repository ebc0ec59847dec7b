"""What the live room refuses.

DomainError
├── NotFound
│   └── StreamKeyUnknown
├── Conflict
│   └── StreamKeyRevoked
└── Invalid
    ├── LabelMissing
    └── SourceUnusable
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid, NotFound


class StreamKeyUnknown(NotFound):
    """Answer alike for an absent key and one of another Comune."""

    code = "stream_key_unknown"
    message = "Questa chiave di trasmissione non esiste: ricarica l'elenco delle chiavi."


class SourceUnknown(NotFound):
    """Answer alike for an absent source and one of another Comune."""

    code = "source_unknown"
    message = "Questa sorgente non esiste: ricarica l'elenco delle sorgenti."


class StreamKeyRevoked(Conflict):
    """Refuse to revoke a key twice."""

    code = "stream_key_revoked"
    message = "La chiave «{label}» è già revocata: per trasmettere ancora creane una nuova."


class LabelMissing(Invalid):
    """Refuse a key without a name."""

    code = "stream_key_label_missing"
    message = "Manca il nome della chiave: scrivi dove la userai, per esempio «Regia di sala»."


class SourceUnusable(Invalid):
    """Refuse a source that the studio could not reach or listen on."""

    code = "source_unusable"
    message = (
        "Sorgente «{place}» non valida: per una telecamera scrivi un indirizzo rtsp://…, "
        "per SRT una porta da 1024 a 65535."
    )
