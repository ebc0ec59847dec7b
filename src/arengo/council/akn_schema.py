"""The OASIS schema that comes with Arengo, read and compiled once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from lxml import etree

from arengo.council.engine.record import schema

DATA = files("arengo.council.engine.record") / "data"


@cache
def akn_schema() -> etree.XMLSchema:
    """Return the strict schema of Akoma Ntoso 3.0."""
    akn = (DATA / "akomantoso30.xsd").read_bytes()
    return schema.compiled(akn, (DATA / "xml.xsd").read_bytes())


def validate(xml: bytes) -> tuple[str, ...]:
    """Return what is wrong with an Akoma Ntoso document; empty when it is strictly valid."""
    return schema.validate(xml, akn_schema())
