"""What joins the chamber to the studio: the board pushed, the outputs cut, the ballot box."""

from __future__ import annotations

from typing import Any

from arengo import config
from arengo.council import events, ports
from arengo.kernel import clock, tokens
from arengo.live import box
from arengo.live.sitting_file import write_board, write_sitting_file

RIGHT_LASTS_S = 3600


def connect() -> None:
    """Listen to the council, and give it the ballot box."""
    events.board_changed.connect(show_board, dispatch_uid="live.board")
    events.secrecy_changed.connect(cut_or_resume, dispatch_uid="live.secrecy")
    ports.use_box(StudioBox())


def show_board(*, comune: Any, uid: str, board: dict[str, Any], **signal: Any) -> None:
    """Have the studio push the board to every page."""
    write_board(istat_code=comune.pk, uid=uid, board=board)


def cut_or_resume(*, comune: Any, uid: str, **signal: Any) -> None:
    """Have the studio cut every output, or resume."""
    write_sitting_file(comune=comune, uid=uid)


class StudioBox:
    """The studio's box as the council knows it (`council.ports.Box`)."""

    def open(self, uid: str, ballot: str, choices: tuple[str, ...]) -> None:
        """Make the box ready."""
        box.open_box(config.load(), uid, ballot, choices=choices)

    def right(self, uid: str, ballot: str, member: str) -> str:
        """Return the token with which this member's device puts one paper in."""
        return tokens.issue(
            config.load().secret(),
            purpose=f"vote {uid} {ballot}",
            subject=member,
            expires_at=int(clock.now().timestamp()) + RIGHT_LASTS_S,
        )

    def count(self, uid: str, ballot: str) -> tuple[tuple[str, ...], dict[str, int]]:
        """Empty the box once."""
        found = box.count_box(config.load(), uid, ballot)
        return tuple(found.took_part), dict(found.totals)

    def cancel(self, uid: str, ballot: str) -> None:
        """Throw the papers away."""
        box.cancel_box(config.load(), uid, ballot)

    def progress(self, uid: str, ballot: str) -> int:
        """Return how many papers are in."""
        return box.progress(config.load(), uid, ballot)
