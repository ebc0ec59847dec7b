"""A certificate authority for trials: it makes its own root at first use, and signs in anyone's name.

What it signs is worth nothing and says so («firma di prova»): it is for demonstrations and for
the suite, and refused on the acts of a real sitting.
"""

from __future__ import annotations

import asyncio
import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko_certvalidator.registry import SimpleCertificateStore

from arengo.record.signing import Prepared, Report, TrustList, verify

WORTHLESS = "Firma di prova, senza valore"
ROOT_NAME = "Arengo, autorità di prova"
TEN_YEARS, A_DAY = timedelta(days=3650), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def root(self) -> asn1.Certificate:
        """Return the root as the checks want it."""
        return asn1.Certificate.load(_der(self.certificate))


def new_authority(at: datetime, name: str = ROOT_NAME) -> Authority:
    """Return an authority of its own making, valid for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(name)
    made = (
        _builder(subject, subject, key, at, at + TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(is_root=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(made, key)


def authority_in(folder: Path, at: datetime) -> Authority:
    """Return the authority of an installation, made at first use; its key is its owner's alone."""
    path = folder / "autorita.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = new_authority(at - A_DAY)
        draft = folder / f"autorita.{os.getpid()}.pem"
        draft.touch(mode=0o600)
        draft.write_bytes(_pem(made))
        try:
            os.link(draft, path)  # the first process wins, the others read its authority
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    data = path.read_bytes()
    key = serialization.load_pem_private_key(data, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), "we write no other key"
    return Authority(x509.load_pem_x509_certificate(data), key)


def _pem(authority: Authority) -> bytes:
    key = authority.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return key + authority.certificate.public_bytes(serialization.Encoding.PEM)


def signer_of(authority: Authority, name: str, *, begins: datetime, ends: datetime) -> SimpleSigner:
    """Return who signs as `name` with a certificate of this authority."""
    # Not a curve: signing with one makes a PDF 2.0, which is no PDF/A-3 any more.
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = (
        _builder(_subject(name), authority.certificate.subject, key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(is_root=False), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    store = SimpleCertificateStore()
    store.register(authority.root)
    private = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return SimpleSigner(
        signing_cert=asn1.Certificate.load(_der(certificate)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def sign_pdf(data: bytes, signer: SimpleSigner, *, field: str, reason: str = "") -> bytes:
    """Return a PDF with one more signature (PAdES), in the empty field of that name if it has it."""
    meta = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    out: Any = asyncio.run(PdfSigner(meta, signer=signer).async_sign_pdf(writer))
    return bytes(out.getvalue())


def sign_envelope(data: bytes, signer: SimpleSigner) -> bytes:
    """Return a .p7m with the document inside (CAdES)."""
    made = asyncio.run(
        signer.async_sign_general_data(data, "sha256", detached=False, use_cades=True)
    )
    return bytes(made.dump())


def free_field(data: bytes, wanted: str) -> str:
    """Return the field to sign in: the empty one wanted, or a new one."""
    taken = {one.field_name for one in PdfFileReader(io.BytesIO(data)).embedded_signatures}
    return wanted if wanted not in taken else f"{wanted}-{len(taken) + 1}"


@dataclass(frozen=True, slots=True)
class TrialSigning:
    """The way to sign of trials: nobody has to take the file anywhere."""

    authority: Authority
    name: str
    field: str
    at: datetime

    def prepare(self, file_name: str, data: bytes) -> Prepared:
        """Return the file; nobody has to do anything with it."""
        return Prepared(file_name, data, WORTHLESS)

    def complete(self, prepared: Prepared, returned: bytes = b"") -> bytes:
        """Return the file signed as the person would."""
        begins = self.at - timedelta(minutes=5)
        signer = signer_of(self.authority, self.name, begins=begins, ends=self.at + A_DAY)
        field = free_field(prepared.data, self.field)
        return sign_pdf(prepared.data, signer, field=field, reason=WORTHLESS)

    def verify(self, original: bytes, signed: bytes, *, at: datetime) -> Report:
        """Judge it by the trial's own root."""
        return verify(original, signed, trust=TrustList(tests=(self.authority.root,)), at=at)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, WORTHLESS),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)
