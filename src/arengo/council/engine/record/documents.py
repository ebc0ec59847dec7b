"""All the documents of a sitting, made at once."""

from __future__ import annotations

from collections.abc import Iterator

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.delibere import delibere
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.minutes import separate_part, verbale
from arengo.council.engine.record.reports import resoconto_integrale, resoconto_sommario
from arengo.council.engine.record.sheets import attendance_sheet, vote_list


def all_documents(account: Account) -> Iterator[Document]:
    """Yield verbale, separate part if there is one, resoconti, delibere, presences, votes."""
    yield verbale(account)
    apart = separate_part(account)
    if apart:
        yield apart
    yield resoconto_integrale(account)
    yield resoconto_sommario(account)
    yield from delibere(account)
    yield attendance_sheet(account)
    yield vote_list(account)
