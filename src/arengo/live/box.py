"""The console's hand on a secret ballot's box, which is in the studio: open, follow, count, cancel.

    Unavailable
    └── BoxUnavailable        503  the studio refused, in words of its own
        ├── BoxUnreachable    503  the studio does not answer
        ├── BoxLost           503  there is no such box: the vote must be repeated
        ├── BoxOpenAlready    503  it was opened before
        └── BoxCounted        503  it was counted before, and is empty

Nothing here says who chose what: the studio does not know either. Imports no Django.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from arengo.config import Config
from arengo.kernel.clock import now
from arengo.kernel.errors import Unavailable
from arengo.kernel.tokens import issue

TIMEOUT_S = 3.0
TOKEN_S = 60
LOOPBACK = build_opener(ProxyHandler({}))  # never through a proxy of the machine's


class BoxUnavailable(Unavailable):
    """The box cannot be used."""

    code = "box_unavailable"
    title = "Urna elettronica non disponibile"
    message = "L'urna elettronica ha rifiutato la richiesta ({reason}). Riprova o vota con schede."


class BoxUnreachable(BoxUnavailable):
    """The studio does not answer."""

    code = "box_unreachable"
    message = (
        "L'urna elettronica non risponde. Riprova; se si è riavviata, la votazione va ripetuta."
    )


class BoxLost(BoxUnavailable):
    """The studio has no such box: never opened, cancelled, or lost with a restart."""

    code = "box_lost"
    message = (
        "L'urna di questa votazione non c'è più: nessun voto è stato conservato."
        " Annulla la votazione e ripetila."
    )


class BoxOpenAlready(BoxUnavailable):
    """The box was opened before."""

    code = "box_open_already"
    message = "L'urna di questa votazione è già aperta."


class BoxCounted(BoxUnavailable):
    """The box was counted before."""

    code = "box_counted"
    message = (
        "L'urna di questa votazione è già stata scrutinata e svuotata."
        " Se l'esito non è a verbale, ripeti la votazione."
    )


REFUSALS: dict[int, type[BoxUnavailable]] = {404: BoxLost, 409: BoxOpenAlready, 410: BoxCounted}


@dataclass(frozen=True, slots=True)
class Count:
    """What a secret ballot leaves: who took part, sorted, and the votes of each choice."""

    took_part: tuple[str, ...]
    totals: dict[str, int]


def open_box(config: Config, uid: str, ballot: str, *, choices: Sequence[str]) -> None:
    """Open a ballot's box; every person has one vote among `choices`."""
    _ask(config, uid, ballot, "open", choices=list(choices), max_per_person=1)


def progress(config: Config, uid: str, ballot: str) -> int:
    """Return how many have voted."""
    return int(_ask(config, uid, ballot, "progress")["cast"])


def count_box(config: Config, uid: str, ballot: str) -> Count:
    """Count a box, which can be done once: the studio then forgets it. Store the answer at once."""
    found = _ask(config, uid, ballot, "count")
    return Count(tuple(found["took_part"]), dict(found["totals"]))


def cancel_box(config: Config, uid: str, ballot: str) -> None:
    """Throw a box away uncounted."""
    _ask(config, uid, ballot, "cancel")


def _ask(config: Config, uid: str, ballot: str, action: str, **facts: Any) -> dict[str, Any]:
    expires_at = int(now().timestamp()) + TOKEN_S
    purpose = f"box {uid} {ballot}"
    token = issue(config.secret(), purpose=purpose, subject="console", expires_at=expires_at)
    request = Request(
        f"http://127.0.0.1:{config.studio_port}/ballot/{quote(uid, '')}/{quote(ballot, '')}/{action}",
        json.dumps({"token": token, **facts}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with LOOPBACK.open(request, timeout=TIMEOUT_S) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found
    except HTTPError as error:
        error.close()
        raise REFUSALS.get(error.code, BoxUnavailable)(reason=error.code) from None
    except (OSError, HTTPException, ValueError) as error:
        raise BoxUnreachable from error
