"""The documents of a sitting as its journal and its words make them: drafts, until somebody signs.

Nothing is stored: a draft is made anew each time from the journal, so it can never tell another
story than the hall did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from arengo.council import akn_schema
from arengo.council.engine.record.account import Account, account
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.record.facts import SittingFacts
from arengo.council.engine.record.tables import attendance_csv, voters_csv, votes_csv
from arengo.council.engine.record.tei import tei
from arengo.council.models import AgendaItem, Convocation, Sitting
from arengo.council.queries.journal import read_journal
from arengo.council.queries.people import ROME
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.errors import DraftAbsent, FormatAbsent, NothingToTell, SchemaBroken
from arengo.record.heard import Heard
from arengo.record.models import RegisterLine
from arengo.record.render.docx import docx
from arengo.record.render.odt import odt
from arengo.record.render.pdf import Attachment, pdf
from arengo.record.templating import good_texts, in_the_words_of_the_comune
from arengo.record.transcripts import heard_of

NAMES = {
    "verbale": "verbale",
    "separate_part": "parte-separata",
    "resoconto_integrale": "resoconto-integrale",
    "resoconto_sommario": "resoconto-sommario",
    "attendance": "presenze",
    "votes": "votazioni",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A document with the name by which addresses and files call it.

    `subject` is the item's, for a delibera: those without a number yet are told apart by it.
    """

    name: str
    document: Document
    subject: str = ""
    note: str = ""  # why the Comune's latest template did not word it


@dataclass(frozen=True, slots=True)
class Written:
    """A document as a file."""

    file_name: str
    content_type: str
    data: bytes


@query
def account_of(*, comune: Comune, sitting: Sitting, heard: Heard | None = None) -> Account:
    """Return the account of a sitting: its journal, and what was `heard`, read if not given.

    Raises
    ------
    NothingToTell
        The journal has not begun.
    """
    entries = read_journal(comune=comune, sitting=sitting)
    if not entries:
        raise NothingToTell(title=sitting.title)
    heard = heard or heard_of(comune=comune, sitting=sitting)
    return account(entries, _facts(comune, sitting), heard.utterances)


def _facts(comune: Comune, sitting: Sitting) -> SittingFacts:
    texts = AgendaItem.objects.filter(sitting=sitting).exclude(text="").values_list("id", "text")
    return SittingFacts(
        comune=comune.name,
        istat=comune.pk,
        place=sitting.place,
        scheduled_at=sitting.scheduled_at,
        zone=ROME,
        began_at=sitting.opened_at,
        ended_at=sitting.closed_at,
        notice_date=_notice_date(sitting),
        session=sitting.get_kind_display().lower(),
        delibere=dict(RegisterLine.objects.filter(sitting=sitting).values_list("item", "number")),
        proposals={str(item): text for item, text in texts},
        templates=good_texts(comune=comune),
        is_demo=sitting.is_demo,
    )


def _notice_date(sitting: Sitting) -> date | None:
    sent = Convocation.objects.filter(sitting=sitting).order_by("id").first()
    return sent.sent_at.astimezone(ROME).date() if sent else None


def drafts_of(found: Account) -> tuple[Draft, ...]:
    """Return every document of a sitting, in the order in which a clerk reads them."""
    return tuple(_named(found, all_documents(found)))


def find(found: Account, name: str) -> Draft:
    """Return the document of that name.

    Raises
    ------
    DraftAbsent
        The sitting has no such document.
    """
    every = drafts_of(found)
    for draft in every:
        if draft.name == name:
            return draft
    raise DraftAbsent(name=name, known=", ".join(draft.name for draft in every))


def _named(found: Account, documents: Iterator[Document]) -> Iterator[Draft]:
    number = 0
    for made in documents:
        document, note = in_the_words_of_the_comune(found, made)
        if document.kind == "delibera":
            number += 1
            subject = found.end.items[document.item].item.title
            yield Draft(f"delibera-{number}", document, subject, note)
        else:
            yield Draft(NAMES[document.kind], document, note=note)


def _akn(found: Account, document: Document) -> bytes:
    """Return the Akoma Ntoso of a document, held to the schema before anybody has it."""
    xml = akoma_ntoso(found, document)
    wrong = akn_schema.validate(xml)
    if wrong:
        raise SchemaBroken(why=wrong[0])
    return xml


def _csv(text: Callable[[Account], str]) -> Callable[[Account, Document], bytes]:
    return lambda found, _: text(found).encode()


def _pdf(found: Account, document: Document) -> bytes:
    """Return the PDF of a document, with its Akoma Ntoso inside where it has one."""
    inside = _xml_inside(found, document) if document.kind in ROOTS else ()
    return pdf(document, comune=found.facts.comune, on=found.date, attachments=inside)


def _xml_inside(found: Account, document: Document) -> tuple[Attachment, ...]:
    xml = _akn(found, document).decode()
    name = f"{NAMES[document.kind]}.akn.xml"
    return (Attachment(name, "application/akn+xml", xml, "Akoma Ntoso 3.0"),)


def _docx(found: Account, document: Document) -> bytes:
    return docx(document, comune=found.facts.comune, on=found.date)


def _odt(found: Account, document: Document) -> bytes:
    return odt(document, comune=found.facts.comune, on=found.date)


Writer = Callable[[Account, Document], bytes]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGE_WRITERS: Mapping[str, tuple[str, str, Writer]] = {
    "pdf": ("pdf", "application/pdf", _pdf),
    "docx": ("docx", WORD, _docx),
    "odt": ("odt", "application/vnd.oasis.opendocument.text", _odt),
}
DEBATE_WRITERS: Mapping[str, tuple[str, str, Writer]] = {
    "akn": ("akn.xml", "application/akn+xml", _akn),
    "tei": ("tei.xml", "application/tei+xml", tei),
}
TABLE_WRITERS: Mapping[str, Mapping[str, tuple[str, str, Writer]]] = {
    "votes": {
        "csv": ("csv", "text/csv; charset=utf-8", _csv(votes_csv)),
        "csv-voti": ("nominativi.csv", "text/csv; charset=utf-8", _csv(voters_csv)),
    },
    "attendance": {"csv": ("csv", "text/csv; charset=utf-8", _csv(attendance_csv))},
}


def writers_of(document: Document) -> Mapping[str, tuple[str, str, Writer]]:
    """Return what a document can be written as: by format, its ending, type and writer."""
    debate = DEBATE_WRITERS if document.kind in ROOTS else {}
    return {**PAGE_WRITERS, **debate, **TABLE_WRITERS.get(document.kind, {})}


def write(found: Account, draft: Draft, format_: str) -> Written:
    """Return a document as a file.

    Raises
    ------
    FormatAbsent
        The document is not made in that format.
    SchemaBroken
        What was written is not valid: nothing is given rather than something wrong.
    """
    known = writers_of(draft.document)
    if format_ not in known:
        raise FormatAbsent(format=format_, known=", ".join(known))
    ending, content_type, writer = known[format_]
    file_name = f"{found.date:%Y-%m-%d}-{draft.name}.{ending}"
    return Written(file_name, content_type, writer(found, draft.document))
