"""The catalogue of a Comune's data as DCAT-AP_IT, and of all of an installation.

References
----------
"Linee guida per i cataloghi dati DCAT-AP_IT" (AgID) and the ontology http://dati.gov.it/onto/dcatapit:
mandatory for a catalogue title, description, publisher, modified, dataset; for a dataset
identifier, title, description, modified, theme, rightsHolder, accrualPeriodicity (and distribution
of open data); for a distribution format, accessURL, license; for an agent identifier and name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from arengo.record.render.rdf import Iri, Literal, Node, Value

EU = "http://publications.europa.eu/resource/authority"
ITALIAN = Iri(f"{EU}/language/ITA")
THEME = Iri(f"{EU}/data-theme/GOVE")  # government and public sector
PLACES = "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/cities"
UNKNOWN = "da verificare"

Property = tuple[str, Value]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: `kind` is its place in the Italian vocabulary of licences."""

    title: str
    address: str
    kind: str


CC_BY = Licence(
    "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40",
)


@dataclass(frozen=True, slots=True)
class Format:
    """How data are given: `code` is the European file type; `what` the address under the origin."""

    code: str
    media_type: str


CSV = Format("CSV", "text/csv")
JSON = Format("JSON", "application/json")
XML = Format("XML", "application/xml")
VTT = Format("TXT", "text/vtt")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A set of data that every Comune has: `path` of the interface, formats in the yearly file."""

    name: str
    title: str
    about: str
    keywords: tuple[str, ...]
    path: str
    formats: tuple[Format, ...]


DATASETS = (
    Dataset(
        "sedute",
        "Sedute del Consiglio comunale",
        "Quando, dove e come si è riunito il Consiglio comunale.",
        ("consiglio comunale", "sedute"),
        "sedute",
        (JSON,),
    ),
    Dataset(
        "ordini-del-giorno",
        "Ordini del giorno del Consiglio comunale",
        "I punti all'ordine del giorno di ogni seduta e il loro esito.",
        ("consiglio comunale", "ordine del giorno"),
        "sedute",
        (JSON,),
    ),
    Dataset(
        "votazioni",
        "Votazioni del Consiglio comunale",
        "Ogni votazione proclamata: totali, esito, formula, norma e nominativi di quelle palesi.",
        ("consiglio comunale", "votazioni"),
        "sedute",
        (CSV, JSON),
    ),
    Dataset(
        "presenze",
        "Presenze in Consiglio comunale",
        "Chi era presente a ogni seduta conclusa, dall'ora di entrata a quella di uscita.",
        ("consiglio comunale", "presenze"),
        "sedute",
        (CSV, JSON),
    ),
    Dataset(
        "delibere",
        "Delibere e atti pubblicati del Consiglio comunale",
        "Gli atti pubblicati, con numero e oggetto.",
        ("consiglio comunale", "delibere"),
        "atti",
        (JSON,),
    ),
    Dataset(
        "interventi",
        "Interventi in Consiglio comunale",
        "La trascrizione delle sedute concluse: non è il verbale e non lo sostituisce.",
        ("consiglio comunale", "interventi", "trascrizione"),
        "ricerca",
        (JSON, XML),
    ),
    Dataset(
        "sottotitoli",
        "Sottotitoli delle sedute del Consiglio comunale",
        "I sottotitoli delle registrazioni, con il loro istante.",
        ("consiglio comunale", "sottotitoli"),
        "sedute",
        (VTT,),
    ),
)


@dataclass(frozen=True, slots=True)
class Town:
    """What the catalogue says of a Comune: `ipa_code` and `contact` may be unknown, empty."""

    name: str
    slug: str
    istat: str
    first_date: date | None
    modified_date: date
    years: tuple[int, ...]
    licence: Licence = CC_BY
    ipa_code: str = ""
    contact_email: str = ""


def datasets_of(town: Town) -> tuple[Dataset, ...]:
    """Return the datasets that can be had: captions only once there is a file of some year."""
    return tuple(one for one in DATASETS if JSON in one.formats or town.years)


def catalogue_of(town: Town, origin: str) -> tuple[Node, ...]:
    """Return the nodes of a Comune's catalogue, at an origin such as `https://example.it`."""
    base = f"{origin}/{town.slug}/dati/"
    title = f"Dati aperti del Consiglio comunale di {town.name}"
    about = f"I dati delle sedute pubbliche del Consiglio comunale di {town.name}."
    return (_catalogue(base, title, about, (town,), origin), *_of_town(town, origin))


def whole_catalogue(towns: tuple[Town, ...], origin: str, *, on: date) -> tuple[Node, ...]:
    """Return the nodes of the catalogue of a whole installation; `on` stands where it is empty."""
    base, names = f"{origin}/dati/", ", ".join(town.name for town in towns)
    about = f"I dati delle sedute pubbliche dei Consigli comunali: {names or 'nessuno ancora'}."
    publisher = Node(
        Iri(f"{base}#gestore"),
        ("dcatapit:Agent", "foaf:Agent"),
        (
            ("dct:identifier", Literal(UNKNOWN)),
            ("foaf:name", Literal("Gestore dell'installazione", "it")),
        ),
    )
    head = _catalogue(base, "Dati aperti dei Consigli comunali", about, towns, origin, on=on)
    return (head, publisher, *(node for town in towns for node in _of_town(town, origin)))


