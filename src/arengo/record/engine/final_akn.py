"""The Akoma Ntoso of a document that was frozen, as it will be signed: notes added, words untouched."""

from __future__ import annotations

from lxml import etree

from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document, Paragraph, Section
from arengo.council.engine.record.schema import AKN

NOTES = {
    "Rettifiche accolte": "rettifiche",
    "Approvazione": "approvazione",
    "Sostituzioni nella firma": "sostituzioni",
}


def final_akn(frozen: bytes, document: Document) -> bytes:
    """Return the XML with the final label and, at the end of its body, the notes of the document.

    Raises
    ------
    ValueError
        It is not a debate.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(frozen, parser)
    body = root.find(f".//{{{AKN}}}debateBody")
    if body is None:
        message = "the Akoma Ntoso has no debateBody"
        raise ValueError(message)
    for label in root.iterfind(f".//{{{AKN}}}preface/{{{AKN}}}p[@class='label']"):
        label.text = clean(document.label)
    for section in document.sections:
        if section.title in NOTES:
            _note(body, section)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _note(body: etree._Element, section: Section) -> None:
    name = NOTES[section.title]
    made = etree.SubElement(body, f"{{{AKN}}}debateSection", name=name, eId=f"dbsect_{name}")
    etree.SubElement(made, f"{{{AKN}}}heading").text = section.title
    for block in section.blocks:
        if isinstance(block, Paragraph):
            etree.SubElement(made, f"{{{AKN}}}p").text = clean(block.text)
