"""A graph of RDF as Turtle, RDF/XML and JSON-LD: what a catalogue of data needs, and no more.

Nodes have addresses; values are addresses (`Iri`) or texts (`Literal`). Texts are escaped as each
syntax wants, addresses with a sign that none may hold are percent-encoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
UNFIT = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Iri:
    """An address, whole or with a prefix («dcat:Dataset»)."""

    value: str

    @property
    def whole(self) -> str:
        """Return the address in full."""
        prefix, colon, rest = self.value.partition(":")
        found = PREFIXES[prefix] + rest if colon and prefix in PREFIXES else self.value
        return UNFIT.sub(lambda sign: f"%{ord(sign.group()):02X}", found)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text: `language` or `type` («xsd:date»), never both."""

    text: str
    language: str = ""
    type: str = ""


Value = Iri | Literal


@dataclass(frozen=True, slots=True)
class Node:
    """A thing with its address, its types and its properties in order."""

    iri: Iri
    types: tuple[str, ...]
    properties: tuple[tuple[str, Value], ...]


def turtle(nodes: tuple[Node, ...]) -> str:
    """Return the nodes as Turtle."""
    lines = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]
    for node in nodes:
        told = [f"a {' , '.join(node.types)}"]
        told += [f"{name} {_turtle_value(value)}" for name, value in node.properties]
        lines.append(f"\n<{node.iri.whole}>\n    " + " ;\n    ".join(told) + " .")
    return "\n".join(lines) + "\n"


def _turtle_value(value: Value) -> str:
    if isinstance(value, Iri):
        return f"<{value.whole}>"
    text = json.dumps(NOT_XML.sub("\ufffd", value.text), ensure_ascii=False)
    if value.language:
        return f"{text}@{value.language}"
    return f"{text}^^{value.type}" if value.type else text


def rdf_xml(nodes: tuple[Node, ...]) -> bytes:
    """Return the nodes as RDF/XML, UTF-8 with its declaration."""
    root = etree.Element(_tag("rdf:RDF"), nsmap=dict(PREFIXES))
    for node in nodes:
        made = etree.SubElement(root, _tag(node.types[0]))
        made.set(_tag("rdf:about"), node.iri.whole)
        for type_ in node.types[1:]:
            etree.SubElement(made, _tag("rdf:type")).set(_tag("rdf:resource"), Iri(type_).whole)
        for name, value in node.properties:
            _xml_value(etree.SubElement(made, _tag(name)), value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _tag(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{rest}"


def _xml_value(made: etree._Element, value: Value) -> None:
    if isinstance(value, Iri):
        made.set(_tag("rdf:resource"), value.whole)
        return
    made.text = NOT_XML.sub("\ufffd", value.text)
    if value.language:
        made.set(XML_LANG, value.language)
    elif value.type:
        made.set(_tag("rdf:datatype"), Iri(value.type).whole)


def json_ld(nodes: tuple[Node, ...]) -> str:
    """Return the nodes as JSON-LD 1.1, with the prefixes as its context."""
    graph = [_json_node(node) for node in nodes]
    return json.dumps({"@context": dict(PREFIXES), "@graph": graph}, ensure_ascii=False, indent=1)


def _json_node(node: Node) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": node.iri.whole, "@type": list(node.types)}
    for name, value in node.properties:
        made.setdefault(name, []).append(_json_value(value))
    return made


def _json_value(value: Value) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"@id": value.whole}
    made = {"@value": NOT_XML.sub("\ufffd", value.text)}
    if value.language:
        made["@language"] = value.language
    elif value.type:
        made["@type"] = value.type
    return made