def _catalogue(
    base: str,
    title: str,
    about: str,
    towns: tuple[Town, ...],
    origin: str,
    *,
    on: date | None = None,
) -> Node:
    publisher = f"{base}#gestore" if on else f"{base}#titolare"
    modified = max((town.modified_date for town in towns), default=on or date.min)
    return Node(
        Iri(f"{base}#catalogo"),
        ("dcatapit:Catalog", "dcat:Catalog"),
        (
            ("dct:title", Literal(title, "it")),
            ("dct:description", Literal(about, "it")),
            ("dct:publisher", Iri(publisher)),
            ("dct:modified", _day(modified)),
            ("dct:language", ITALIAN),
            ("foaf:homepage", Iri(base)),
            ("dcat:themeTaxonomy", Iri(f"{EU}/data-theme")),
            *(
                ("dcat:dataset", Iri(f"{origin}/{town.slug}/dati/#{one.name}"))
                for town in towns
                for one in datasets_of(town)
            ),
        ),
    )


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), type="xsd:date")


def _of_town(town: Town, origin: str) -> Iterator[Node]:
    base = f"{origin}/{town.slug}/dati/"
    holder, contact = Iri(f"{base}#titolare"), Iri(f"{base}#contatto")
    yield Node(
        holder,
        ("dcatapit:Agent", "foaf:Agent"),
        (
            ("dct:identifier", Literal(town.ipa_code or UNKNOWN)),
            ("foaf:name", Literal(f"Comune di {town.name}", "it")),
        ),
    )
    yield Node(
        contact, ("dcatapit:Organization", "vcard:Organization", "vcard:Kind"), _reach(town, base)
    )
    yield Node(
        Iri(town.licence.address),
        ("dcatapit:LicenseDocument", "dct:LicenseDocument"),
        (("foaf:name", Literal(town.licence.title, "it")), ("dct:type", Iri(town.licence.kind))),
    )
    yield Node(Iri(f"{base}#periodo"), ("dct:PeriodOfTime",), tuple(_period(town)))
    yield Node(
        Iri(f"{base}#luogo"),
        ("dct:Location",),
        (("dcatapit:geographicalIdentifier", Literal(f"{PLACES}/{town.istat}")),),
    )
    for one in datasets_of(town):
        yield from _dataset(one, town, origin, holder, contact)


def _reach(town: Town, base: str) -> tuple[Property, ...]:
    mail: tuple[Property, ...] = ()
    if town.contact_email:
        mail = (("vcard:hasEmail", Iri(f"mailto:{town.contact_email}")),)
    name: Property = ("vcard:fn", Literal(f"Comune di {town.name}", "it"))
    return (name, *mail, ("vcard:hasURL", Iri(base)))


def _period(town: Town) -> Iterator[Property]:
    yield "dcatapit:startDate", _day(town.first_date or town.modified_date)
    yield "dcatapit:endDate", _day(town.modified_date)


def _dataset(one: Dataset, town: Town, origin: str, holder: Iri, contact: Iri) -> Iterator[Node]:
    base = f"{origin}/{town.slug}/dati/"
    given = list(_distributions(one, town, origin))
    yield Node(
        Iri(f"{base}#{one.name}"),
        ("dcatapit:Dataset", "dcat:Dataset"),
        (
            ("dct:identifier", Literal(f"{town.istat}:{one.name}")),
            ("dct:title", Literal(f"{one.title} di {town.name}", "it")),
            ("dct:description", Literal(one.about, "it")),
            ("dct:modified", _day(town.modified_date)),
            ("dcat:theme", THEME),
            ("dct:rightsHolder", holder),
            ("dct:publisher", holder),
            ("dct:creator", holder),
            ("dct:accrualPeriodicity", Iri(f"{EU}/frequency/IRREG")),
            ("dcat:contactPoint", contact),
            ("dct:temporal", Iri(f"{base}#periodo")),
            ("dct:spatial", Iri(f"{base}#luogo")),
            ("dct:language", ITALIAN),
            ("dcat:landingPage", Iri(base)),
            *(("dcat:keyword", Literal(word, "it")) for word in one.keywords),
            *(("dcat:distribution", node.iri) for node in given),
        ),
    )
    yield from given


def _distributions(one: Dataset, town: Town, origin: str) -> Iterator[Node]:
    """Yield the interface, and the file of each year in each format."""
    base = f"{origin}/{town.slug}/dati/"
    if JSON in one.formats:
        address = f"{origin}/api/v1/comuni/{town.slug}/{one.path}"
        yield _distribution(f"{base}#{one.name}-api", one, JSON, address, town)
    for year in town.years:
        for format_ in one.formats:
            key = f"{base}#{one.name}-{year}-{format_.code.lower()}"
            yield _distribution(key, one, format_, f"{base}{year}.zip", town, year=year)


def _distribution(
    key: str, one: Dataset, format_: Format, address: str, town: Town, *, year: int | None = None
) -> Node:
    told = f"{one.title}, {year}, in un file compresso" if year else f"{one.title}, interfaccia"
    links: list[Property] = [("dcat:accessURL", Iri(address))]
    if year:
        links.append(("dcat:downloadURL", Iri(address)))
    return Node(
        Iri(key),
        ("dcatapit:Distribution", "dcat:Distribution"),
        (
            ("dct:title", Literal(f"{told} ({format_.code})", "it")),
            ("dct:format", Iri(f"{EU}/file-type/{format_.code}")),
            *links,
            ("dct:license", Iri(town.licence.address)),
            ("dct:modified", _day(town.modified_date)),
        ),
    )
