"""Acts that hold an omitted passage: closed at once, then made again without it."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, Job, User
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import acts, seal
from arengo.record.acts_omitted import finish
from arengo.record.drafts import Written
from arengo.record.engine.acts import first_break
from arengo.record.errors import VersionLost, VersionSealed, VersionsUnwritten
from arengo.record.models import (
    Act,
    ActVersion,
    Omission,
    OmissionStep,
    Rectification,
    Release,
    SealedVersion,
    StepState,
    VersionCause,
)
from arengo.record.omissions import order

SAID = "Sempione"
OTHER = "Grazie a tutti"


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which via Sempione was named from second 122 to 126."""
    sitting = hold(pero, make_sitting)
    open_broadcast(comune=pero, sitting=sitting, by=None)
    close_broadcast(comune=pero, sitting=sitting, by=None)
    sitting.refresh_from_db()
    return sitting


@pytest.fixture
def act(pero: Comune, held: Sitting, anna: User) -> Act:
    """Return the resoconto that was shared."""
    return acts.share(comune=pero, sitting=held, name="resoconto-integrale", by=anna)


def omit(pero: Comune, held: Sitting, by: User, start_s: float = 122, end_s: float = 126) -> None:
    order(comune=pero, sitting=held, start_s=start_s, end_s=end_s, reason="Dati", by=by)


