"""Who works the regia, and the token that shows the studio's status to them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from arengo import config
from arengo.council.access import CLERKS
from arengo.council.models import Sitting
from arengo.kernel import clock, tokens
from arengo.kernel.access import has_role, now_valid
from arengo.kernel.models import Comune, Membership, Role

OPERATORS = (Role.SEGRETARIO, Role.PRESIDENTE, Role.TECNICO, Role.AMMINISTRATORE)
REGIA_TOKEN = "regia"  # noqa: S105 the purpose's name, not a secret
REGIA_TOKEN_LASTS = timedelta(hours=12)  # longer than any sitting; the page renews it


def operators_now(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Keep the memberships that give the regia today."""
    return now_valid(memberships).filter(role__in=OPERATORS)


def is_clerk(user: object, *, comune: Comune) -> bool:
    """Tell whether `user` runs the console of the sittings of `comune`."""
    return has_role(user, comune=comune, roles=CLERKS)


def issue_regia_token(*, sitting: Sitting) -> str:
    """Return the token with which an operator's page reads the studio's `status` events."""
    expires_at = clock.now() + REGIA_TOKEN_LASTS
    return tokens.issue(
        config.load().secret(),
        purpose=REGIA_TOKEN,
        subject=sitting.uid,
        expires_at=int(expires_at.timestamp()),
    )
