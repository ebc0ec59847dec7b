"""The verbale of a sitting, whole, as the Segretario will correct and sign it.

What it must contain: date, place, call and convocation, who is there with every change, who
presides and who writes, the text of each proposal, the main points of the discussion, how and
with what outcome each vote was held, what was secret, the declarations that were asked for. The
main points are sentences that were said, each with its second of video; the rest is the journal.
"""

from __future__ import annotations

from collections.abc import Iterator

from arengo.council.engine import events as e
from arengo.council.engine.record.account import Account, public_item
from arengo.council.engine.record.apart import compose_reserved
from arengo.council.engine.record.composing import Style, compose
from arengo.council.engine.record.document import Document, Paragraph, Section, Table
from arengo.council.engine.record.italian import call, day, day_in_words, hour_in_words, sentence
from arengo.council.engine.record.narrative import proposer_words
from arengo.council.engine.record.people import bare, named
from arengo.council.engine.record.quotes import MAIN_POINTS

DRAFT = (
    "Bozza del verbale, tratta dal registro della seduta e dalla trascrizione automatica. Diventa il "
    "verbale quando il Segretario, che ne cura la redazione (art. 97, comma 4, lettera a, del TUEL), "
    "l'ha corretta e firmata."
)
SEPARATE = (
    "Parte separata del verbale, per gli argomenti trattati in seduta segreta. Non si pubblica."
)
DEMO = "Seduta dimostrativa: persone e fatti sono inventati."
MODES = {
    "in_person": "in presenza",
    "mixed": "in forma mista, in presenza e da remoto",
    "remote": "da remoto",
}
VERBALE = Style(MAIN_POINTS, only_floor=True, is_verbale=True)


def verbale(account: Account) -> Document:
    """Return the verbale of the sitting, without the part held in secret."""
    sections = (preamble(account), *compose(account, VERBALE), signatures(account))
    return Document(
        "verbale", title_of(account, "Verbale della seduta"), label(account, DRAFT), sections
    )


def separate_part(account: Account) -> Document | None:
    """Return the part of the verbale about what was secret; None when nothing was."""
    found = compose_reserved(account)
    if not found:
        return None
    title = title_of(account, "Parte separata del verbale della seduta")
    sections = (*found, signatures(account))
    return Document("separate_part", title, label(account, SEPARATE), sections, is_reserved=True)


def title_of(account: Account, what: str) -> str:
    """Return a document's title: «Verbale della seduta del Consiglio comunale di …»."""
    return f"{what} del Consiglio comunale di {account.facts.comune} del {day(account.date)}"


def label(account: Account, text: str) -> str:
    """Return what a document is; a demonstration says so first."""
    return f"{DEMO} {text}" if account.facts.is_demo else text


def preamble(account: Account) -> Section:
    """Return the opening: when, where, how convened, who presides and writes, on what."""
    seq = (account.constituted.seq,)
    found = tuple(Paragraph(sentence(one), seq, kind="formula") for one in _opening(account))
    return Section("preamble", "Apertura", (*found, agenda(account)), seq)


def _opening(account: Account) -> Iterator[str]:
    facts, start = account.facts, account.constituted.after
    at = account.local(account.opened_at or facts.scheduled_at)
    session = f" {facts.session}" if facts.session else ""
    verb = "si riunisce" if account.opened_at else "è convocato"
    yield (
        f"{day_in_words(account.date)}, alle {hour_in_words(at)}, in {facts.comune}"
        f"{f', {facts.place}' if facts.place else ''}, {verb} il Consiglio comunale in seduta"
        f"{session} di {call(start.call)} convocazione, {MODES.get(start.mode, start.mode)}"
    )
    scheduled = account.local(facts.scheduled_at)
    notice = f" con avviso del {day(facts.notice_date)}" if facts.notice_date else ""
    yield f"La seduta è convocata{notice} per il {day(scheduled.date())} alle ore {scheduled:%H:%M}"
    if start.chair:
        yield f"Presiede {named(start, start.chair)}"
    if start.secretary:
        yield f"Cura la verbalizzazione {start.secretary}"


def agenda(account: Account) -> Table:
    """Return the agenda as it stood at the beginning."""
    start = account.constituted.after
    items = [public_item(one.item) for one in start.items.values()]
    rows = tuple((one.number, one.title, _who(account, one)) for one in items)
    header = ("N.", "Argomento", "Proponente o relatore")
    return Table("Ordine del giorno", header, rows, (account.constituted.seq,))


def _who(account: Account, item: e.Item) -> str:
    state = account.end
    names = [proposer_words(state, one) for one in (item.proposer, item.rapporteur) if one]
    return ", ".join(dict.fromkeys(names))


def signatures(account: Account) -> Section:
    """Return where the two sign; whoever presided and wrote last, by the journal."""
    state = account.end
    chair = bare(state, state.chair) if state.chair else ""
    seq = (account.moments[-1].seq,)
    lines = [
        Paragraph(f"Presidenza: {chair}".rstrip(), seq, kind="signature"),
        Paragraph(f"Verbalizzazione: {state.secretary}".rstrip(), seq, kind="signature"),
    ]
    return Section("signatures", "Firme", tuple(lines), seq)
