"""`sitting.json` always says what the database says, whole or not at all."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from arengo.council.errors import RollUnreadable
from arengo.council.models import Sitting
from arengo.council.operations import add_councillors
from arengo.council.queries import list_names
from arengo.council.roll import RollLine
from arengo.kernel.models import Comune
from arengo.live.errors import SourceUnknown, SourceUnusable
from arengo.live.models import SourceKind
from arengo.live.operations import (
    add_source,
    close_broadcast,
    import_roll,
    issue_stream_key,
    open_broadcast,
    prepare_broadcast,
    remove_source,
    revoke_stream_key,
)
from arengo.live.queries import sources
from arengo.live.sitting_file import write_board, write_sitting_file, write_sitting_files


def _read(data_folder: Path, sitting: Sitting) -> dict[str, Any]:
    path = data_folder / "sittings" / "015170" / sitting.uid / "sitting.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _read_board(data_folder: Path) -> dict[str, Any]:
    path = data_folder / "sittings" / "015170" / "s1" / "board.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def studio_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Return the socket that nudges come to."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5)
        monkeypatch.setenv("ARENGO_STUDIO_PORT", str(line.getsockname()[1]))
        yield line


def test_an_older_board_never_replaces_a_newer_one(data_folder: Path) -> None:
    """Two web processes may write in the other order than they committed."""
    write_board(istat_code="015170", uid="s1", board={"seq": 7, "item": "Bilancio più"})
    write_board(istat_code="015170", uid="s1", board={"seq": 6, "item": "Appello"})
    assert _read_board(data_folder) == {"seq": 7, "item": "Bilancio più"}
    write_board(istat_code="015170", uid="s1", board={"seq": 8, "item": "Mozione"})
    assert _read_board(data_folder)["seq"] == 8


def test_a_board_torn_by_a_power_cut_is_replaced(data_folder: Path) -> None:
    path = data_folder / "sittings" / "015170" / "s1" / "board.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"seq": 9, "it')
    write_board(istat_code="015170", uid="s1", board={"seq": 3})
    assert _read_board(data_folder) == {"seq": 3}


def test_every_write_nudges_the_studio(
    pero: Comune, sitting: Sitting, data_folder: Path, studio_port: socket.socket
) -> None:
    write_board(istat_code="015170", uid="s1", board={"seq": 1})
    assert studio_port.recv(99) == b"s1"
    write_sitting_file(comune=pero, uid=sitting.uid)
    assert studio_port.recv(99) == sitting.uid.encode()


def test_the_file_has_what_the_studio_reads(
    pero: Comune, sitting: Sitting, data_folder: Path
) -> None:
    add_councillors(comune=pero, lines=[RollLine("Anna Bo")], by=None)
    key, _ = issue_stream_key(comune=pero, sitting=sitting, label="Regia", by=None)
    add_source(comune=pero, sitting=sitting, kind=SourceKind.RTSP, url="rtsp://cam/1", by=None)
    add_source(comune=pero, sitting=sitting, kind=SourceKind.SRT, port=9000, by=None)
    write_sitting_file(comune=pero, uid=sitting.uid)
    assert _read(data_folder, sitting) == {
        "uid": sitting.uid,
        "comune": {"istat": "015170", "name": "Pero", "slug": "pero"},
        "title": "Consiglio comunale",
        "state": "prepared",
        "scheduled_at": "2026-11-23T20:00:00+00:00",
        "keys": [{"id": key.key_id, "sha256": key.sha256, "label": "Regia", "revoked_at": None}],
        "roster": ["Anna Bo"],
        "sources": [{"kind": "rtsp", "url": "rtsp://cam/1"}, {"kind": "srt", "port": 9000}],
        "grace_s": 1800,
        "is_demo": False,
        "secret_since": None,
        "secret_past": [],
    }


def test_every_operation_writes_it_after_commit(
    pero: Comune,
    data_folder: Path,
    sitting: Sitting,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def state_after(operation: Any, **arguments: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            result = operation(comune=pero, by=None, **arguments)
        return result, _read(data_folder, prepared)

    with django_capture_on_commit_callbacks(execute=True):
        prepared = prepare_broadcast(
            comune=pero, title="Bilancio", scheduled_at=sitting.scheduled_at, by=None
        )
    assert _read(data_folder, prepared)["title"] == "Bilancio"
    (key, _), file = state_after(issue_stream_key, sitting=prepared, label="Regia")
    assert file["keys"][0]["id"] == key.key_id
    _, file = state_after(revoke_stream_key, key_id=key.key_id)
    assert file["keys"][0]["revoked_at"] is not None
    opened, file = state_after(open_broadcast, sitting=prepared)
    assert file["state"] == "open"
    _, file = state_after(close_broadcast, sitting=opened)
    assert file["state"] == "closed"


def test_a_failed_write_leaves_the_former_file(
    pero: Comune, sitting: Sitting, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, or a power cut before the rename."""
    path = write_sitting_file(comune=pero, uid=sitting.uid)
    before = path.read_text(encoding="utf-8")
    open_broadcast(comune=pero, sitting=sitting, by=None)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_sitting_file(comune=pero, uid=sitting.uid)
    assert path.read_text(encoding="utf-8") == before


