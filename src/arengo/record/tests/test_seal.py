"""The seal opens to two people together, for an hour, and tells who read what."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from arengo import config
from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.kernel.scope import scope
from arengo.record import seal
from arengo.record.errors import OpeningAlone, OpeningNotValid, OpeningUnreasoned, SealBroken
from arengo.record.models import Omission

SECRET = b"Le cartelle cliniche di una persona"
SHARE = "5a" * 32


@pytest.fixture
def two(db: None) -> tuple[User, User]:
    """Return the segretaria and the presidente."""
    return (
        User.objects.create_user("segretaria@pero.it", "Segretaria Comunale"),
        User.objects.create_user("presidente@pero.it", "Presidente del Consiglio"),
    )


@pytest.fixture
def omission(
    pero: Comune, make_sitting: Callable[..., Sitting], two: tuple[User, User]
) -> Omission:
    """Return an omission with one file in its seal."""
    with scope(pero):
        made = Omission.objects.create(
            comune=pero,
            sitting=make_sitting(pero),
            number=1,
            start_s=1,
            end_s=2,
            reason="Dati sanitari",
            ordered_by=two[0],
            ordered_at=clock.now(),
            share=SHARE,
        )
        seal.put(made, "7.m4s", SECRET)
    return made


def file_of(omission: Omission) -> Path:
    """Return the sealed file."""
    folder = config.load().sitting_folder(omission.comune_id, omission.sitting.uid)
    return folder / "sealed" / "1" / "7.m4s.sealed"


def test_two_people_together_read_what_was_sealed(
    pero: Comune, omission: Omission, two: tuple[User, User]
) -> None:
    asks, approves = two
    assert SECRET not in file_of(omission).read_bytes()
    opening = seal.request_opening(comune=pero, omission=omission, reason="Ricorso", by=asks)
    seal.approve_opening(comune=pero, opening=opening, by=approves)
    for one in two:
        read = seal.read_sealed(comune=pero, opening=opening, name="7.m4s", by=one)
        assert read == SECRET
    with scope(pero):
        told = AuditEntry.objects.filter(action__startswith="record.seal_").order_by("id")
        assert [(entry.action, entry.actor_id) for entry in told] == [
            ("record.seal_request", asks.pk),
            ("record.seal_approve", approves.pk),
            ("record.seal_read", asks.pk),
            ("record.seal_read", approves.pk),
        ]


def test_one_person_alone_cannot(pero: Comune, omission: Omission, two: tuple[User, User]) -> None:
    asks, other = two
    with pytest.raises(OpeningUnreasoned):
        seal.request_opening(comune=pero, omission=omission, reason=" ", by=asks)
    opening = seal.request_opening(comune=pero, omission=omission, reason="Ricorso", by=asks)
    with pytest.raises(OpeningAlone):
        seal.approve_opening(comune=pero, opening=opening, by=asks)
    for one in two:
        with pytest.raises(OpeningNotValid):
            seal.read_sealed(comune=pero, opening=opening, name="7.m4s", by=one)
    seal.approve_opening(comune=pero, opening=opening, by=other)
    third = User.objects.create_user("tecnico@pero.it", "Tecnico")
    with pytest.raises(OpeningNotValid):
        seal.read_sealed(comune=pero, opening=opening, name="7.m4s", by=third)
    with pytest.raises(OpeningNotValid):
        seal.approve_opening(comune=pero, opening=opening, by=third)


def test_an_opening_runs_out(
    pero: Comune,
    omission: Omission,
    two: tuple[User, User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opening = seal.request_opening(comune=pero, omission=omission, reason="Ricorso", by=two[0])
    held = seal.approve_opening(comune=pero, opening=opening, by=two[1])
    assert held.expires_at
    later = held.expires_at - timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert seal.read_sealed(comune=pero, opening=opening, name="7.m4s", by=two[0]) == SECRET
    over = held.expires_at
    monkeypatch.setattr(clock, "now", lambda: over)
    with pytest.raises(OpeningNotValid):
        seal.read_sealed(comune=pero, opening=opening, name="7.m4s", by=two[0])


def test_half_of_the_key_opens_nothing(pero: Comune, omission: Omission) -> None:
    key = config.load().data / "seal.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with scope(pero):
        assert seal.is_in(omission, "7.m4s")
        omission.share = "00" * 32
        assert not seal.is_in(omission, "7.m4s")
        omission.share = SHARE
        was = key.read_bytes()
        key.write_bytes(bytes(32))
        assert not seal.is_in(omission, "7.m4s")
        key.write_bytes(was)
        assert seal.is_in(omission, "7.m4s")


def test_a_file_that_was_changed_or_passes_for_another_is_not_opened(
    pero: Comune, omission: Omission, two: tuple[User, User]
) -> None:
    path = file_of(omission)
    path.with_name("8.m4s.sealed").write_bytes(path.read_bytes())
    was = path.read_bytes()
    path.write_bytes(was[:-1] + bytes([was[-1] ^ 1]))
    opening = seal.request_opening(comune=pero, omission=omission, reason="Ricorso", by=two[0])
    seal.approve_opening(comune=pero, opening=opening, by=two[1])
    for name in ("7.m4s", "8.m4s", "9.m4s", "../1/7.m4s"):
        with pytest.raises(SealBroken):
            seal.read_sealed(comune=pero, opening=opening, name=name, by=two[0])


def test_strangers_find_no_seal(
    pero: Comune, rho: Comune, omission: Omission, two: tuple[User, User]
) -> None:
    opening = seal.request_opening(comune=pero, omission=omission, reason="Ricorso", by=two[0])
    with pytest.raises(NotFound):
        seal.request_opening(comune=rho, omission=omission, reason="Ricorso", by=two[1])
    with pytest.raises(NotFound):
        seal.approve_opening(comune=rho, opening=opening, by=two[1])
    with pytest.raises(NotFound):
        seal.read_sealed(comune=rho, opening=opening, name="7.m4s", by=two[0])
