"""The two resoconti: everything that was said, and a choice of it. Neither is the verbale."""

from __future__ import annotations

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.composing import Style, compose
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.minutes import label, preamble, title_of
from arengo.council.engine.record.quotes import SUMMARY

WHOLE = (
    "Resoconto integrale: la trascrizione della seduta, con gli atti tratti dal registro. Non è il "
    "verbale e non lo sostituisce."
)
SHORT = (
    "Resoconto sommario: frasi scelte automaticamente fra quelle pronunciate, ciascuna legata al suo "
    "istante. Non è il verbale e non lo sostituisce."
)


def resoconto_integrale(account: Account) -> Document:
    """Return every utterance that is public, with the acts of the sitting between them."""
    title = title_of(account, "Resoconto integrale della seduta")
    sections = (preamble(account), *compose(account, Style(None, only_floor=False)))
    return Document("resoconto_integrale", title, label(account, WHOLE), sections)


def resoconto_sommario(account: Account) -> Document:
    """Return the sentences that stand for each speech, chosen as `quotes` says."""
    title = title_of(account, "Resoconto sommario della seduta")
    sections = (preamble(account), *compose(account, Style(SUMMARY, only_floor=True)))
    return Document("resoconto_sommario", title, label(account, SHORT), sections)
