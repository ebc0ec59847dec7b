"""Signatures: what comes back signed is judged by what it is, not by what it says it is."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from arengo.council.engine.record.document import Document, Paragraph, Section
from arengo.record.errors import SignatureRefused
from arengo.record.render.pdf import pdf
from arengo.record.render.signature_fields import with_fields
from arengo.record.signing import ByHand, TrustList, is_named, trust_list, verify
from arengo.record.trial_authority import (
    Authority,
    TrialSigning,
    authority_in,
    new_authority,
    sign_envelope,
    sign_pdf,
    signer_of,
)

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SAID = Section("closing", "Chiusura", (Paragraph("La seduta è tolta.", (1,)),), (1,))


def paper(text: str = "Verbale della seduta") -> bytes:
    made = pdf(Document("verbale", text, "", (SAID,)), comune="Pero", on=AT.date())
    return with_fields(made, [("Presidente", "Firma del Presidente"), ("Segretario", "Firma")])


@pytest.fixture(scope="module")
def authority() -> Authority:
    return new_authority(AT - DAY)


@pytest.fixture(scope="module")
def original() -> bytes:
    return paper()


def signed_by(
    authority: Authority, data: bytes, name: str = "ROSSI MARIA", *, field: str = "Segretario"
) -> bytes:
    return sign_pdf(data, signer_of(authority, name, begins=AT - DAY, ends=AT + DAY), field=field)


def enveloped(authority: Authority, data: bytes, name: str = "ROSSI MARIA") -> bytes:
    return sign_envelope(data, signer_of(authority, name, begins=AT - DAY, ends=AT + DAY))


def trusting(*authorities: Authority) -> TrustList:
    return TrustList(anchors=tuple(one.root for one in authorities))


def test_a_signed_pdf_of_a_trusted_issuer_is_taken(authority: Authority, original: bytes) -> None:
    report = verify(original, signed_by(authority, original), trust=trusting(authority), at=AT)
    (seen,) = report.seen
    assert (seen.name, seen.trust, seen.format) == ("ROSSI MARIA", "trusted", "pades")
    assert not seen.is_stamped


def test_an_envelope_holds_the_document_as_it_was(authority: Authority, original: bytes) -> None:
    made = enveloped(authority, original)
    for sent in (made, base64.b64encode(made), base64.encodebytes(made)):
        report = verify(original, sent, trust=trusting(authority), at=AT)
        assert report.content == original
        assert report.seen[0].format == "cades"


def test_without_a_list_the_issuer_is_not_verified(authority: Authority, original: bytes) -> None:
    report = verify(original, signed_by(authority, original), trust=TrustList(), at=AT)
    assert report.seen[0].trust == "unknown"


def test_the_trial_authority_is_told_as_such(tmp_path: Path, original: bytes) -> None:
    way = TrialSigning(authority_in(tmp_path, AT), "Anna Neri", "Segretario", AT)
    signed = way.complete(way.prepare("verbale.pdf", original))
    assert way.verify(original, signed, at=AT).seen[0].trust == "test"
    assert authority_in(tmp_path, AT).certificate == way.authority.certificate
    assert (tmp_path / "autorita.pem").stat().st_mode & 0o077 == 0


def test_a_second_signature_stands_beside_the_first(authority: Authority, original: bytes) -> None:
    first = signed_by(authority, original)
    second = signed_by(authority, first, "BIANCHI UGO", field="Presidente")
    report = verify(first, second, trust=trusting(authority), at=AT)
    assert [one.name for one in report.seen] == ["ROSSI MARIA", "BIANCHI UGO"]
    envelope = enveloped(authority, first, "BIANCHI UGO")
    mixed = verify(first, envelope, trust=trusting(authority), at=AT)
    assert [one.format for one in mixed.seen] == ["pades", "cades"]
    nested = enveloped(authority, enveloped(authority, original), "BIANCHI UGO")
    twice = verify(original, nested, trust=trusting(authority), at=AT)
    assert [one.name for one in twice.seen] == ["ROSSI MARIA", "BIANCHI UGO"]


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_changed_byte_is_seen(authority: Authority, original: bytes, place: float) -> None:
    signed = bytearray(signed_by(authority, original))
    signed[int(len(original) * place)] ^= 1
    with pytest.raises(SignatureRefused):
        verify(original, bytes(signed), trust=trusting(authority), at=AT)


def test_a_changed_byte_in_an_envelope_is_seen(authority: Authority, original: bytes) -> None:
    made = enveloped(authority, original)
    where = made.index(original[:64]) + 400
    forged = made[:where] + bytes([made[where] ^ 1]) + made[where + 1 :]
    with pytest.raises(SignatureRefused, match="cambiato dopo la firma"):
        verify(original, forged, trust=trusting(authority), at=AT)


def test_another_file_well_signed_is_refused(authority: Authority, original: bytes) -> None:
    other = paper("Verbale di un'altra seduta")
    for signed in (signed_by(authority, other), enveloped(authority, other)):
        with pytest.raises(SignatureRefused, match="firmato un altro file"):
            verify(original, signed, trust=trusting(authority), at=AT)


def test_pages_changed_before_signing_are_refused(authority: Authority, original: bytes) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(original))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(SignatureRefused, match="cambiato prima della firma"):
        verify(original, signed_by(authority, out.getvalue()), trust=trusting(authority), at=AT)


def test_bytes_appended_after_the_signature_are_refused(
    authority: Authority, original: bytes
) -> None:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed_by(authority, original)))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.NameObject("/Rotate")] = generic.NumberObject(180)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(SignatureRefused, match="Dopo la firma"):
        verify(original, out.getvalue(), trust=trusting(authority), at=AT)


def test_an_expired_certificate_is_refused_with_its_dates(
    authority: Authority, original: bytes
) -> None:
    old = signer_of(authority, "ROSSI MARIA", begins=AT - 3 * DAY, ends=AT - 2 * DAY)
    for signed in (sign_pdf(original, old, field="Segretario"), sign_envelope(original, old)):
        with pytest.raises(SignatureRefused, match=r"è scaduto .*23/11/2026"):
            verify(original, signed, trust=trusting(authority), at=AT)


def test_an_issuer_that_is_not_in_the_list_is_refused(
    authority: Authority, original: bytes
) -> None:
    signed = signed_by(new_authority(AT - DAY, "Altra autorità"), original)
    with pytest.raises(SignatureRefused, match="Altra autorità"):
        verify(original, signed, trust=trusting(authority), at=AT)


@pytest.mark.parametrize(
    "rubbish", [b"", b"\x00" * 4096, b"%PDF-1.7 x", b"0\x82\xff\xff", b"PK\x03\x04", b"ciao"]
)
def test_rubbish_is_refused_in_words(authority: Authority, original: bytes, rubbish: bytes) -> None:
    with pytest.raises(SignatureRefused):
        verify(original, rubbish, trust=trusting(authority), at=AT)


def test_the_file_brought_back_unsigned_is_told(original: bytes) -> None:
    way = ByHand()
    prepared = way.prepare("verbale.pdf", original)
    with pytest.raises(SignatureRefused, match="senza firma"):
        way.complete(prepared, original)
    with pytest.raises(SignatureRefused, match="nessuna firma"):
        way.verify(original, original, at=AT)


def marks_in(xmp: bytes) -> dict[str, str]:
    """Return what the metadata says of the standards, whichever way it is written."""
    from lxml import etree

    found: dict[str, str] = {}
    for one in etree.fromstring(xmp).iter():
        both = {str(one.tag): one.text or "", **{str(k): str(v) for k, v in one.attrib.items()}}
        found |= {k: v for k, v in both.items() if "/pdfa/ns/id/" in k or "/pdfua/ns/id/" in k}
    return found


def test_signing_leaves_a_pdf_tagged_and_fit_for_keeping(
    authority: Authority, original: bytes
) -> None:
    """Every field is in a Form element that the structure leads to and back from."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    signed = signed_by(authority, original)
    assert signed.startswith(original)
    root = PdfFileReader(io.BytesIO(signed)).root
    assert root["/MarkInfo"]["/Marked"]
    assert root["/OutputIntents"]
    assert marks_in(root["/Metadata"].data) == {
        "{http://www.aiim.org/pdfa/ns/id/}part": "3",
        "{http://www.aiim.org/pdfa/ns/id/}conformance": "A",
        "{http://www.aiim.org/pdfua/ns/id/}part": "1",
    }
    assert "/Version" not in root
    numbers = [*root["/StructTreeRoot"]["/ParentTree"]["/Nums"]]
    back = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for reference in root["/AcroForm"]["/Fields"]:
        widget = reference.get_object()
        element = back[int(widget["/StructParent"])].get_object()
        assert element["/S"] == "/Form"
        assert element["/K"]["/Obj"]["/T"] == widget["/T"]
        assert widget["/TU"]
        assert widget["/F"] & 0b111 == 0b100  # printed, not hidden
        assert widget["/P"]["/Tabs"] == "/S"


