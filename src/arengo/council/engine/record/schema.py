"""The OASIS schema of Akoma Ntoso 3.0, compiled from its text, and what it says of a document."""

from __future__ import annotations

from typing import Any

from lxml import etree

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"


class _Imported(etree.Resolver):
    """Gives the schema's one import from memory: nothing is fetched."""

    def __init__(self, text: bytes) -> None:
        self.text = text

    def resolve(self, system_url: str, public_id: str, context: object) -> Any:  # type: ignore[override]  # the stubs leave out the context
        return self.resolve_string(self.text, context, base_url=system_url)


def compiled(akn: bytes, xml: bytes) -> etree.XMLSchema:
    """Return the schema of `akomantoso30.xsd` and the `xml.xsd` that it imports."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Imported(xml))
    return etree.XMLSchema(etree.fromstring(akn, parser))


def validate(xml: bytes, schema: etree.XMLSchema) -> tuple[str, ...]:
    """Return what is wrong with a document, one sentence an error; empty when it is valid.

    Entities are not expanded and nothing is fetched: the document may be anybody's.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        return (f"Il file non è XML ben formato: {error.msg}.",)
    if schema.validate(root):
        return ()
    log: Any = schema.error_log  # the stubs do not say that it holds entries
    return tuple(f"Riga {one.line}: {one.message}" for one in log)
