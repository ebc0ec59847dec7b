"""The seal: the originals of what was omitted, encrypted, for two people together.

Each file is AES-256-GCM under a key of its omission, derived from two halves: `Omission.share` in
the database and the installation's `seal.key`, which only the server's own user can read. A copy of
one of them alone opens nothing. One person asks for an opening and says why, another one approves
it, and for an hour those two can read: all of it goes into the audit trail.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from arengo import config
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.live.studio.recorder import sync_folder, write_atomically
from arengo.record.errors import (
    OpeningAlone,
    OpeningNotValid,
    OpeningUnreasoned,
    SealBroken,
)
from arengo.record.models import Omission, SealOpening

LASTS = timedelta(hours=1)
NONCE = 12
SUFFIX = ".sealed"


# --- the files ------------------------------------------------------------------------------


def put(omission: Omission, name: str, data: bytes) -> None:
    """Seal something under a name: on disk for good when this returns."""
    folder = _folder(omission)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    nonce = secrets.token_bytes(NONCE)
    closed = AESGCM(_key(omission)).encrypt(nonce, data, _about(omission, name))
    write_atomically(folder / f"{name}{SUFFIX}", nonce + closed)
    sync_folder(folder)


def is_in(omission: Omission, name: str) -> bool:
    """Tell whether something was sealed under a name, whole."""
    try:
        _read(omission, name)
    except SealBroken:
        return False
    return True


def names_in(omission: Omission) -> list[str]:
    """Return the names of what was sealed."""
    return sorted(path.name.removesuffix(SUFFIX) for path in _paths(omission))


def _paths(omission: Omission) -> Iterator[Path]:
    yield from _folder(omission).glob(f"*{SUFFIX}")


def _folder(omission: Omission) -> Path:
    folder = config.load().sitting_folder(omission.comune_id, omission.sitting.uid)
    return folder / "sealed" / str(omission.number)


def _read(omission: Omission, name: str) -> bytes:
    try:
        data = (_folder(omission) / f"{name}{SUFFIX}").read_bytes()
        return AESGCM(_key(omission)).decrypt(data[:NONCE], data[NONCE:], _about(omission, name))
    except (OSError, InvalidTag, ValueError) as error:
        raise SealBroken(name=name) from error


def _about(omission: Omission, name: str) -> bytes:
    """Return what is told with the file: none passes for another."""
    return f"{omission.comune_id}/{omission.sitting.uid}/{omission.number}/{name}".encode()


def _key(omission: Omission) -> bytes:
    half = bytes.fromhex(omission.share)
    return HKDF(SHA256(), 32, salt=half, info=b"arengo omissis").derive(_server_half())


def _server_half() -> bytes:
    """Return the installation's half, made at first use and readable by its owner only."""
    path = config.load().data / "seal.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    draft = path.with_name(f".seal.key.{os.getpid()}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(fd, secrets.token_bytes(32))
        os.fsync(fd)
    finally:
        os.close(fd)
    try:
        os.link(draft, path)  # the first process wins, the others read its half
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return path.read_bytes()


# --- the two people -------------------------------------------------------------------------


@query
def openings_of(*, comune: Comune, omission: Omission) -> list[SealOpening]:
    """Return who asked to open a seal and who approved, the last request first."""
    rows = SealOpening.objects.filter(omission=omission)
    return list(rows.select_related("requested_by", "approved_by").order_by("-id"))


@operation
def request_opening(*, comune: Comune, omission: Omission, reason: str, by: User) -> SealOpening:
    """Ask to see what was sealed; nothing opens until somebody else approves.

    Raises
    ------
    OpeningUnreasoned
        No reason is given.
    NotFound
        The omission is another Comune's.
    """
    if omission.comune_id != comune.pk:
        raise NotFound
    if not reason.strip():
        raise OpeningUnreasoned
    made = SealOpening.objects.create(
        comune=comune,
        omission=omission,
        requested_by=by,
        requested_at=clock.now(),
        reason=reason.strip(),
    )
    _tell("record.seal_request", comune, omission, by, made, reason=made.reason)
    return made


@operation
def approve_opening(*, comune: Comune, opening: SealOpening, by: User) -> SealOpening:
    """Approve what a colleague asked: for an hour the two of them can read.

    Raises
    ------
    OpeningAlone
        Who approves is who asked.
    OpeningNotValid
        It was approved already.
    NotFound
        It is another Comune's.
    """
    held = _held(comune, opening)
    if held.requested_by_id == by.pk:
        raise OpeningAlone
    if held.approved_by_id is not None:
        raise OpeningNotValid
    held.approved_by, held.approved_at = by, clock.now()
    held.expires_at = held.approved_at + LASTS
    held.save(update_fields=["approved_by", "approved_at", "expires_at"])
    _tell("record.seal_approve", comune, held.omission, by, held)
    return held


@operation
def read_sealed(*, comune: Comune, opening: SealOpening, name: str, by: User) -> bytes:
    """Return one sealed file to one of the two people of an opening that is still valid.

    Raises
    ------
    OpeningNotValid
        Nobody has approved it, its hour is over, or `by` is neither of the two.
    SealBroken
        The file is not there, is damaged, or half of its key is missing.
    NotFound
        The opening is another Comune's.
    """
    held = _held(comune, opening)
    two = (held.requested_by_id, held.approved_by_id)
    if held.expires_at is None or held.expires_at <= clock.now() or by.pk not in two:
        raise OpeningNotValid
    data = _read(held.omission, name)
    _tell("record.seal_read", comune, held.omission, by, held, name=name)
    return data


def _held(comune: Comune, opening: SealOpening) -> SealOpening:
    rows = SealOpening.objects.select_for_update(of=("self",)).filter(pk=opening.pk)
    found = rows.select_related("omission__sitting").first()
    if found is None:
        raise NotFound
    return found


def _tell(
    action: str, comune: Comune, omission: Omission, by: User, opening: SealOpening, **facts: str
) -> None:
    audit.record(
        action,
        comune=comune,
        by=by,
        subject=omission.sitting.uid,
        omission=omission.number,
        opening=opening.pk,
        **facts,
    )
