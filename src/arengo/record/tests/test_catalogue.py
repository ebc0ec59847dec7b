"""The catalogue as DCAT-AP_IT: what the profile makes mandatory, in three syntaxes that agree.

Mandatory properties: "Linee guida per i cataloghi dati DCAT-AP_IT", AgID; the ontology is
http://dati.gov.it/onto/dcatapit. The Turtle is read by a small reader of what `rdf.turtle` writes.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from spoken_sitting import hold

from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record.catalogue import DATASETS, Town, catalogue_of, whole_catalogue
from arengo.record.render.rdf import PREFIXES, Iri, Literal, Node, json_ld, rdf_xml, turtle

ORIGIN = "https://consiglio.example.it"
DAY = date(2026, 11, 25)
PERO = Town("Pero", "pero", "015170", date(2024, 1, 8), DAY, (2026, 2024))
HOSTILE = Town('Pe"ro\\\n<b>\x00', "pero", "015170", None, DAY, (), contact_email="a b@x.it")
MANDATORY = {
    "dcat:Catalog": {
        "dct:title",
        "dct:description",
        "dct:publisher",
        "dct:modified",
        "dcat:dataset",
    },
    "dcat:Dataset": {
        *("dct:identifier", "dct:title", "dct:description", "dct:modified", "dcat:theme"),
        *("dct:rightsHolder", "dct:accrualPeriodicity", "dcat:distribution"),
    },
    "dcat:Distribution": {"dct:format", "dcat:accessURL", "dct:license"},
    "foaf:Agent": {"dct:identifier", "foaf:name"},
    "vcard:Organization": {"vcard:fn"},
}
RECOMMENDED = {
    "dcat:Dataset": {"dcat:contactPoint", "dct:temporal", "dct:publisher", "dcat:landingPage"},
    "dcat:Catalog": {"foaf:homepage", "dct:language", "dcat:themeTaxonomy"},
}
Triples = set[tuple[str, str, str]]


def short(iri: str) -> str:
    for name, base in PREFIXES.items():
        if iri.startswith(base):
            return f"{name}:{iri.removeprefix(base)}"
    return iri


def of_json(text: str) -> Triples:
    found = set()
    for node in json.loads(text)["@graph"]:
        for name, values in node.items():
            if name == "@type":
                found |= {(node["@id"], "a", one) for one in values}
            elif name != "@id":
                found |= {(node["@id"], name, one.get("@id") or one["@value"]) for one in values}
    return found


def of_xml(data: bytes) -> Triples:
    found = set()
    about, resource = (f"{{{PREFIXES['rdf']}}}{one}" for one in ("about", "resource"))
    for node in etree.fromstring(data):
        subject = node.get(about) or ""
        found.add((subject, "a", short(node.tag.replace("{", "").replace("}", ""))))
        for one in node:
            name = short(one.tag.replace("{", "").replace("}", ""))
            value = one.get(resource) or one.text or ""
            plain = ("a", short(value)) if name == "rdf:type" else (name, value)
            found.add((subject, *plain))
    return found


STATEMENT = re.compile(
    r'^    (?P<name>\S+) (?:<(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>|(?P<text>"(?:[^"\\\n]|\\.)*")(?:@[a-z]+|\^\^\S+)?|'
    r"(?P<types>\S+(?: , \S+)*)) [;.]$"
)


def of_turtle(text: str) -> Triples:
    found, subject = set(), ""
    for line in text.split("\n"):
        if line.startswith("<"):
            subject = line[1:-1]
        elif line and not line.startswith("@prefix"):
            read = STATEMENT.match(line)
            assert read, line
            for one in (read["types"] or "").split(" , ") if read["types"] else []:
                found.add((subject, "a", one))
            if not read["types"]:
                value = read["iri"] if read["text"] is None else json.loads(read["text"])
                found.add((subject, read["name"], value))
    return found


def by_subject(triples: Triples) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, name, value in triples:
        found[subject][name].add(value)
    return found


CATALOGUES = [
    catalogue_of(PERO, ORIGIN),
    catalogue_of(HOSTILE, ORIGIN),
    whole_catalogue((PERO,), ORIGIN, on=DAY),
]


@pytest.mark.parametrize("nodes", CATALOGUES)
def test_three_syntaxes_say_the_same(nodes: tuple[Node, ...]) -> None:
    told = of_json(json_ld(nodes))
    assert of_turtle(turtle(nodes)) == told
    assert {(s, n, v.strip()) for s, n, v in of_xml(rdf_xml(nodes))} == {
        (s, n, v.strip()) for s, n, v in told
    }


@pytest.mark.parametrize("nodes", CATALOGUES)
def test_what_the_profile_makes_mandatory_is_there(nodes: tuple[Node, ...]) -> None:
    seen = set()
    for subject, told in by_subject(of_turtle(turtle(nodes))).items():
        for kind, wanted in MANDATORY.items():
            if kind in told["a"]:
                seen.add(kind)
                assert wanted | RECOMMENDED.get(kind, set()) <= set(told), subject
        italian = {f"dcatapit:{one.split(':')[1]}" for one in MANDATORY if one in told["a"]}
        assert italian <= told["a"], subject
    assert seen == set(MANDATORY)


@pytest.mark.parametrize("nodes", CATALOGUES)
def test_what_is_pointed_to_inside_is_described(nodes: tuple[Node, ...]) -> None:
    triples = of_turtle(turtle(nodes))
    subjects = {subject for subject, _, _ in triples}
    inside = {
        *("dcat:dataset", "dcat:distribution", "dct:publisher", "dct:rightsHolder"),
        *("dct:license", "dcat:contactPoint", "dct:temporal", "dct:spatial", "dct:creator"),
    }
    assert {value for _, name, value in triples if name in inside} <= subjects


def test_every_dataset_has_theme_frequency_and_licence_from_the_vocabularies() -> None:
    text = turtle(catalogue_of(PERO, ORIGIN))
    assert (
        text.count("dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE>")
        == 7
    )
    assert len(DATASETS) == 7
    found = by_subject(of_turtle(text))
    licences = {v for told in found.values() for v in told["dct:license"]}
    assert licences == {"https://creativecommons.org/licenses/by/4.0/"}
    agent = next(told for told in found.values() if "foaf:Agent" in told["a"])
    assert agent["dct:identifier"] == {"da verificare"}


def test_an_address_cannot_break_out_and_a_text_keeps_its_signs() -> None:
    node = Node(
        Iri("http://x/a> <b"), ("dcat:Dataset",), (("dct:title", Literal('a"\n\\b', "it")),)
    )
    assert "<http://x/a%3E%20%3Cb>" in turtle((node,))
    assert ("http://x/a%3E%20%3Cb", "dct:title", 'a"\n\\b') in of_turtle(turtle((node,)))


@pytest.mark.django_db
def test_pages_lead_to_catalogues_and_catalogues_to_what_is_there(
    client: Client, pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    sitting = open_broadcast(comune=pero, sitting=hold(pero, make_sitting), by=None)
    close_broadcast(comune=pero, sitting=sitting, by=None)
    for base in ("/dati/", "/pero/dati/"):
        page = client.get(base).content.decode()
        for syntax in ("ttl", "rdf", "jsonld"):
            assert f'href="{base}catalog.{syntax}"' in page
            answer = client.get(f"{base}catalog.{syntax}")
            assert answer.status_code == 200
            assert 'rel="license"' in answer.headers["Link"]
    triples = of_turtle(client.get("/pero/dati/catalog.ttl").content.decode())
    for address in {value for _, name, value in triples if name == "dcat:accessURL"}:
        there = client.get(address.removeprefix("http://testserver"))
        assert there.status_code in (200, 503), address  # 503: its file is being made
    missing: Any = client.get("/pero/dati/catalog.pdf")
    assert missing.status_code == 404
