"""What an office attests of a publication, as a document to be signed."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.council.engine.publication import Attestation, Calendar
from arengo.council.engine.record.document import Document, Paragraph, Section
from arengo.council.engine.record.italian import sentence
from arengo.council.engine.record.minutes import DEMO

LABEL = "Attestazione scritta dal sistema nel giorno previsto. Diventa certificato con la firma."
TITLES = {
    "publication_report": "Referto di pubblicazione",
    "enforceability": "Certificato di esecutività",
}


def certificate(
    attested: Attestation, dates: Calendar, *, subject: str, signer: str = "", is_demo: bool = False
) -> Document:
    """Return the document of an attestation.

    Parameters
    ----------
    subject : the object of the delibera, without what is left out of it.
    signer : who signs in this Comune, where its regulation says it; else the attestation's.
    """
    label = f"{DEMO} {LABEL}" if is_demo else LABEL
    title = f"{TITLES[attested.kind]} della deliberazione n. {attested.delibera}"
    sections = (
        Section(
            "general",
            "Si attesta",
            _paragraphs([f"Oggetto: {subject}", attested.sentence]),
            (),
        ),
        *_counted(attested, dates),
        Section("signatures", "Firma", (_signature(signer or attested.signed_by),), ()),
    )
    return Document(attested.kind, title, label, sections)


def _paragraphs(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(sentence(text)) for text in texts)


def _counted(attested: Attestation, dates: Calendar) -> tuple[Section, ...]:
    """Return how days were counted, and what of it is not law."""
    said = [*dates.sentences]
    said += [f"Da verificare: {one}" for one in attested.to_verify]
    return (Section("general", "Come sono contati i giorni", _paragraphs(said), ()),)


def _signature(who: str) -> Paragraph:
    return Paragraph(f"Firma: {who}", kind="signature")
