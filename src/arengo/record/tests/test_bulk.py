"""The yearly file: what is in it, whose licence, and that what was cut cannot come back with it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from lxml import etree
from spoken_sitting import SPEECH, folder_of, hold

from arengo.council.models import Sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune, Job
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import bulk, bulk_tasks
from arengo.record.events import act_published, omission_made, transcript_changed
from arengo.record.queries.open_data import year_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_files(pero: Comune) -> Iterator[None]:
    bulk.forget(pero)
    yield
    bulk.forget(pero)


@pytest.fixture
def closed(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke and a vote was proclaimed."""
    sitting = open_broadcast(comune=pero, sitting=hold(pero, make_sitting), by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def files_of(sitting: Sitting) -> dict[str, bytes]:
    content = bulk.made(comune=sitting.comune, year=year_of(sitting))
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return {name.rpartition("/")[2]: found.read(name) for name in found.namelist()}


def test_it_holds_every_format_with_licence_and_guide(closed: Sitting) -> None:
    found = files_of(closed)
    text = found["README.txt"].decode() + found["LICENSE.txt"].decode()
    assert text.count("creativecommons.org/licenses/by/4.0") == 2
    endings = ("-votazioni.csv", "-presenze.csv", ".nominativi.csv", ".akn.xml", ".tei.xml", ".vtt")
    for ending in endings:
        assert [name for name in found if name.endswith(ending)], ending
    assert SPEECH.split()[0] in next(v.decode() for n, v in found.items() if n.endswith(".vtt"))
    facts = json.loads(found["seduta.json"])
    assert (len(facts["votazioni"]), len(facts["punti"])) == (1, 4)
    assert not [name for name in found if "verbale" in name or "parte-separata" in name]
    for name, content in found.items():
        if name.endswith(".xml"):
            etree.fromstring(content)


def test_the_same_data_give_the_same_bytes(closed: Sitting) -> None:
    year = year_of(closed)
    first = bulk.made(comune=closed.comune, year=year)
    assert bulk.made(comune=closed.comune, year=year) == first


def test_a_visitor_waits_once_and_then_has_it(client: Client, closed: Sitting) -> None:
    year = year_of(closed)
    address = f"/pero/dati/{year}.zip"
    waiting = client.get(address)
    assert waiting.status_code == 503
    assert waiting.headers["Retry-After"] == "60"
    client.get(address)
    with scope(closed.comune):
        assert Job.objects.filter(key__startswith=f"open data {year} ").count() == 1
    bulk_tasks.build_year.call(comune=closed.comune, year=year)
    answer: Any = client.get(address)
    assert answer.status_code == 200
    assert 'rel="license"' in answer.headers["Link"]
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None
    assert client.get("/pero/dati/1999.zip").status_code == 404


@pytest.mark.parametrize("signal", [omission_made, transcript_changed, act_published])
@pytest.mark.django_db(transaction=True)
def test_what_changes_takes_the_file_away(signal: Any, closed: Sitting) -> None:
    comune, year = closed.comune, year_of(closed)
    assert bulk.build(comune=comune, year=year)
    before = bulk.generation(comune)
    with transaction.atomic():
        signal.send(sender=None, comune=comune, sitting=closed, start_s=0.0, end_s=1.0, act=None)
        assert not bulk.path_of(comune, year).exists()
        assert bulk.build(comune=comune, year=year)  # begun before the change is written
    assert not bulk.path_of(comune, year).exists()
    assert bulk.generation(comune) != before


def test_a_file_begun_before_an_omission_is_not_kept(
    closed: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    comune, year = closed.comune, year_of(closed)
    made = bulk.made

    def meanwhile(**asked: Any) -> bytes:
        content = made(**asked)
        bulk.forget(comune)
        return content

    with monkeypatch.context() as patched:
        patched.setattr(bulk, "made", meanwhile)
        with pytest.raises(jobs.NotYet):
            bulk_tasks.build_year.call(comune=comune, year=year)
    assert not bulk.path_of(comune, year).exists()
    bulk_tasks.build_year.call(comune=comune, year=year)
    assert bulk.path_of(comune, year).exists()
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert not bulk.path_of(comune, year).exists()  # what left the albo at midnight left it too


def test_a_full_disk_leaves_nothing_half_made(
    closed: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    comune, year = closed.comune, year_of(closed)
    bulk.generation(comune)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(OSError, match="No space"):
            bulk.build(comune=comune, year=year)
    assert [one.name for one in bulk.folder_of(comune).iterdir()] == ["generation"]


def test_a_sitting_without_journal_has_its_facts(
    pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    sitting = make_sitting(pero, scheduled_at=clock.now())
    sitting = open_broadcast(comune=pero, sitting=sitting, by=None)
    sitting = close_broadcast(comune=pero, sitting=sitting, by=None)
    folder_of(sitting)
    assert set(files_of(sitting)) == {"README.txt", "LICENSE.txt", "seduta.json"}
