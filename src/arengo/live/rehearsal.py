"""The demonstration sitting of the Comune di Pero: invented people, said on every page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from arengo.council.engine.intents import intended
from arengo.council.engine.profile import profile_facts
from arengo.council.engine.state import State
from arengo.council.models import (
    AgendaItem,
    Group,
    JournalEntry,
    Opinion,
    OpinionType,
    Person,
    RuleBook,
    Sitting,
    SittingState,
    Stance,
)
from arengo.council.operations import add_councillors
from arengo.council.operations.journal import begin_journal, record
from arengo.council.profiles import profile_for
from arengo.council.queries.journal import state_of
from arengo.council.queries.people import today
from arengo.council.roll import RollLine
from arengo.kernel import clock
from arengo.kernel.access import get_comune
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import scope
from arengo.live.demo.council import AGENDA, Press
from arengo.live.models import StreamKey
from arengo.live.operations import (
    close_broadcast,
    issue_stream_key,
    open_broadcast,
    prepare_broadcast,
    revoke_stream_key,
)

DEMO_SLUG = "pero"
DEMO_EMAIL = "regia@demo.invalid"
SEAT_EMAIL = "consigliera@demo.invalid"
SEAT_OF = "Brambilla"
KEY_LABEL = "Dimostrazione"
INHABITANTS = 11_000  # the class of Pero: sixteen councillors
SIDES = {"Lista Olona": Stance.MAJORITY, "Lista Ponte": Stance.MINORITY}
PEOPLE = ("against", "abstained", "not_voting", "took_part", "members")  # fields that name many


@dataclass(frozen=True, slots=True)
class Demo:
    """What `arengo demo` needs: where to look, with what to sign in, with what to publish."""

    comune: Comune
    sitting: Sitting
    stream_key: str
    email: str
    password: str
    seat_email: str = SEAT_EMAIL


@transaction.atomic
def prepare_demo(*, roster: Sequence[RollLine], title: str) -> Demo:
    """Make ready a demonstration sitting, the one still prepared or open if there is one.

    Every call changes the operator's password and the stream key, since neither is
    kept in clear; the earlier ones stop working.
    """
    comune = get_comune(DEMO_SLUG)
    person, password = _operator(comune)
    add_councillors(comune=comune, lines=roster, by=person)
    _rules_and_groups(comune)
    _councillor(comune, password)
    sitting = _pending(comune, person) or prepare_broadcast(
        comune=comune, title=title, scheduled_at=clock.now(), by=person, is_demo=True
    )
    _agenda(comune, sitting)
    _revoke_earlier_keys(comune, sitting, person)
    _, text = issue_stream_key(comune=comune, sitting=sitting, label=KEY_LABEL, by=person)
    return Demo(comune, sitting, text, person.email, password)


def _operator(comune: Comune) -> tuple[User, str]:
    password = secrets.token_urlsafe(12)
    person = _account(comune, DEMO_EMAIL, "Regia e banco di prova", password)
    for role in (Role.TECNICO, Role.SEGRETARIO):
        _role(comune, person, role)
    return person, password


def _councillor(comune: Comune, password: str) -> None:
    """Give one councillor of the demonstration an account, with the same password."""
    with scope(comune):
        person = Person.objects.filter(family_name=SEAT_OF).first()
    if person is None:
        return  # a visitor's own roll
    person.user = _account(comune, SEAT_EMAIL, person.full_name, password)
    person.save(update_fields=["user"])
    _role(comune, person.user, Role.CONSIGLIERE)


def _account(comune: Comune, email: str, name: str, password: str) -> User:
    person = User.objects.filter(email=email).first() or User.objects.create_user(email, name)
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _role(comune: Comune, person: User, role: Role) -> None:
    Membership.across.get_or_create(comune=comune, user=person, role=role, valid_until=None)


def _rules_and_groups(comune: Comune) -> None:
    day = today()
    with scope(comune):
        for name, stance in SIDES.items():
            Group.objects.filter(name=name).update(stance=stance)
        if not RuleBook.objects.exists():
            profile = profile_for(INHABITANTS)
            RuleBook.objects.create(
                comune=comune, name=profile.name, valid_from=day, facts=profile_facts(profile)
            )


def _agenda(comune: Comune, sitting: Sitting) -> None:
    with scope(comune):
        if AgendaItem.objects.filter(sitting=sitting).exists():
            return
        for position, facts in enumerate(AGENDA, start=1):
            rapporteur = Person.objects.filter(family_name=facts.get("rapporteur", "")).first()
            item = AgendaItem.objects.create(
                comune=comune,
                sitting=sitting,
                position=position,
                **{**facts, "rapporteur": rapporteur},
            )
            if item.type == "proposal":
                _favourable(comune, item)


def _favourable(comune: Comune, item: AgendaItem) -> None:
    for kind in OpinionType.values:
        Opinion.objects.create(
            comune=comune, item=item, type=kind, verdict="favourable", given_on=today()
        )


def _pending(comune: Comune, by: User) -> Sitting | None:
    """Return the demonstration still to be held; one that was broken off is closed."""
    with scope(comune):
        pending = Sitting.objects.filter(is_demo=True).exclude(state=SittingState.CLOSED)
        sitting = pending.select_related("comune").order_by("-id").first()
        if sitting is None or not JournalEntry.objects.filter(sitting=sitting).exists():
            return sitting
    if sitting.state == SittingState.PREPARED:
        open_broadcast(comune=comune, sitting=sitting, by=by)
    close_broadcast(comune=comune, sitting=sitting, by=by)
    return None


def _revoke_earlier_keys(comune: Comune, sitting: Sitting, by: User) -> None:
    with scope(comune):
        earlier = StreamKey.objects.filter(sitting=sitting, label=KEY_LABEL, revoked_at=None)
        for key in earlier:
            revoke_stream_key(comune=comune, key_id=key.key_id, by=by)


def press(*, comune: Comune, sitting: Sitting, key: Press) -> State:
    """Write what a key of the demonstration means; the journal begins by itself."""
    state = state_of(comune=comune, sitting=sitting)
    if state.profile is None:
        state = begin_journal(comune=comune, sitting=sitting, by=None)
    event = intended(state, key.kind, _with_ids(state, key.facts), clock.now())
    return record(comune=comune, sitting=sitting, event=event, by=None)


def _with_ids(state: State, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts with ids for surnames, and for the place of an item."""
    ids = {member.surname: member.id for member in state.members.values()}
    items = list(state.items)
    found = dict(facts)
    if "member" in found:
        found["member"] = ids[found["member"]]
    if "item" in found:
        found["item"] = items[found["item"]]
    for name in (one for one in PEOPLE if one in found):
        found[name] = [ids[surname] for surname in found[name]]
    return found