def test_at_start_every_pending_file_is_written_again(
    pero: Comune, sitting: Sitting, foreign_sitting: Sitting, data_folder: Path
) -> None:
    open_broadcast(comune=pero, sitting=sitting, by=None)
    assert write_sitting_files() == 2
    assert _read(data_folder, sitting)["state"] == "open"
    close_broadcast(comune=pero, sitting=sitting, by=None)
    assert write_sitting_files() == 1


def test_a_removed_source_is_gone_for_the_studio_too(
    pero: Comune,
    rho: Comune,
    sitting: Sitting,
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    source = add_source(comune=pero, sitting=sitting, kind=SourceKind.SRT, port=9000, by=None)
    with pytest.raises(SourceUnknown):
        remove_source(comune=rho, source_id=source.pk, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        remove_source(comune=pero, source_id=source.pk, by=None)
    assert _read(data_folder, sitting)["sources"] == []


def test_a_new_roll_reaches_every_pending_sitting(
    pero: Comune,
    sitting: Sitting,
    data_folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Who is not on the new roll has left the council."""
    import_roll(comune=pero, text="Ada Neri\nUgo Fo", by=None)
    with django_capture_on_commit_callbacks(execute=True):
        assert import_roll(comune=pero, text="nome;carica\nAnna Bo;Sindaca\nUgo Fo;", by=None) == 2
    assert _read(data_folder, sitting)["roster"] == ["Anna Bo", "Ugo Fo"]


def test_an_unreadable_roll_changes_nothing(pero: Comune) -> None:
    import_roll(comune=pero, text="Ugo Fo", by=None)
    with pytest.raises(RollUnreadable):
        import_roll(comune=pero, text="Anna Bo;Sindaca\n;Assessore", by=None)
    assert list_names(comune=pero) == ("Ugo Fo",)


@pytest.mark.parametrize(
    ("kind", "url", "port"),
    [
        (SourceKind.RTSP, "http://cam", None),
        (SourceKind.RTSP, "", None),
        (SourceKind.RTSP, "rtsp://cam", 9000),
        (SourceKind.SRT, "", 80),
        (SourceKind.SRT, "", 70000),
        (SourceKind.SRT, "", None),
        (SourceKind.SRT, "rtsp://cam", 9000),
    ],
)
def test_an_unusable_source_is_refused(
    pero: Comune, sitting: Sitting, kind: SourceKind, url: str, port: int | None
) -> None:
    with pytest.raises(SourceUnusable, match="rtsp://"):
        add_source(comune=pero, sitting=sitting, kind=kind, url=url, port=port, by=None)
    assert not sources(comune=pero, sitting=sitting)
