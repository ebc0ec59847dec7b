"""What everyone may find of a sitting: what was said, the items called, the votes proclaimed.

Words come from the account of the sitting, which has nothing said while outputs were cut; items
and votes from the public board, which hides what is secret.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from django.utils import translation

from arengo.council.engine.board import public_board
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.facts import SpokenWord, Utterance
from arengo.council.engine.search import Vote
from arengo.council.models import Sitting
from arengo.council.queries.journal import state_of
from arengo.council.wording import record_sentences
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.live.engine.wall import Anchor, sitting_time
from arengo.live.record import ASIDE
from arengo.live.studio.rows import SURE
from arengo.record.drafts import account_of
from arengo.record.errors import NothingToTell
from arengo.record.models import PassageKind
from arengo.record.transcripts import heard_of

FEWEST_WORDS, MOST_WORDS = 25, 40  # a passage ends at the first full stop between them
ENDS = (".", "?", "!", "…")
KNOWN_VOTES = frozenset(get_args(Vote))
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it is stored: see `Passage`."""

    kind: PassageKind
    text: str
    start_s: float | None = None
    speaker: str = ""
    member: str = ""
    item_number: str = ""
    item_title: str = ""
    votes: tuple[str, ...] = ()


@query
def passages_of(*, comune: Comune, sitting: Sitting) -> tuple[Piece, ...]:
    """Return all that is public of a sitting, in the order of the video."""
    heard = heard_of(comune=comune, sitting=sitting)
    try:
        account = account_of(comune=comune, sitting=sitting, heard=heard)
    except NothingToTell:
        return tuple(piece for said in heard.utterances for piece in _spoken(said, "", {}, ()))
    board = public_board(state_of(comune=comune, sitting=sitting), clock.now())
    found = [
        *_items(board, heard.anchors),
        *_votes(board, heard.anchors),
        *_speeches(account, board),
    ]
    return tuple(sorted(found, key=_place))


def _place(piece: Piece) -> float:
    return -1.0 if piece.start_s is None else piece.start_s


def _second(anchors: Sequence[Anchor], at: str | None) -> float | None:
    """Return the second of the video of an hour; None without a video."""
    if not anchors or not at:
        return None
    return round(max(0.0, sitting_time(anchors, datetime.fromisoformat(at))), 2)


# --- items and votes ------------------------------------------------------------------------


def _items(board: Facts, anchors: Sequence[Anchor]) -> Iterator[Piece]:
    """Yield the items that were called; a secret one has no title to look for."""
    for item in board["items"]:
        if item["called_at"] and not item["is_secret"]:
            yield Piece(
                PassageKind.ITEM,
                item["title"],
                _second(anchors, item["called_at"]),
                item_number=item["number"],
                item_title=item["title"],
                votes=_outcomes(board, item["id"]),
            )


def _votes(board: Facts, anchors: Sequence[Anchor]) -> Iterator[Piece]:
    """Yield the proclaimed votes: what was voted, the result and how it was counted."""
    with translation.override("it"):
        words = record_sentences()
    for vote in board["votes"]:
        result = words[f"result.{vote['result']}"]
        yield Piece(
            PassageKind.VOTE,
            ". ".join(filter(None, (vote["title"].rstrip("."), result, vote["formula"]))),
            _second(anchors, vote["proclaimed_at"]),
            **_item_of(board, vote["item"]),
            votes=tuple(one for one in (vote["result"],) if one in KNOWN_VOTES),
        )


def _item_of(board: Facts, item: str) -> dict[str, str]:
    found = next((one for one in board["items"] if one["id"] == item), None)
    if found is None or found["is_secret"]:
        return {}
    return {"item_number": found["number"], "item_title": found["title"]}


def _outcomes(board: Facts, item: str) -> tuple[str, ...]:
    """Return how an item was decided."""
    found = (one["result"] for one in _decisions(board, item))
    return tuple(dict.fromkeys(one for one in found if one in KNOWN_VOTES))


def _decisions(board: Facts, item: str) -> list[Facts]:
    return [
        one
        for one in board["votes"]
        if item and one["item"] == item and one["subject"] not in ASIDE
    ]


# --- what was said --------------------------------------------------------------------------


def _speeches(account: Account, board: Facts) -> Iterator[Piece]:
    """Yield what was said: by whom where that is sure, on which item, and how they voted on it."""
    hours = [moment.at for moment in account.moments]
    names = {one.id: one.name for one in account.end.members.values()}
    for heard in account.heard:
        k = bisect_right(hours, heard.middle) - 1
        item = account.moments[k].after.item if k >= 0 else ""
        said = heard.said
        is_sure = said.confidence >= SURE
        member = (said.member or "") if is_sure else ""
        name = (names.get(member, "") or said.name) if is_sure else ""
        votes = (*_outcomes(board, item), *_choices(board, item, member))
        yield from _spoken(said, name, _item_of(board, item), votes, member)


def _choices(board: Facts, item: str, member: str) -> tuple[str, ...]:
    """Return how a member voted on an item; nothing of a secret ballot is on the board."""
    found = [
        choice
        for one in _decisions(board, item)
        for choice, members in one["names"].items()
        if member and member in members
    ]
    return tuple(dict.fromkeys(found))


def _spoken(
    said: Utterance, name: str, item: Mapping[str, str], votes: tuple[str, ...], member: str = ""
) -> Iterator[Piece]:
    for words in _runs(said.words):
        text = " ".join(word.text for word in words).replace("\x00", "")
        start_s = round(words[0].start_s, 2)
        yield Piece(PassageKind.SPEECH, text, start_s, name, member, **item, votes=votes)


def _runs(words: Sequence[SpokenWord]) -> Iterator[list[SpokenWord]]:
    """Yield words by passages, whole sentences where they are not too long."""
    run: list[SpokenWord] = []
    for word in words:
        run.append(word)
        is_end = len(run) >= FEWEST_WORDS and word.text.endswith(ENDS)
        if is_end or len(run) >= MOST_WORDS:
            yield run
            run = []
    if run:
        yield run
