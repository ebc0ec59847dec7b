"""What the record needs to know beside the journal: where and when, and what was heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """What the journal does not hold of a sitting.

    `zone` is the one in which the documents write every time ("Europe/Rome"). `session` says
    which kind of sitting it is («ordinaria»). `began_at` and `ended_at` are the real times of
    opening and close where the journal has none. `delibere` are the numbers given, `proposals`
    the texts put to the vote, both by item. `templates` are the Comune's own, by kind of document,
    the latest first; an empty one is Arengo's.
    """

    comune: str
    istat: str
    place: str
    scheduled_at: datetime
    zone: tzinfo
    began_at: datetime | None = None
    ended_at: datetime | None = None
    notice_date: date | None = None
    session: str = ""
    delibere: Mapping[str, int] = field(default_factory=dict, hash=False)
    proposals: Mapping[str, str] = field(default_factory=dict, hash=False)
    templates: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word and its seconds of the sitting; `confidence` from 0 to 1."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something said without a break by one person.

    `start_s` and `end_s` are seconds of the sitting (the video's), `at` the instant it began.
    `member` is None when no member of the council is known to speak: `name` is then the
    secretary or a guest, or empty for a voice that nobody recognised.
    """

    start_s: float
    end_s: float
    at: datetime
    member: str | None
    confidence: float
    text: str
    words: tuple[SpokenWord, ...] = ()
    name: str = ""
