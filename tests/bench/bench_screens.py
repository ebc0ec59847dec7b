"""From a key of the console to every screen: 60 councillors' devices and 200 public pages connected.

The whole installation runs; each screen holds its line of events through the door, each device
also gives its sign of life every eight seconds. A key is a real request of a signed-in clerk; a
screen is updated when the board with that entry has reached it whole.

    python tests/bench/bench_screens.py [keys]
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout, TCPConnector

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from figures import Figures
from town import Town

from arengo.config import load

KEYS = 60
DEVICES, PAGES = 60, 200
ACCOUNTS = 15
EVERY_S = 8.0
SETUP = """
import django, json
django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from arengo.council.models import Person, Sitting
from arengo.council.operations.journal import begin_journal, record
from arengo.council.engine import events as e
from arengo.council.queries.journal import state_of
from arengo.kernel.access import get_comune
from arengo.kernel.models import Membership, Role, User
from arengo.kernel.scope import scope
Store = import_module(settings.SESSION_ENGINE).SessionStore
def signed_in(user):
    session = Store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
comune = get_comune("pero")
with scope(comune):
    sitting = Sitting.objects.filter(state="open").order_by("-id").first()
    people = list(Person.objects.order_by("id"))
state = begin_journal(comune=comune, sitting=sitting, by=None)
write = lambda event: record(comune=comune, sitting=sitting, event=event, by=None)
write(e.RollCallBegan())
for member in state.members: write(e.PresenceSet(member, "present"))
write(e.RollCallEnded()); write(e.SittingOpened())
state = state_of(comune=comune, sitting=sitting)
write(e.ItemCalled(next(iter(state.items))))
seats = []
for n, person in enumerate(people[:ACCOUNTS]):
    user = person.user or User.objects.create_user(f"seat{n}@bench.invalid", person.full_name)
    Membership.across.get_or_create(comune=comune, user=user, role=Role.CONSIGLIERE, valid_until=None)
    with scope(comune): Person.objects.filter(pk=person.pk).update(user=user)
    seats.append(signed_in(user))
clerk = User.objects.get(email="regia@demo.invalid")
print(json.dumps({"clerk": signed_in(clerk), "seats": seats, "members": list(state.members)}))
"""


class Screen:
    """One page's line of events: when it had each entry's board."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}

    async def watch(self, session: ClientSession, url: str) -> None:
        """Read events until cancelled."""
        async with session.get(url) as answer:
            rest = b""
            async for piece in answer.content.iter_any():
                rest += piece
                *whole, rest = rest.split(b"\n\n")
                for frame in whole:
                    self.take(frame)

    def take(self, frame: bytes) -> None:
        """Note the time at which a board came."""
        if b"event: board" in frame:
            body = frame.split(b"data: ", 1)[1]
            self.seen[json.loads(body)["seq"]] = time.perf_counter()


async def live_signs(session: ClientSession, url: str, cookie: str, device: str) -> None:
    """Give a device's sign of life every eight seconds, as its page does."""
    csrf = "x" * 32
    headers = {"X-CSRFToken": csrf, "Accept": "application/json"}
    cookies = {"sessionid": cookie, "csrftoken": csrf}
    await asyncio.sleep(random.random() * EVERY_S)
    while True:
        async with session.post(
            url, json={"device": device}, headers=headers, cookies=cookies
        ) as a:
            await a.read()
        await asyncio.sleep(EVERY_S)


async def measure(town: Town, facts: dict[str, Any], keys: int) -> list[float]:
    """Return, for each key and screen, how long it took (s)."""
    base = f"{town.door}/consiglio/pero/sedute/{town.facts['uid']}"
    events = f"{town.door}/events/{town.facts['uid']}"
    screens = [Screen() for _ in range(DEVICES + PAGES)]
    connector = TCPConnector(limit=0)
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=None)) as session:
        tasks = [asyncio.create_task(screen.watch(session, events)) for screen in screens]
        tasks += [
            asyncio.create_task(
                live_signs(session, f"{base}/seggio/stato/", facts["seats"][n % ACCOUNTS], f"d{n}")
            )
            for n in range(DEVICES)
        ]
        await asyncio.sleep(4)
        delays: list[float] = []
        for n in range(keys):
            began, seq = await _press(session, base, facts, n)
            await _all_have(screens, seq)
            delays += [screen.seen[seq] - began for screen in screens]
            await asyncio.sleep(0.3)
        for task in tasks:
            task.cancel()
    return delays


async def _press(
    session: ClientSession, base: str, facts: dict[str, Any], n: int
) -> tuple[float, int]:
    """Press a key: the floor goes from one to the next."""
    csrf = "x" * 32
    member = facts["members"][1 + n % 14]
    body = {"kind": "floor_given", "event": {"member": member, "type": "other"}, "command": f"k{n}"}
    began = time.perf_counter()
    async with session.post(
        f"{base}/banco/fatto/",
        json=body,
        headers={"X-CSRFToken": csrf, "Accept": "application/json"},
        cookies={"sessionid": facts["clerk"], "csrftoken": csrf},
    ) as answer:
        found = await answer.json()
        if answer.status != 200:
            raise RuntimeError(found)
    return began, int(found["seq"])


async def _all_have(screens: list[Screen], seq: int) -> None:
    async with asyncio.timeout(10):
        while not all(seq in screen.seen for screen in screens):
            await asyncio.sleep(0.002)


def main() -> None:
    """Print the 95th percentile and the median over every key and screen."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else KEYS
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), load().models, hears=False)
        try:
            town.start()
            facts = json.loads(town.run(SETUP.replace("ACCOUNTS", str(ACCOUNTS))))
            delays = asyncio.run(measure(town, facts, keys))
        finally:
            town.stop()
    figures.add("screens.p95", statistics.quantiles(delays, n=20)[-1] * 1000, "ms", "<=300")
    figures.add("screens.median", statistics.median(delays) * 1000, "ms", "-")
    figures.add("screens.worst", max(delays) * 1000, "ms", "-")
    figures.finish()


if __name__ == "__main__":
    main()
