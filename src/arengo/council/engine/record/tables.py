"""Votes and attendance as CSV for an Italian spreadsheet: semicolons, UTF-8 with its mark.

No cell can be taken for a formula (`cleaning.cell`). Lines end in CR LF (RFC 4180).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.attendance import WORDS, minutes_of, stays
from arengo.council.engine.record.cleaning import cell
from arengo.council.engine.record.document import VoteBlock, votes_of
from arengo.council.engine.record.sheets import vote_list
from arengo.council.engine.telling import CHOICE, METHOD

VOTES = (
    "votazione", "punto", "oggetto", "emendamento", "modo", "stato", "aperta", "proclamata",
    "presenti", "votanti", "favorevoli", "contrari", "astenuti", "presenti non votanti",
    "schede bianche", "schede nulle", "esito", "formula", "norma",
)  # fmt: skip
STAGES = {
    "proclaimed": "proclamata", "voided": "annullata", "closed": "chiusa", "open": "aperta",
}  # fmt: skip
COUNTED = ("favour", "against", "abstained", "not_voting", "blank", "null")
VOTERS = ("votazione", "punto", "oggetto", "componente", "gruppo", "voto")
ATTENDANCE = ("componente", "carica", "gruppo", "ha voto", "presenza", "dalle", "alle", "minuti")


def votes_csv(account: Account, *, is_public: bool = True) -> str:
    """Return one line a vote, with totals, formula and article."""
    found = votes_of(vote_list(account, is_public=is_public))
    return _written(VOTES, (_vote(account, one) for one in found))


def voters_csv(account: Account, *, is_public: bool = True) -> str:
    """Return one line a member and open vote; of a secret ballot nobody is named."""
    found = votes_of(vote_list(account, is_public=is_public))
    return _written(VOTERS, (row for one in found for row in _voters(account, one)))


def attendance_csv(account: Account) -> str:
    """Return one line a member and time of presence; one line for who never came."""
    return _written(ATTENDANCE, _attendance(account))


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[cell(one) for one in row] for row in rows])
    return "\ufeff" + out.getvalue()


def _vote(account: Account, vote: VoteBlock) -> list[str]:
    counts = {group.choice: str(group.count) for group in vote.groups}
    return [
        vote.ballot,
        _number(account, vote),
        vote.title,
        vote.amendment,
        METHOD.get(vote.method, vote.method),
        STAGES[vote.stage],
        _time(account, vote.opened_at),
        _time(account, vote.proclaimed_at),
        str(vote.present),
        str(vote.voters),
        *(counts.get(one, "") for one in COUNTED),
        vote.result_words,
        vote.formula,
        vote.article,
    ]


def _number(account: Account, vote: VoteBlock) -> str:
    found = account.end.items.get(vote.item)
    return found.item.number if found else ""


def _time(account: Account, at: datetime | None) -> str:
    return f"{account.local(at):%d/%m/%Y %H:%M:%S}" if at else ""


def _voters(account: Account, vote: VoteBlock) -> Iterator[list[str]]:
    members, number = account.end.members, _number(account, vote)
    for group in vote.groups:
        for member in group.members:
            one = members[member]
            yield [vote.ballot, number, vote.title, one.name, one.group, CHOICE[group.choice]]


def _attendance(account: Account) -> Iterator[list[str]]:
    for member, listed in stays(account).items():
        one = account.end.members[member]
        who = [one.name, one.office, one.group, "sì" if one.votes else "no"]
        if not listed:
            yield [*who, "mai presente", "", "", "0"]
        for stay in listed:
            minutes = minutes_of([stay], account.ended_at or account.end.at)
            times = [_time(account, stay.since), _time(account, stay.until)]
            yield [*who, WORDS[stay.status], *times, str(minutes)]
