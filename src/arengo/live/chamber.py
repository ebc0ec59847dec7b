"""What joins the chamber to the studio: the board pushed, the outputs cut, the ballot box."""

from __future__ import annotations

from typing import Any

from arengo import config
from arengo.council import events, ports
from arengo.kernel import clock, tokens
from arengo.kernel.errors import Unavailable
from arengo.live import box
from arengo.live.sitting_file import write_board, write_sitting_file

RIGHT_LASTS_S = 3600


class CutUntold(Unavailable):
    """Say that the journal knows of the secret and the studio does not."""

    code = "cut_untold"
    title = "La diretta non ha ricevuto l'ordine"
    message = (
        "L'operazione è nel registro, ma l'ordine non è arrivato alla diretta, che continua come "
        "prima: spegni la trasmissione a mano e riprova."
    )


def connect() -> None:
    """Listen to the council, and give it the ballot box."""
    events.board_changed.connect(show_board, dispatch_uid="live.board")
    events.secrecy_changed.connect(cut_or_resume, dispatch_uid="live.secrecy")
    ports.use_box(StudioBox())


def show_board(*, comune: Any, uid: str, board: dict[str, Any], **signal: Any) -> None:
    """Have the studio push the board to every page."""
    write_board(istat_code=comune.pk, uid=uid, board=board)


def cut_or_resume(*, comune: Any, uid: str, **signal: Any) -> None:
    """Have the studio cut every output, or resume.

    Raises
    ------
    CutUntold
        The order could not be written: the outputs go on as they were.
    """
    try:
        write_sitting_file(comune=comune, uid=uid)
    except OSError as error:
        raise CutUntold from error


class StudioBox:
    """The studio's box as the council knows it (`council.ports.Box`)."""

    def open(self, uid: str, ballot: str, choices: tuple[str, ...]) -> None:
        """Make the box ready; one that an answer lost on the way left open is empty: use it.

        The council asks only for a vote that its journal does not have yet, so that nobody can
        have been given the right to put a paper in.
        """
        settings = config.load()
        try:
            box.open_box(settings, uid, ballot, choices=choices)
        except box.BoxOpenAlready:
            box.cancel_box(settings, uid, ballot)
            box.open_box(settings, uid, ballot, choices=choices)

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
