"""The page of the imports: how far they are, what went wrong, how to begin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.record import past_sittings as notes
from arengo.record.models import ImportRun, PastRecording, PastState
from arengo.record.queries.imports import runs_of

PAGE = "/consiglio/pero/archivio/importa/"


@pytest.fixture
def run(pero: Comune) -> ImportRun:
    """Return an import with a list that has a wrong cell."""
    problems = ["Elenco, riga 3, colonna data: «x» non è una data: scrivi AAAA-MM-GG."]
    return notes.begin_import(comune=pero, folder="/mnt/consigli", problems=problems, by=None)


def enlist(pero: Comune, run: ImportRun, number: int = 0) -> PastRecording:
    return notes.enlist(
        comune=pero,
        run=run,
        fingerprint=f"{number:064d}",
        name=f"consiglio-{number}.mp4",
        title=f"Consiglio {number}",
        held_at=clock.now() - timedelta(days=1000),
        size_bytes=1,
    )


def test_a_page_without_imports_says_how_to_begin(client: Client, anna: User, pero: Comune) -> None:
    client.force_login(anna)
    page = client.get(PAGE).content.decode()
    assert "Nessuna registrazione" in page
    assert "arengo archive import /cartella --comune pero" in page


def test_what_went_wrong_and_how_far_it_is_are_told(
    client: Client, anna: User, pero: Comune, run: ImportRun
) -> None:
    torn, going = enlist(pero, run, 1), enlist(pero, run, 2)
    notes.note_failure(comune=pero, recording=torn, problem="Il file non si legge.")
    notes.note_progress(
        comune=pero, recording=going, state=PastState.HEARING, done_s=60.5, duration_s=3600.0
    )
    client.force_login(anna)
    page = client.get(PAGE).content.decode()
    for told in ("In corso", "riga 3, colonna data", "Il file non si legge.", "In trascrizione"):
        assert told in page
    assert '<progress max="3600.0" value="60.5"' in page


def test_an_import_that_nobody_works_on_any_more_is_told_as_stopped(
    pero: Comune, run: ImportRun
) -> None:
    with scope(pero):
        ImportRun.objects.filter(pk=run.pk).update(seen_at=clock.now() - timedelta(hours=1))
    assert runs_of(comune=pero)[0].state == "stopped"
    notes.finish_import(comune=pero, run=run)
    assert runs_of(comune=pero)[0].state == "finished"


def test_the_queries_are_as_many_for_two_as_for_twenty(
    pero: Comune, run: ImportRun, django_assert_num_queries: object
) -> None:
    for number in range(20):
        enlist(pero, run, number)
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's
        assert len(runs_of(comune=pero)[0].recordings) == 20


def test_who_is_no_clerk_does_not_see_them(client: Client, bruno: User, pero: Comune) -> None:
    client.force_login(bruno)
    assert client.get(PAGE).status_code == 404
