"""The chamber's board: from the pages' file to every screen, at once, whatever gets lost."""

from __future__ import annotations

import json
import socket

import pytest
from rig import Rig, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def seqs(events: list[tuple[float, dict[str, int]]]) -> list[int]:
    """Return the numbers of the boards that came."""
    return [board["seq"] for _, board in events]


def test_a_board_reaches_every_reader_at_once(rig: Rig) -> None:
    """Exactly as it was written; how soon is for the bench to say."""
    rig.sitting(state="prepared")
    rig.start()
    with rig.events() as one, rig.events() as other:
        wait_for(lambda: one.of("state") and other.of("state"), "not connected")
        for seq in range(1, 11):
            rig.board(seq=seq, item="È il bilancio", seats=[{"n": 1, "here": True}])
            for reader in (one, other):
                wait_for(lambda r=reader, n=seq: len(r.of("board")) == n, "no board", timeout_s=3)
                _, board = reader.of("board")[-1]
                assert board == {
                    "seq": seq,
                    "item": "È il bilancio",
                    "seats": [{"n": 1, "here": True}],
                }


def test_a_lost_nudge_loses_no_board(rig: Rig) -> None:
    rig.sitting()
    rig.start()
    with rig.events() as page:
        wait_for(lambda: page.of("state"), "not connected")
        rig.board(seq=1, is_told=False)
        wait_for(lambda: page.of("board"), "no board")
        assert seqs(page.of("board")) == [1]


def test_who_comes_late_gets_the_latest_and_an_older_one_goes_nowhere(rig: Rig) -> None:
    """Before any studio, after it; a board with a smaller or an equal number is not news."""
    rig.sitting()
    rig.board(seq=5, item="cinque")
    rig.start()
    with rig.events() as page:
        wait_for(lambda: page.of("board"), "no board")
        for seq in (4, 5, 6):
            rig.board(seq=seq, item="altro")
            wait_for(lambda n=seq: shown(rig) >= n, "not looked at")
        wait_for(lambda: len(page.of("board")) == 2, "no second board")
        assert seqs(page.of("board")) == [5, 6]
    with rig.events() as late:
        wait_for(lambda: late.of("board"), "no board")
        assert seqs(late.of("board")) == [6]


def shown(rig: Rig) -> int:
    """Return the number of the board at its address."""
    status, body = rig.get("/media/prova/board.json")
    return int(json.loads(body)["seq"]) if status == 200 else -1


def test_a_closed_sitting_shows_its_last_board(rig: Rig) -> None:
    """Also one that was closed before the studio started, and one more event after closing."""
    rig.sitting(state="closed")
    rig.board(seq=9)
    rig.start()
    assert shown(rig) == 9
    with rig.events() as page:
        wait_for(lambda: page.of("board"), "no board")
        rig.board(seq=10)
        wait_for(lambda: seqs(page.of("board")) == [9, 10], "the correction does not come")


def test_garbage_on_the_nudges_port_harms_nobody(rig: Rig) -> None:
    """Unknown, climbing out of the folder, huge, empty: and a torn file is left alone."""
    rig.sitting()
    rig.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for data in (b"", b"nessuna", b"../../etc", b"\xff" * 900, b"a" * 60_000):
            line.sendto(data, ("127.0.0.1", rig.http_port))
    (rig.folder() / "board.json").write_bytes(b'{"seq": 3, "ite')
    rig.board(seq=1)
    wait_for(lambda: shown(rig) == 1, "no board after rubbish")
    assert rig.get("/media/nessuna/board.json")[0] == 404
    assert "Traceback" not in (rig.data / "studio.log").read_text()
