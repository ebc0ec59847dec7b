"""The roll call: the secretary says a name, who is named answers, thirty times in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from arengo.live.engine.chair_phrases import ANSWERS, LIKE_ANSWERS
from arengo.live.engine.sentences import Token
from arengo.live.engine.tracks import Mark

APART_S = 1.0  # in a longer silence a turn may have been lost
REACH_S = 0.3
LONG = 8
LONGEST_CALL_S = 1.1  # a longer name or answer covers a turn that was not heard
NAMES = "@%"


@dataclass(slots=True)
class Called:
    """The marks so far, and who was called and has not answered."""

    secretary: str | None
    weight: float
    waiting: str | None
    last_end_s: float
    is_answering: bool = False
    marks: list[Mark] = field(default_factory=list)

    def mark(self, at_s: float, member: str | None) -> None:
        """Say who speaks from here on, unless it is said already."""
        weights = ((member, self.weight),) if member else ()
        if not self.marks or self.marks[-1].weights != weights:
            self.marks.append(Mark(at_s, weights))


@dataclass(frozen=True, slots=True)
class Calls:
    """What a sentence of the roll call tells."""

    marks: tuple[Mark, ...]
    waiting: str | None
    is_over: bool


def call_roll(
    tokens: Sequence[Token],
    secretary: str | None,
    waiting: str | None,
    last_end_s: float,
    weight: float,
) -> Calls:
    """Read one sentence; `waiting` was called before it and may answer in it.

    A name is the secretary's, an answer its bearer's. An answer without a name heard before is
    somebody's: unknown. So are words after a name that are no answer ("assente" apart), and what was
    not heard: captions of a roll call lose turns.
    """
    state = Called(secretary, weight, waiting, last_end_s)
    for k, token in enumerate(tokens):
        _take(state, token, tokens[k - 1] if k else None)
        state.last_end_s = min(token.end, token.start + LONGEST_CALL_S)
    is_over = _is_over(tokens)
    if not is_over:
        state.mark(state.last_end_s, None)
    return Calls(tuple(state.marks), state.waiting, is_over)


def _is_over(tokens: Sequence[Token]) -> bool:
    """Tell whether this is ordinary speech: hardly a name or an answer in many words."""
    calls = sum(token.text in ANSWERS or token.text in NAMES for token in tokens)
    return len(tokens) >= LONG and calls * 4 <= len(tokens)


def _take(state: Called, token: Token, before: Token | None) -> None:
    if before and token.start - state.last_end_s >= APART_S:
        state.mark(state.last_end_s, None)
    at_s = _turn(state.last_end_s, token.start)
    if token.text in NAMES:
        state.mark(at_s, state.secretary)
        state.waiting, state.is_answering = _called(token, before), False
    elif _is_answer(state, token):
        _answer(state, token, at_s)
    elif state.waiting and not token.text.startswith("assent"):
        state.mark(at_s, None)
        state.is_answering = False
    else:
        state.mark(at_s, state.secretary)
        state.waiting, state.is_answering = None, False


def _is_answer(state: Called, token: Token) -> bool:
    return token.text in ANSWERS or (
        token.text in LIKE_ANSWERS and (state.waiting is not None or state.is_answering)
    )


def _called(token: Token, before: Token | None) -> str | None:
    """Return who is called: a name that runs on from other words is only spoken of."""
    is_joined = before is not None and token.start - before.end < REACH_S
    if is_joined and before and before.text not in ANSWERS | LIKE_ANSWERS:
        return None
    return token.member


def _answer(state: Called, token: Token, at_s: float) -> None:
    if state.is_answering and token.start - state.last_end_s < REACH_S:  # "sì, presente"
        return
    state.mark(at_s, state.waiting)
    state.waiting, state.is_answering = None, True


def _turn(end_s: float, start_s: float) -> float:
    """Return when one stopped and the other began: half way, where nothing was lost between."""
    return (end_s + start_s) / 2 if 0 < start_s - end_s < APART_S else start_s
