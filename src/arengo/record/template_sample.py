"""A small invented sitting on which a template can be tried before there is a real one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.fold import fold
from arengo.council.engine.intents import intended
from arengo.council.engine.profile import profile_facts
from arengo.council.engine.record.account import Account, account
from arengo.council.engine.record.facts import SittingFacts, Utterance
from arengo.council.profiles import profile_for
from arengo.council.queries.people import ROME

START = datetime(2026, 3, 9, 19, 30, tzinfo=UTC)
POPULATION = 2_500
NAMES = (
    "Lucia Brambilla", "Giorgio Pozzoli", "Ada Colnaghi", "Pietro Riva", "Sara Galli",
    "Marco Sala", "Elena Villa", "Luca Fumagalli", "Rita Mauri", "Carlo Redaelli",
)  # fmt: skip
PROPOSAL = e.Item("i1", "1", "Regolamento degli orti comunali", wants_immediate=True)
SECRET = e.Item("i2", "2", "Valutazione di una domanda personale", is_secret=True)
SAID = "Gli orti di via Verdi sono quaranta. Chiediamo che dieci restino alle scuole. Grazie."


@cache
def sample_account() -> Account:
    """Return the account of a sitting with a vote, a speech and a part held in secret."""
    entries: list[Entry] = []
    for number, (kind, facts) in enumerate(_presses(), start=1):
        at = START + timedelta(minutes=number)
        entries.append(Entry(number, at, _event(entries, kind, facts, at)))
    spoke = next(one for one in entries if isinstance(one.event, e.FloorGiven))
    second = (spoke.at - START).total_seconds() + 2
    said = Utterance(second, second + 40, spoke.at + timedelta(seconds=2), "c1", 0.95, SAID)
    return account(entries, _facts(), (said,))


def _event(entries: list[Entry], kind: str, facts: dict[str, Any], at: datetime) -> e.Event:
    if not entries:
        return _constituted()
    return intended(fold(entries), kind, facts, at)


def _constituted() -> e.SittingConstituted:
    mayor = e.Member("c0", "Anna Rossi", "Rossi", office="Sindaca", is_mayor=True)
    offices = ("Consigliera", "Consigliere")
    councillors = [
        e.Member(f"c{n}", name, name.split()[-1], office=offices[n % 2 == 0], group="Lista civica")
        for n, name in enumerate(NAMES, start=1)
    ]
    return e.SittingConstituted(
        "Consiglio comunale", 1, "in_person", profile_facts(profile_for(POPULATION)),
        (mayor, *councillors), (PROPOSAL, SECRET), "c0", "Paolo Conti",
    )  # fmt: skip


def _presses() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "", {}
    yield "roll_call_began", {}
    for n in range(len(NAMES) + 1):
        status = "absent" if n == len(NAMES) else "present"
        yield "presence_set", {"member": f"c{n}", "status": status, "cause": "roll_call"}
    yield from (("roll_call_ended", {}), ("sitting_opened", {}), ("item_called", {"item": "i1"}))
    yield "floor_given", {"member": "c1"}
    yield "floor_ended", {}
    yield "ballot_opened", _ballot("b1", "proposal", PROPOSAL.title)
    yield "hands_counted", {"ballot": "b1", "against": ["c4"], "abstained": ["c6", "c7"]}
    yield from (("ballot_closed", {"ballot": "b1"}), ("proclaimed", {"ballot": "b1"}))
    yield "item_left", {"item": "i1", "result": "decided"}
    asked: dict[str, Any] = {"requester": "la Presidenza", "reason": "persone"}
    yield "secret_began", asked | {"staying": [f"c{n}" for n in range(len(NAMES))]}
    yield "item_called", {"item": "i2"}
    yield "item_left", {"item": "i2", "result": "discussed"}
    yield from (("secret_ended", {}), ("sitting_ended", {"reason": "done"}))


def _ballot(key: str, subject: str, title: str) -> dict[str, Any]:
    return {"ballot": key, "item": "i1", "subject": subject, "title": title, "method": "hands"}


def _facts() -> SittingFacts:
    return SittingFacts(
        comune="Borgo d'Esempio",
        istat="000000",
        place="sala consiliare",
        scheduled_at=START,
        zone=ROME,
        notice_date=date(2026, 3, 2),
        session="ordinaria",
    )
