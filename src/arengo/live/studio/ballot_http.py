"""The addresses of the ballot box. No request to them is logged, whatever comes of it.

`POST /ballot/{uid}/{ballot}` with `{"token", "choice"}` casts a vote; `…/open`, `…/count`,
`…/cancel` and `…/progress` with `{"token"}` are the console's. The tokens' purposes are `vote
{uid} {ballot}`, whose subject is the member, and `box {uid} {ballot}`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from arengo.kernel.tokens import TokenRefused, verify
from arengo.live.studio.ballot_box import BallotUnreadable, Boxes, BoxRefused, Name

BODY_MAX = 1 << 14
EXPIRED = "Accesso alla votazione scaduto: ricarica la pagina."
Answer = dict[str, Any]


def add_routes(
    app: web.Application, boxes: Boxes, secret: bytes, now: Callable[[], datetime]
) -> None:
    """Serve boxes whose tokens are signed with this secret."""

    def subject(facts: Answer, purpose: str, name: Name) -> str:
        text = f"{purpose} {name[0]} {name[1]}"
        return verify(secret, _text(facts, "token"), purpose=text, now=int(now().timestamp()))

    def vote(name: Name, facts: Answer) -> Answer:
        boxes.cast(name, subject(facts, "vote", name), _text(facts, "choice"))
        return {"received": True}

    def console(name: Name, facts: Answer, action: str) -> Answer:
        subject(facts, "box", name)
        match action:
            case "open":
                boxes.open(name, _choices(facts))
                return {"open": True}
            case "progress":
                return {"cast": boxes.progress(name)}
            case "count":
                took_part, totals = boxes.count(name)
                return {"took_part": took_part, "totals": totals}
            case _:
                boxes.cancel(name)
                return {"cancelled": True}

    def of(action: str) -> Callable[[Name, Answer], Answer]:
        return lambda name, facts: console(name, facts, action)

    app.router.add_post("/ballot/{uid}/{ballot}", _answering(vote))
    for action in ("open", "progress", "count", "cancel"):
        app.router.add_post(f"/ballot/{{uid}}/{{ballot}}/{action}", _answering(of(action)))


def _answering(
    act: Callable[[Name, Answer], Answer],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        name = (request.match_info["uid"], request.match_info["ballot"])
        try:
            return _json(200, act(name, await _facts(request)))
        except BoxRefused as refusal:
            return _json(refusal.status, {"code": refusal.code, "message": refusal.message})
        except TokenRefused:
            return _json(403, {"code": "token_refused", "message": EXPIRED})

    return handle


def _json(status: int, content: Answer) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response(content, status=status, headers=headers)


async def _facts(request: web.Request) -> Answer:
    """Read the body; a body of unknown or great length is not read at all."""
    if request.content_length is None or request.content_length > BODY_MAX:
        raise BallotUnreadable
    try:
        facts = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise BallotUnreadable from error
    if not isinstance(facts, dict):
        raise BallotUnreadable
    return facts


def _text(facts: Answer, key: str) -> str:
    value = facts.get(key)
    if not isinstance(value, str):
        raise BallotUnreadable
    return value


def _choices(facts: Answer) -> list[str]:
    """Return the choices; a box takes one vote of each person and no other rule."""
    choices = facts.get("choices")
    if not isinstance(choices, list) or facts.get("max_per_person", 1) != 1:
        raise BallotUnreadable
    if not all(isinstance(choice, str) and choice for choice in choices):
        raise BallotUnreadable
    return choices
