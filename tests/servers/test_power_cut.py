"""Kill -9 of the pages in the middle of a roll call: the restart shows what was answered."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from chamber import make_agenda, play, seat_council
from django.conf import settings
from django.test import Client
from rig import children, cpu_s, free_port, wait_for

from arengo.council.engine.chain import verify
from arengo.council.engine.fold import fold
from arengo.council.models import Sitting
from arengo.council.operations import convene_sitting
from arengo.council.queries.journal import read_journal
from arengo.kernel.access import get_comune
from arengo.kernel.clock import now
from arengo.kernel.models import Membership, Role, User
from arengo.serve import web_command

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ROOT = Path(__file__).parents[2]
SAFE = "a" * 32  # a form's token; any will do that stands in cookie and header


@dataclass
class Pages:
    """The web process of an installation, and a clerk who is signed in."""

    url: str
    database: str
    session: str
    sitting: Sitting
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and do not wait."""
        environment = {
            **os.environ,
            "ARENGO_DATA": str(settings.CONFIG.data),
            "ARENGO_DATABASE_URL": self.database,
            "DJANGO_SETTINGS_MODULE": "arengo.settings",
        }
        command = web_command(replace(settings.CONFIG, web_port=self.port))
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        """Take the power away from the process and its workers."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def busy_s(self) -> float:
        """Return the processor time that the process and its workers took so far."""
        assert self.process is not None
        return sum(cpu_s(pid) for pid in (self.process.pid, *children(self.process.pid)))

    def ask(self, path: str, body: Any = None) -> dict[str, Any] | None:
        """Return what the console is answered; None when nobody answers."""
        request = Request(
            f"http://127.0.0.1:{self.port}{self.url}{path}",
            None if body is None else json.dumps(body).encode(),
            {
                "Accept": "application/json",
                "Content-Type": "application/json",
                "Cookie": f"sessionid={self.session}; csrftoken={SAFE}",
                "X-CSRFToken": SAFE,
            },
        )
        try:
            with urlopen(request, timeout=5) as answer:
                found: dict[str, Any] = json.loads(answer.read())
                return found
        except HTTPError as error:
            raise AssertionError(error.read().decode()) from error
        except (URLError, OSError):
            return None


@pytest.fixture
def pages(database_url: str) -> Iterator[Pages]:
    """Return the pages of Pero, whose council is about to be called."""
    pero = get_comune("pero")
    anna = User.objects.create_user("anna@example.org", "Anna", "una parola lunga")
    Membership.across.create(comune=pero, user=anna, role=Role.SEGRETARIO)
    seat_council(pero)
    sitting = convene_sitting(comune=pero, title="Consiglio", scheduled_at=now(), by=None)
    make_agenda(sitting)
    client = Client()
    client.force_login(anna)
    url = f"/consiglio/pero/sedute/{sitting.uid}/banco/"
    made = Pages(url, database_url, client.cookies["sessionid"].value, sitting)
    made.start()
    yield made
    made.kill()


def test_a_power_cut_in_a_roll_call_loses_nothing_that_was_answered(pages: Pages) -> None:
    """The console shows again who has answered, and goes on from there; how soon is printed."""
    state = play(pages.sitting, ("roll_call_began", {}))
    wait_for(lambda: pages.ask("stato/"), "the pages do not answer", timeout_s=30)
    members = list(state.members)
    answered = [member for member in members[:8] if pages.ask("fatto/", _present(member))]
    assert answered == members[:8]
    with ThreadPoolExecutor(4) as pool:  # the next ones are on their way when the power goes
        flying = [pool.submit(pages.ask, "fatto/", _present(member)) for member in members[8:16]]
        wait(flying, return_when=FIRST_COMPLETED)
        pages.kill()
    answered += [m for m, one in zip(members[8:16], flying, strict=True) if one.result()]
    began = time.monotonic()
    pages.start()
    shown = wait_for(lambda: pages.ask("stato/"), "no restart", timeout_s=30)
    took_s = time.monotonic() - began
    assert shown["roll_call"] == "opening"
    assert set(answered) <= set(shown["rolled"])
    entries = read_journal(comune=pages.sitting.comune, sitting=pages.sitting)
    assert verify(entries) is None
    assert sorted(fold(entries).rolled) == shown["rolled"]
    again = pages.ask("fatto/", _present(members[0]))  # asked again with its key: written once
    assert again is not None
    assert again["seq"] == shown["seq"]
    print(f"restart {took_s:.2f} s, of which the process was busy {pages.busy_s():.2f} s")


def _present(member: str) -> dict[str, Any]:
    event = {"member": member, "status": "present", "cause": "roll_call"}
    return {"kind": "presence_set", "event": event, "command": f"k{member}"}