def text_of(data: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return run.stdout.decode()


def step(held: Sitting) -> OmissionStep:
    return OmissionStep.across.get(omission__sitting=held, target="acts")


def test_every_file_with_the_passage_is_refused_as_soon_as_it_is_ordered(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    before = acts.versions_of(comune=pero, act=act)
    omit(pero, held, anna)
    for one in before[1:]:
        with pytest.raises(VersionSealed, match="copia con omissis"):
            acts.read_version(comune=pero, version=one)
    assert b"sitting" in acts.read_version(comune=pero, version=before[0])
    assert acts.latest(comune=pero, act=act) is None
    assert step(held).state == StepState.WAITING
    assert Job.across.filter(key__startswith="acts ").count() == 1


def test_the_copy_says_omissis_and_the_rest_in_every_format(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    before = acts.versions_of(comune=pero, act=act)
    omit(pero, held, anna)
    finish(comune=pero, sitting=held)
    made = acts.versions_of(comune=pero, act=act)[len(before) :]
    assert {one.cause for one in made} == {VersionCause.OMISSIS}
    assert [one.file_name.split("-omissis", 1)[1] for one in made] == [
        ".testo.json", ".akn.xml", ".docx", ".pdf",
    ]  # fmt: skip
    for one in made:
        data = acts.read_version(comune=pero, version=one)
        told = text_of(data) if one.file_name.endswith("pdf") else data.decode(errors="ignore")
        assert SAID not in told
        assert one.file_name.endswith("docx") or OTHER in told
        assert one.file_name.endswith("docx") or "omissis n. 1" in told
    assert first_break(acts.links_of(acts.versions_of(comune=pero, act=act))) == ""
    assert step(held).state == StepState.DONE


def test_the_closed_files_go_under_the_seal(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    before = acts.versions_of(comune=pero, act=act)[1:]
    omit(pero, held, anna)
    finish(comune=pero, sitting=held)
    finish(comune=pero, sitting=held)  # a job may run twice
    folder = folder_of(held)
    assert len(acts.versions_of(comune=pero, act=act)) == len(before) + 5
    for one in before:
        assert not (folder / "acts" / one.sha256).exists()
    made = Omission.across.get()
    assert len([one for one in seal.names_in(made) if one.startswith("atto-")]) == len(before)
    assert not any(SAID.encode() in one.read_bytes() for one in (folder / "sealed").rglob("*.*"))
    for path in (folder / "acts").iterdir():
        assert SAID.encode() not in path.read_bytes()


def test_an_act_without_the_passage_stays_as_it_is(pero: Comune, held: Sitting, anna: User) -> None:
    act = acts.share(comune=pero, sitting=held, name="presenze", by=anna)
    omit(pero, held, anna)
    assert acts.latest(comune=pero, act=act)
    assert not SealedVersion.across.exists()
    assert step(held).state == StepState.DONE


def test_a_second_omission_closes_the_first_copy_too(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    omit(pero, held, anna)
    finish(comune=pero, sitting=held)
    first = acts.latest(comune=pero, act=act)
    assert first
    omit(pero, held, anna, 127, 131)
    with pytest.raises(VersionSealed):
        acts.read_version(comune=pero, version=first)
    finish(comune=pero, sitting=held)
    last = acts.latest(comune=pero, act=act)
    assert last
    told = text_of(acts.read_version(comune=pero, version=last))
    assert OTHER not in told
    assert SAID not in told
    assert last.file_name.count("omissis") == 1
    assert OmissionStep.across.filter(state=StepState.DONE, target="acts").count() == 2


def test_who_had_the_act_in_public_gets_the_copy(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    version = acts.latest(comune=pero, act=act)
    assert version
    with scope(pero):
        release = Release.objects.create(comune=pero, act=act, version=version, by=anna)
    omit(pero, held, anna)
    release.refresh_from_db()
    assert release.withheld_at
    finish(comune=pero, sitting=held)
    release.refresh_from_db()
    assert release.withdrawn_at
    standing = Release.across.get(act=act, withdrawn_at=None)
    assert standing.withheld_at is None
    assert standing.version.cause == VersionCause.OMISSIS


def test_what_a_councillor_wrote_beside_the_passage_is_closed_with_it(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    version = acts.latest(comune=pero, act=act)
    assert version
    told = {"quote": "Le risorse per via Sempione ci sono", "text": "Via Sempione no"}
    with scope(pero):
        note = Rectification.objects.create(
            comune=pero, act=act, version=version, piece=3, by=anna, at=clock.now(), **told
        )
    omit(pero, held, anna)
    note.refresh_from_db()
    assert SAID not in note.quote + note.text
    assert f"rettifica-{note.pk}.json" in seal.names_in(Omission.across.get())


def test_a_full_disk_keeps_no_passage_open(
    pero: Comune, held: Sitting, act: Act, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = acts.latest(comune=pero, act=act)
    assert before
    with monkeypatch.context() as patch:
        patch.setattr(acts, "put", full)
        omit(pero, held, anna)
        with pytest.raises(VersionSealed):
            acts.read_version(comune=pero, version=before)
        with pytest.raises(VersionsUnwritten):
            finish(comune=pero, sitting=held)
    assert step(held).state == StepState.FAILED
    finish(comune=pero, sitting=held)
    copy = acts.latest(comune=pero, act=act)
    assert copy
    assert SAID not in text_of(acts.read_version(comune=pero, version=copy))
    assert step(held).state == StepState.DONE


def test_a_text_that_is_lost_is_closed_for_what_it_may_hold(
    pero: Comune, held: Sitting, act: Act, anna: User
) -> None:
    with scope(pero):
        tree = ActVersion.objects.get(act=act, content_type=acts.TREE)
    (folder_of(held) / "acts" / tree.sha256).unlink()
    with pytest.raises(VersionLost):
        acts.read_version(comune=pero, version=tree)
    omit(pero, held, anna)
    assert SealedVersion.across.filter(version__act=act).count() == 4
    with pytest.raises(VersionsUnwritten, match="manca il testo"):
        finish(comune=pero, sitting=held)


def test_a_text_that_waited_for_signatures_must_be_prepared_again(
    pero: Comune, held: Sitting, anna: User
) -> None:
    act = acts.share(comune=pero, sitting=held, name="verbale", by=anna)
    with scope(pero):
        tree = acts.latest(comune=pero, act=act, content_type=acts.TREE)
        assert tree
        data = acts.read_version(comune=pero, version=tree)
        files = [Written("v.testo.json", acts.TREE, data)]
        acts.add_versions(comune=pero, act=act, files=files, cause=VersionCause.READY, by=anna)
        assert acts.standing_of(comune=pero, act=act).is_ready
    omit(pero, held, anna)
    assert not acts.standing_of(comune=pero, act=act).is_ready
