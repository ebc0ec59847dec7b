"""The demonstration sitting of the Comune di Pero: invented people, said on every page."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from arengo.council.models import Sitting, SittingState
from arengo.council.operations import add_councillors
from arengo.council.roll import RollLine
from arengo.kernel import clock
from arengo.kernel.access import get_comune
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import scope
from arengo.live.models import StreamKey
from arengo.live.operations import issue_stream_key, prepare_broadcast, revoke_stream_key

DEMO_SLUG = "pero"
DEMO_EMAIL = "regia@demo.invalid"
KEY_LABEL = "Dimostrazione"


@dataclass(frozen=True, slots=True)
class Demo:
    """What `arengo demo` needs: where to look, with what to sign in, with what to publish."""

    comune: Comune
    sitting: Sitting
    stream_key: str
    email: str
    password: str


@transaction.atomic
def prepare_demo(*, roster: Sequence[RollLine], title: str) -> Demo:
    """Make ready a demonstration sitting, the one still prepared or open if there is one.

    Every call changes the operator's password and the stream key, since neither is
    kept in clear; the earlier ones stop working.
    """
    comune = get_comune(DEMO_SLUG)
    person, password = _operator(comune)
    add_councillors(comune=comune, lines=roster, by=person)
    sitting = _pending(comune) or prepare_broadcast(
        comune=comune, title=title, scheduled_at=clock.now(), by=person, is_demo=True
    )
    _revoke_earlier_keys(comune, sitting, person)
    _, text = issue_stream_key(comune=comune, sitting=sitting, label=KEY_LABEL, by=person)
    return Demo(comune, sitting, text, person.email, password)


def _operator(comune: Comune) -> tuple[User, str]:
    password = secrets.token_urlsafe(12)
    person = User.objects.filter(email=DEMO_EMAIL).first()
    if person is None:
        person = User.objects.create_user(DEMO_EMAIL, "Regia di prova")
        Membership.across.create(comune=comune, user=person, role=Role.TECNICO)
    person.set_password(password)
    person.save(update_fields=["password"])
    return person, password


def _pending(comune: Comune) -> Sitting | None:
    with scope(comune):
        pending = Sitting.objects.filter(is_demo=True).exclude(state=SittingState.CLOSED)
        return pending.select_related("comune").order_by("-id").first()


def _revoke_earlier_keys(comune: Comune, sitting: Sitting, by: User) -> None:
    with scope(comune):
        earlier = StreamKey.objects.filter(sitting=sitting, label=KEY_LABEL, revoked_at=None)
        for key in earlier:
            revoke_stream_key(comune=comune, key_id=key.key_id, by=by)
