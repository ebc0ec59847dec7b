"""Many write in one sitting's journal at once, from processes of their own: one chain, no loss."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council

from arengo.council.engine.chain import verify
from arengo.council.engine.fold import fold
from arengo.council.models import Sitting
from arengo.council.operations import convene_sitting
from arengo.council.queries.journal import read_journal, state_of
from arengo.kernel.access import get_comune
from arengo.kernel.clock import now

ROOT = Path(__file__).parents[2]
WRITERS = 4
pytestmark = [pytest.mark.slow, pytest.mark.processes]

# What one process does: waits until all are there, then writes as a screen does.
WRITER = """
import json, sys
import django
django.setup()
from django.db import connection
from arengo.council.engine import events as e
from arengo.council.models import Sitting
from arengo.council.operations.journal import record, record_asked
from arengo.kernel.access import get_comune
from arengo.kernel.errors import DomainError

uid, jobs = sys.argv[1], json.loads(sys.argv[2])
comune = get_comune("pero")
sitting = Sitting.across.get(uid=uid)
print("ready", flush=True)
sys.stdin.readline()
for kind, facts, command in jobs:
    try:
        record_asked(comune=comune, sitting=sitting, kind=kind, facts=facts, by=None, command=command)
        print("done", flush=True)
    except DomainError as refusal:
        print(refusal.code, flush=True)
"""


@pytest.fixture
def evening(transactional_db: None) -> Sitting:
    """Return an open sitting, seen by every process, with an electronic vote open."""
    pero = get_comune("pero")
    seat_council(pero)
    sitting = convene_sitting(comune=pero, title="Consiglio", scheduled_at=now(), by=None)
    items = make_agenda(sitting)
    state = play(sitting)
    play(sitting, *roll_call(state), ("sitting_opened", {}), *opinions(state))
    play(sitting, ("item_called", {"item": str(items[1].pk)}))
    play(sitting, ("ballot_opened", {"ballot": "v1", "method": "electronic"}))
    return sitting


def race(sitting: Sitting, url: str, *jobs: Sequence[Sequence[object]]) -> list[str]:
    """Run one process for each list of jobs, all at the same moment; return what each was told."""
    environment = {
        **os.environ,
        "ARENGO_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "arengo.settings",
    }
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, sitting.uid, json.dumps(given)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for given in jobs
    ]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    return [word for one in _released(writers) for word in one.communicate(timeout=120)[0].split()]


def _released(writers: list[subprocess.Popen[str]]) -> list[subprocess.Popen[str]]:
    for one in writers:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    return writers


def whole(sitting: Sitting) -> int:
    """Return how many entries there are, having checked chain and state."""
    entries = read_journal(comune=sitting.comune, sitting=sitting)
    assert verify(entries) is None
    assert fold(entries) == state_of(comune=sitting.comune, sitting=sitting)
    return len(entries)


def test_writers_of_many_processes_make_one_chain(evening: Sitting, database_url: str) -> None:
    before = whole(evening)
    jobs = [
        [["noted", {"text": f"nota {n} di {who}"}, f"{who}-{n}"] for n in range(12)]
        for who in range(WRITERS)
    ]
    assert Counter(race(evening, database_url, *jobs)) == {"done": 12 * WRITERS}
    assert whole(evening) == before + 12 * WRITERS


def test_one_member_on_many_devices_votes_once(evening: Sitting, database_url: str) -> None:
    member = next(iter(state_of(comune=evening.comune, sitting=evening).ballots["v1"].entitled))
    jobs = [
        [["vote_cast", {"ballot": "v1", "member": member, "choice": choice}, f"{who}"]]
        for who, choice in enumerate(("favour", "against", "abstained", "favour"))
    ]
    assert Counter(race(evening, database_url, *jobs)) == {"done": 1, "rule_broken": WRITERS - 1}
    entries = read_journal(comune=evening.comune, sitting=evening)
    assert [one.event.kind for one in entries].count("vote_cast") == 1


def test_the_same_key_from_many_processes_writes_once(evening: Sitting, database_url: str) -> None:
    before = whole(evening)
    jobs = [[["noted", {"text": "una volta"}, "k1"]] for _ in range(WRITERS)]
    assert race(evening, database_url, *jobs) == ["done"] * WRITERS
    assert whole(evening) == before + 1


def test_a_vote_that_is_closed_while_others_vote_takes_them_or_refuses_them(
    evening: Sitting, database_url: str
) -> None:
    """Whoever was answered is counted; whoever was refused is not."""
    entitled = state_of(comune=evening.comune, sitting=evening).ballots["v1"].entitled
    votes = [
        ["vote_cast", {"ballot": "v1", "member": m, "choice": "favour"}, f"v{m}"] for m in entitled
    ]
    told = race(
        evening,
        database_url,
        votes[::2],
        votes[1::2],
        [["ballot_closed", {"ballot": "v1"}, "close"]],
    )
    found = state_of(comune=evening.comune, sitting=evening).ballots["v1"]
    assert found.closed_at is not None
    cast = [choice for choice in found.votes.values() if choice == "favour"]
    assert len(cast) == told.count("done") - 1
    whole(evening)