def test_a_program_that_makes_its_own_field_is_taken(authority: Authority, original: bytes) -> None:
    signed = signed_by(authority, original, field="Firma1")
    assert verify(original, signed, trust=trusting(authority), at=AT).seen


@pytest.mark.parametrize(
    ("certificate", "person", "is_same"),
    [
        ("ROSSI MARIA", "Maria Rossi", True),
        ("D'ANGELO NICOLO'", "Nicolò D’Angelo", True),
        ("ROSSI MARIA GRAZIA", "Maria Rossi", True),
        ("MARIA ROSSI", "Maria Rossi (1971)", True),
        ("ROSSI MARIO", "Maria Rossi", False),
        ("ROSSI", "Maria Rossi", False),
        ("", "", False),
    ],
)
def test_a_name_is_known_however_the_certificate_writes_it(
    certificate: str, person: str, is_same: bool
) -> None:
    assert is_named(certificate, person) is is_same


def test_a_list_with_a_file_that_is_no_certificate_is_told(
    tmp_path: Path, authority: Authority
) -> None:
    (tmp_path / "a.der").write_bytes(authority.root.dump())
    assert len(trust_list(tmp_path).anchors) == 1
    (tmp_path / "b.pem").write_text("niente")
    with pytest.raises(SignatureRefused, match=r"b\.pem"):
        trust_list(tmp_path)
    assert trust_list(tmp_path / "assente") == TrustList()
