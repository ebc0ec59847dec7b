"""Empty fields in which a document is signed, tagged so that it stays PDF/A-3 and PDF/UA after.

A field made by the signing program is tagged by nobody; one that is there already is filled. The
widgets have no size: the signature is data, not a drawing.
Source: ISO 14289-1 §7.18.4 (a widget is in a Form tag), §7.18.3 (tab order by structure),
ISO 19005-3 §6.3 (annotations are printed and not hidden; of no size, they need no appearance).
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

name = generic.pdf_name
SIGNED_AND_ONLY_APPENDED = 3  # ISO 32000-1, table 219: a program that signs need not change it


def with_fields(data: bytes, fields: Sequence[tuple[str, str]]) -> bytes:
    """Return a tagged PDF with an empty signature field for each name and its readable words."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    for field, words in fields:
        spec = SigFieldSpec(field, on_page=0, readable_field_name=words)
        append_signature_field(writer, spec)
    form = writer.root["/AcroForm"]
    form[name("/SigFlags")] = generic.NumberObject(SIGNED_AND_ONLY_APPENDED)
    writer.update_container(form)
    for reference in form.raw_get("/Fields"):
        _tag(writer, reference)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _tag(writer: IncrementalPdfFileWriter, reference: generic.IndirectObject) -> None:
    """Put a widget in a Form element, at the end of the document's structure."""
    widget = reference.get_object()
    page, tree = widget["/P"], writer.root["/StructTreeRoot"]
    key = int(tree["/ParentTreeNextKey"]) if "/ParentTreeNextKey" in tree else _free_key(tree)
    parent = tree.raw_get("/K")
    if isinstance(parent, generic.ArrayObject):
        parent = parent[0] if isinstance(parent[0], generic.IndirectObject) else parent.raw_get(0)
    inside = generic.DictionaryObject(
        {name("/Type"): name("/OBJR"), name("/Obj"): reference, name("/Pg"): widget.raw_get("/P")}
    )
    form = writer.add_object(
        generic.DictionaryObject(
            {
                name("/Type"): name("/StructElem"),
                name("/S"): name("/Form"),
                name("/P"): parent,
                name("/K"): inside,
            }
        )
    )
    _append(writer, parent.get_object(), form)
    _map(writer, tree, key, form)
    widget[name("/StructParent")] = generic.NumberObject(key)
    writer.mark_update(reference)
    page[name("/Tabs")] = name("/S")
    writer.update_container(page)


def _append(
    writer: IncrementalPdfFileWriter,
    element: generic.DictionaryObject,
    child: generic.IndirectObject,
) -> None:
    """Add a child to a structure element, whichever way it holds those it has."""
    held = element.get("/K")
    if not isinstance(held, generic.ArrayObject):
        before = [element.raw_get("/K")] if held is not None else []
        element[name("/K")] = held = generic.ArrayObject(before)
    held.append(child)
    writer.update_container(held)
    writer.update_container(element)


def _map(
    writer: IncrementalPdfFileWriter,
    tree: generic.DictionaryObject,
    key: int,
    form: generic.IndirectObject,
) -> None:
    """Tell the way back from a widget to its element."""
    numbers = tree["/ParentTree"]
    while "/Kids" in numbers:
        if "/Limits" in numbers:
            numbers["/Limits"][1] = generic.NumberObject(key)
            writer.update_container(numbers)
        numbers = numbers["/Kids"][-1]
    if "/Limits" in numbers:
        numbers["/Limits"][1] = generic.NumberObject(key)
    numbers["/Nums"].extend([generic.NumberObject(key), form])
    writer.update_container(numbers["/Nums"])
    writer.update_container(numbers)
    tree[name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(tree)


def _free_key(tree: generic.DictionaryObject) -> int:
    numbers = tree["/ParentTree"]
    while "/Kids" in numbers:
        numbers = numbers["/Kids"][-1]
    return int(numbers["/Nums"][-2]) + 1 if len(numbers["/Nums"]) else 0
