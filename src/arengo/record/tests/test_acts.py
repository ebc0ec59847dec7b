"""Acts: what is shared is frozen, chained, told by mail, and all of it or nothing is written."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from spoken_sitting import folder_of, hold

from arengo.council.models import Person, Sitting
from arengo.kernel.models import AuditEntry, Comune, Job, User
from arengo.kernel.scope import scope
from arengo.record import acts
from arengo.record.drafts import account_of, find
from arengo.record.engine.acts import first_break
from arengo.record.errors import StepRefused, VersionLost, VersionsUnwritten
from arengo.record.models import Act, ActState, ActVersion


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting that is over, in which Beretta spoke and a vote was proclaimed."""
    return close(hold(pero, make_sitting))


def close(sitting: Sitting) -> Sitting:
    """Return the sitting, closed."""
    from arengo.live.operations import close_broadcast, open_broadcast

    open_broadcast(comune=sitting.comune, sitting=sitting, by=None)
    close_broadcast(comune=sitting.comune, sitting=sitting, by=None)
    sitting.refresh_from_db()
    return sitting


def test_what_is_shared_is_frozen_in_every_format_and_chained(
    pero: Comune, held: Sitting, anna: User
) -> None:
    act = acts.share(comune=pero, sitting=held, name="verbale", by=anna)
    versions = acts.versions_of(comune=pero, act=act)
    assert [one.file_name.split(".", 1)[1] for one in versions] == [
        "origine.json", "testo.json", "pdf", "akn.xml", "docx",
    ]  # fmt: skip
    assert act.state == ActState.SHARED
    assert first_break(acts.links_of(versions)) == ""
    assert acts.read_version(comune=pero, version=versions[2]).startswith(b"%PDF")
    assert AuditEntry.across.get(action="record.share").subject == act.uid


def test_the_first_version_says_from_which_logs_the_act_comes(pero: Comune, held: Sitting) -> None:
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    with scope(pero):
        first = acts.versions_of(comune=pero, act=act)[0]
    origin = json.loads(acts.read_version(comune=pero, version=first))
    account = account_of(comune=pero, sitting=held)
    assert origin["segments"] > 0
    assert len(origin["recording"]) == len(origin["journal"]) == 64
    assert origin["entries"] >= account.end.seq


def test_the_frozen_tree_is_the_document_that_was_read(pero: Comune, held: Sitting) -> None:
    read = find(account_of(comune=pero, sitting=held), "verbale").document
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    assert acts.read_tree(comune=pero, act=act) == read


def test_sharing_twice_is_refused_and_a_recall_wants_a_reason(pero: Comune, held: Sitting) -> None:
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    with pytest.raises(StepRefused, match="già condiviso"):
        acts.share(comune=pero, sitting=held, name="verbale", by=None)
    with pytest.raises(StepRefused, match="Scrivi perché"):
        acts.recall(comune=pero, act=act, reason="  ", by=None)
    acts.recall(comune=pero, act=act, reason="Manca un nome", by=None)
    again = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    assert again.pk == act.pk
    assert len(acts.versions_of(comune=pero, act=act)) == 10
    assert AuditEntry.across.get(action="record.recall").facts["reason"] == "Manca un nome"


def test_a_sitting_under_way_shares_nothing(
    pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    sitting = hold(pero, make_sitting)
    with pytest.raises(StepRefused, match="non è conclusa"):
        acts.share(comune=pero, sitting=sitting, name="verbale", by=None)


def test_a_full_disk_leaves_nothing_half_shared(
    pero: Comune, held: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(acts, "put", full)
    with pytest.raises(VersionsUnwritten, match="nulla è cambiato"):
        acts.share(comune=pero, sitting=held, name="verbale", by=None, base_url="http://pero")
    assert not Act.across.exists()
    assert not ActVersion.across.exists()
    assert not Job.across.filter(key__startswith="record.shared").exists()


def test_a_file_that_was_touched_is_not_given(pero: Comune, held: Sitting) -> None:
    act = acts.share(comune=pero, sitting=held, name="presenze", by=None)
    version = acts.latest(comune=pero, act=act)
    assert version
    path = folder_of(held) / "acts" / version.sha256
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(VersionLost):
        acts.read_version(comune=pero, version=version)
    path.unlink()
    with pytest.raises(VersionLost):
        acts.read_version(comune=pero, version=version)


def test_each_councillor_with_an_address_gets_one_letter(
    pero: Comune, held: Sitting, mailoutbox: list[Any]
) -> None:
    with scope(pero):
        Person.objects.filter(family_name="Beretta").update(email="beretta@example.it")
    acts.share(comune=pero, sitting=held, name="verbale", by=None, base_url="http://pero")
    job = Job.across.get(key__startswith="record.shared")
    with scope(pero):
        from arengo.record.letters import send_letter

        send_letter.call(comune=pero, **job.arguments)
    (letter,) = mailoutbox
    assert letter.to == ["beretta@example.it"]
    assert f"http://pero/consiglio/pero/sedute/{held.uid}/condivisi/verbale/" in letter.body


def test_a_recalled_document_is_told_to_nobody(
    pero: Comune, held: Sitting, mailoutbox: list[Any]
) -> None:
    from arengo.record.letters import send_letter

    with scope(pero):
        Person.objects.filter(family_name="Beretta").update(email="beretta@example.it")
        person = Person.objects.get(family_name="Beretta")
    act = acts.share(comune=pero, sitting=held, name="verbale", by=None)
    acts.recall(comune=pero, act=act, reason="Errore", by=None)
    with scope(pero):
        send_letter.call(comune=pero, act_id=act.pk, person_id=person.pk, base_url="http://pero")
    assert mailoutbox == []
