"""What a conservatore wants to know of each file: the metadata of a digital administrative document.

Source: AgID guidelines on the formation, management and conservation of digital documents (2020),
annex 5, «documento amministrativo informatico». The names of the elements are those by which
conservatori ask for them; the annex's own schema could not be read, so that they are da verificare,
as the file itself says. The index of UNI 11386 is the conservatore's to make, of the package of
archive: what a Comune hands over is the package of submission (`pacchetto di versamento`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from arengo.council.engine.record.cleaning import clean

ROOT = "PacchettoDiVersamento"
DOCUMENT = "DocumentoAmministrativoInformatico"
NOTE = (
    "Metadati secondo l'allegato 5 delle Linee guida AgID sui documenti informatici: nomi degli "
    "elementi e tempi di conservazione da verificare con il conservatore."
)
BY_TEMPLATE = "creazione tramite utilizzo di strumenti software"
BY_SYSTEM = "generazione o raggruppamento anche in via automatica di un insieme di dati"
SOFTWARE = (("NomeProdotto", "Arengo"), ("Produttore", "Arengo"))


@dataclass(frozen=True, slots=True)
class Term:
    """What a kind of document is called, and for how many years it is kept."""

    type: str
    years: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who had a part in a document: «Presidente», «Segretario verbalizzante»."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file to keep; `kind` is its document's, "journal" or "recording"."""

    name: str
    sha256: str
    media_type: str
    kind: str
    subject: str
    is_reserved: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class Handed:
    """Whose the files are, of which sitting, and who answers for them."""

    comune: str
    istat: str
    sitting: str
    date: date
    people: tuple[Person, ...]


def metadata_xml(
    files: Iterable[Kept], handed: Handed, terms: Mapping[str, Term], version: str
) -> bytes:
    """Return the metadata of every file as XML; equal files give equal bytes."""
    root = etree.Element(ROOT)
    _sub(root, "Note", NOTE)
    _sub(root, "Seduta", handed.sitting)
    for one in files:
        _document(_sub(root, DOCUMENT), one, handed, terms[one.kind], version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _document(made: etree._Element, one: Kept, handed: Handed, term: Term, version: str) -> None:
    identity = _sub(made, "IdDoc")
    print_ = _sub(identity, "ImprontaCrittograficaDelDocumento")
    _all(print_, (("Impronta", one.sha256), ("Algoritmo", "SHA-256")))
    _sub(identity, "Identificativo", f"{handed.istat}/{handed.sitting}/{one.name}")
    is_made = one.kind not in ("journal", "recording")
    _sub(made, "ModalitaDiFormazione", BY_TEMPLATE if is_made else BY_SYSTEM)
    _sub(made, "TipologiaDocumentale", term.type)
    _registration(_sub(made, "DatiDiRegistrazione"), one, handed)
    _people(_sub(made, "Soggetti"), handed)
    _sub(_sub(made, "ChiaveDescrittiva"), "Oggetto", one.subject)
    _sub(made, "Riservato", _yes(one.is_reserved))
    format_ = _sub(made, "IdentificativoDelFormato")
    _sub(format_, "Formato", one.media_type)
    _all(_sub(format_, "ProdottoSoftware"), (*SOFTWARE, ("VersioneProdotto", version)))
    _all(
        _sub(made, "Verifica"),
        (
            ("FirmatoDigitalmente", _yes(False)),
            ("SigillatoElettronicamente", _yes(False)),
            ("MarcaturaTemporale", _yes(False)),
        ),
    )
    _sub(made, "NomeDelDocumento", one.name)
    _sub(made, "VersioneDelDocumento", "1")
    _sub(made, "TempoDiConservazione", str(term.years))


def _registration(made: etree._Element, one: Kept, handed: Handed) -> None:
    """Say under which number it is registered: a delibera in its register, the rest in none yet."""
    _sub(made, "TipologiaDiFlusso", "I")
    register = "Registro delle deliberazioni" if one.number else "Nessuno"
    _sub(made, "TipoRegistro", register)
    _sub(made, "DataRegistrazione", handed.date.isoformat())
    if one.number:
        _sub(made, "NumeroRegistrazione", str(one.number))


def _people(made: etree._Element, handed: Handed) -> None:
    owner = _sub(made, "Ruolo")
    _all(owner, (("TipoRuolo", "Amministrazione titolare"), ("Denominazione", handed.comune)))
    for person in handed.people:
        _all(_sub(made, "Ruolo"), (("TipoRuolo", person.role), ("Denominazione", person.name)))


def _all(parent: etree._Element, pairs: Sequence[tuple[str, str]]) -> None:
    for tag, text in pairs:
        _sub(parent, tag, text)


def _sub(parent: etree._Element, tag: str, text: str = "") -> etree._Element:
    made = etree.SubElement(parent, tag)
    if text:
        made.text = clean(text)
    return made


def _yes(is_so: bool) -> str:
    return "true" if is_so else "false"


def prints_in(data: bytes) -> dict[str, str]:
    """Return the sha256 that the metadata give of each file, by name.

    Raises
    ------
    ValueError
        It is no file of metadata.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(error.msg) from error
    if root.tag != ROOT:
        message = f"root is {root.tag!r}"
        raise ValueError(message)
    found = root.findall(DOCUMENT)
    return {
        one.findtext("NomeDelDocumento", ""): one.findtext(
            "IdDoc/ImprontaCrittograficaDelDocumento/Impronta", ""
        )
        for one in found
    }
