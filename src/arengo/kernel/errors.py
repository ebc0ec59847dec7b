"""Everything an operation may refuse, and the HTTP status each refusal has.

    DomainError            400  something a person asked for cannot be done
    ├── NotFound           404  absent, or not theirs: never say which
    ├── SignInRequired     401  the page is for people of the Comune
    ├── Invalid            422  a value that cannot be accepted
    ├── Conflict           409  right request, wrong moment
    └── Unavailable        503  a part of the system is not there now

A class gives `code` (stable, for machines) and `message` (Italian, says what to
do; translated where it is shown). Facts are the values named in the message.

This module imports no Django: the studio raises the same errors.
"""

from __future__ import annotations

from typing import ClassVar


class DomainError(Exception):
    """Refuse a request; `facts` fill the holes of the class's `message`."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Richiesta non accettata"
    message: ClassVar[str] = "La richiesta non può essere eseguita."

    def __init__(self, **facts: str | int | float) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class NotFound(DomainError):
    """Answer alike for what is absent and for what belongs to others."""

    status = 404
    code = "not_found"
    title = "Pagina non trovata"
    message = (
        "L'indirizzo non esiste o non è accessibile. Controllalo o torna alla pagina iniziale."
    )


class SignInRequired(DomainError):
    """Ask a visitor to sign in before a page of the Comune's staff."""

    status = 401
    code = "sign_in_required"
    title = "Accesso richiesto"
    message = "Per questa pagina serve l'accesso. Entra con il tuo indirizzo e riprova."


class Invalid(DomainError):
    """Refuse a value."""

    status = 422
    code = "invalid"
    title = "Dati da correggere"
    message = "Un dato non è valido. Correggilo e riprova."


class Conflict(DomainError):
    """Refuse something that the present state does not allow."""

    status = 409
    code = "conflict"
    title = "Operazione non possibile adesso"
    message = "Lo stato è cambiato nel frattempo. Ricarica la pagina e riprova."


class Unavailable(DomainError):
    """Say that a part of the system is not reachable now."""

    status = 503
    code = "unavailable"
    title = "Servizio non disponibile"
    message = "Il servizio non risponde. Riprova tra qualche minuto."
