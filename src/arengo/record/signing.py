"""Signatures: who prepares what is to be signed, and what is made of the file that comes back.

A `Signing` is a way to sign. `by_hand` is the usual Italian one: the clerk takes the file away,
signs it with a smart card or a remote service, and brings back a PDF (PAdES) or a .p7m (CAdES).
The other one (`trial_authority`) signs by itself, for trials and demonstrations.

Whatever the way, `verify` judges the file: the signatures hold, what is signed is our version byte
by byte with nothing added but signatures, the certificate was valid, its issuer is in the
Comune's list. No network: revocation is known only where the file itself brings the answer.
Source: ETSI EN 319 102-1 (validation), EN 319 142 (PAdES), EN 319 122 (CAdES); eIDAS art. 32.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    ModificationLevel,
    SuspiciousModification,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import async_validate_cms_signature, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from arengo.record.errors import SignatureRefused

TrustWord = Literal["trusted", "unknown", "test"]
DEEPEST = 5  # envelopes inside envelopes: more are no signature but an attack
LARGEST = 100_000_000  # bytes
KINDS = (".pem", ".cer", ".crt", ".der")
UNREADABLE = (PdfError, SigningError, SignatureValidationError, ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class TrustList:
    """The issuers that a Comune trusts, and that of the trials; empty where it names none.

    `is_looking_back` judges a certificate at the hour that its signer tells, where no time stamp
    does: for a file that was taken years ago, whose certificate has expired since.
    """

    anchors: tuple[x509.Certificate, ...] = ()
    tests: tuple[x509.Certificate, ...] = ()
    is_looking_back: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A signature that holds: `name` is the certificate's; `signed_at` None if nobody says it."""

    name: str
    issuer: str
    certificate: str
    format: Literal["pades", "cades"]
    trust: TrustWord
    signed_at: datetime | None = None
    is_stamped: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What is in a signed file: the document that was signed, and every signature on it."""

    content: bytes
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a person has to sign: the bytes, the name of the file, what to do with it."""

    file_name: str
    data: bytes
    told: str


class Signing(Protocol):
    """A way to sign."""

    def prepare(self, file_name: str, data: bytes) -> Prepared:
        """Return what has to be signed."""

    def complete(self, prepared: Prepared, returned: bytes) -> bytes:
        """Return the signed file, from what came back."""

    def verify(self, original: bytes, signed: bytes, *, at: datetime) -> Report:
        """Return what is in the signed file, or raise `SignatureRefused`."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The person signs with a device of their own and brings the file back."""

    trust: TrustList = field(default_factory=TrustList)

    def prepare(self, file_name: str, data: bytes) -> Prepared:
        """Return the file to take away."""
        told = "Scarica il file, firmalo e ricaricalo: PDF firmato (PAdES) o busta .p7m (CAdES)."
        return Prepared(file_name, data, told)

    def complete(self, prepared: Prepared, returned: bytes) -> bytes:
        """Return what came back, unless it is not signed at all."""
        if returned == prepared.data:
            raise SignatureRefused(
                why="Hai ricaricato il file senza firma: firmalo e carica quello che ne esce"
            )
        return returned

    def verify(self, original: bytes, signed: bytes, *, at: datetime) -> Report:
        """Judge the file."""
        return verify(original, signed, trust=self.trust, at=at)


# --- the judgement ----------------------------------------------------------------------


def verify(original: bytes, signed: bytes, *, trust: TrustList, at: datetime) -> Report:
    """Return what is in a signed file; `original` is what was given to be signed.

    Raises
    ------
    SignatureRefused
        It is not signed, the signature does not hold, something else was signed, the certificate
        had expired, or its issuer is not in a list that has some.
    """
    report = inspect(signed, trust=trust, at=at)
    if not report.content.startswith(original):
        raise SignatureRefused(
            why="È stato firmato un altro file, o il programma di firma lo ha riscritto: scarica di "
            "nuovo il file da qui e firma quello, senza aprirlo e salvarlo con altri programmi"
        )
    if report.content != original:
        _only_signatures(original, report.content)
    return report


def inspect(signed: bytes, *, trust: TrustList, at: datetime) -> Report:
    """Return the signatures of a file and the document inside, whatever document it is.

    Raises
    ------
    SignatureRefused
    """
    if len(signed) > LARGEST:
        raise SignatureRefused(why="Il file è troppo grande per essere uno dei nostri")
    content, outer = _opened(signed, trust, at)
    inner = _pades(content, trust, at) if content.startswith(b"%PDF-") else ()
    if not outer and not inner:
        raise SignatureRefused(why="Nel file non c’è nessuna firma: firmalo e caricalo di nuovo")
    return Report(content, (*inner, *reversed(outer)))


def _opened(signed: bytes, trust: TrustList, at: datetime) -> tuple[bytes, list[Seen]]:
    """Take a document out of its envelopes, outermost first."""
    content, found = signed, list[Seen]()
    for _ in range(DEEPEST):
        if content.startswith(b"%PDF-"):
            return content, found
        envelope = _envelope(content)
        if envelope is None:
            break
        found += [_cades(one, trust, at) for one in _one_by_one(envelope)]
        content = envelope["encap_content_info"]["content"].native or b""
        if not isinstance(content, bytes):
            break
    raise SignatureRefused(
        why="Il file non è un PDF firmato né una busta .p7m con dentro il documento: carica il file "
        "prodotto dal programma di firma"
    )


def _envelope(data: bytes) -> cms.SignedData | None:
    """Return the envelope in some bytes (DER, PEM or bare base64); None for anything else."""
    try:
        if pem.detect(data):
            _, _, data = pem.unarmor(data)
        elif not data.startswith(b"\x30"):
            data = base64.b64decode(data, validate=False)
        info = cms.ContentInfo.load(data, strict=True)
        if info["content_type"].native != "signed_data":
            return None
        found = info["content"]
        found["signer_infos"].native  # noqa: B018 everything is read now, not at some later line
        return found
    except (ValueError, TypeError, KeyError, binascii.Error):
        return None


def _one_by_one(envelope: cms.SignedData) -> Iterator[cms.SignedData]:
    """Yield the envelope once for each who signed it, with that signature alone."""
    if not len(envelope["signer_infos"]):
        raise SignatureRefused(why="La busta .p7m non contiene firme: firma di nuovo il documento")
    for signer in envelope["signer_infos"]:
        one = envelope.copy()
        one["signer_infos"] = cms.SignerInfos([signer])
        yield one


def _cades(envelope: cms.SignedData, trust: TrustList, at: datetime) -> Seen:
    async def judge(context: ValidationContext) -> Any:
        return await async_validate_cms_signature(envelope, validation_context=context)

    return _judged(judge, "cades", _stated_time(envelope), trust, at)


def _stated_time(envelope: cms.SignedData) -> datetime | None:
    for attribute in envelope["signer_infos"][0]["signed_attrs"] or ():
        if attribute["type"].native == "signing_time":
            found = attribute["values"][0].native
            return found if isinstance(found, datetime) else None
    return None


def _pades(content: bytes, trust: TrustList, at: datetime) -> tuple[Seen, ...]:
    try:
        reader = PdfFileReader(io.BytesIO(content))
        return tuple(_one_pades(one, trust, at) for one in reader.embedded_regular_signatures)
    except SignatureRefused:
        raise
    except UNREADABLE as error:
        raise SignatureRefused(
            why="Il PDF è rovinato e non si legge: carica di nuovo il file firmato"
        ) from error


def _one_pades(signature: Any, trust: TrustList, at: datetime) -> Seen:
    async def judge(context: ValidationContext) -> Any:
        status = await async_validate_pdf_signature(signature, context, context)
        if status.intact and status.valid:
            _covers(status)
        return status

    return _judged(judge, "pades", signature.self_reported_timestamp, trust, at)


def _covers(status: Any) -> None:
    """Refuse a signature after which the pages were changed."""
    whole = (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
    if status.coverage not in whole or not status.docmdp_ok:
        raise SignatureRefused(
            why="Dopo la firma il documento è stato cambiato: chiedi a chi ha firmato il file "
            "originale"
        )


def _judged(
    judge: Any,
    format_: Literal["pades", "cades"],
    stated: datetime | None,
    trust: TrustList,
    at: datetime,
) -> Seen:
    if trust.is_looking_back and stated:
        at = stated
    status = _status(judge, trust.anchors, at)
    certificate = status.signing_cert
    if not (status.intact and status.valid):
        raise SignatureRefused(
            why=f"La firma di {_name(certificate)} non corrisponde al contenuto: il file è stato "
            "cambiato dopo la firma"
        )
    stamped_at = _stamped_at(getattr(status, "timestamp_validity", None))
    when = stamped_at or at
    _in_force(certificate, when)
    word = _trust(status, judge, trust, at)
    return Seen(
        name=_name(certificate),
        issuer=_issuer(certificate),
        certificate=hashlib.sha256(certificate.dump()).hexdigest(),
        format=format_,
        trust=word,
        signed_at=stamped_at or stated,
        is_stamped=stamped_at is not None,
    )


def _stamped_at(stamp: Any) -> datetime | None:
    """Return the instant of a time stamp that holds and whose issuer is trusted."""
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    found: datetime = stamp.timestamp
    return found


def _status(judge: Any, anchors: Sequence[x509.Certificate], at: datetime) -> Any:
    context = ValidationContext(trust_roots=list(anchors), moment=at, allow_fetching=False)
    try:
        return asyncio.run(judge(context))
    except SignatureRefused:
        raise
    except UNREADABLE as error:
        raise SignatureRefused(
            why="La firma non si legge o non è di un tipo ammesso: firma di nuovo il documento"
        ) from error


def _in_force(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    if not begins <= at <= ends:
        what = "è scaduto" if at > ends else "non è ancora valido"
        raise SignatureRefused(
            why=f"Il certificato di {_name(certificate)} {what} "
            f"(vale dal {begins:%d/%m/%Y} al {ends:%d/%m/%Y}): serve un certificato in corso, o una "
            "marca temporale di quando lo era"
        )


def _trust(status: Any, judge: Any, trust: TrustList, at: datetime) -> TrustWord:
    name = _name(status.signing_cert)
    if status.revoked:
        raise SignatureRefused(why=f"Il certificato di {name} è stato revocato: serve un altro")
    if status.trusted:
        return "trusted"
    if trust.tests and _status(judge, trust.tests, at).trusted:
        return "test"
    if trust.anchors:
        raise SignatureRefused(
            why=f"L’emittente del certificato di {name} ({_issuer(status.signing_cert)}) non è "
            "nell’elenco di fiducia del Comune"
        )
    return "unknown"


def _only_signatures(original: bytes, content: bytes) -> None:
    """Refuse a PDF to which anything but signatures was added after we gave it out."""
    try:
        base = PdfFileReader(io.BytesIO(original)).xrefs.total_revisions - 1
        result = DEFAULT_DIFF_POLICY.review_file(PdfFileReader(io.BytesIO(content)), base)
        if isinstance(result, SuspiciousModification):
            raise result
        is_fine = result.modification_level <= ModificationLevel.FORM_FILLING
    except (*UNREADABLE, SuspiciousModification):
        is_fine = False
    if not is_fine:
        raise SignatureRefused(
            why="Il documento è stato cambiato prima della firma: scarica di nuovo il file da qui e "
            "firma quello"
        )


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.native
    return str(found.get("common_name") or certificate.subject.human_friendly)[:200]


def _issuer(certificate: x509.Certificate) -> str:
    found = certificate.issuer.native
    parts = [found.get("common_name"), found.get("organization_name")]
    return ", ".join(str(one) for one in parts if one)[:300] or "senza nome"


# --- who, and whom to trust -------------------------------------------------------------


def is_named(certificate_name: str, expected: str) -> bool:
    """Tell whether a certificate is of a person: every word of the shorter name is in the other.

    Order, case, accents and apostrophes do not count («D'ANGELO NICOLO'» is Nicolò D’Angelo).
    """
    one, other = _words(certificate_name), _words(expected)
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 2 and shorter <= longer


def _words(name: str) -> set[str]:
    bare = name.partition("(")[0].replace("'", " ").replace("’", " ").replace("-", " ")
    plain = unicodedata.normalize("NFKD", bare.casefold())
    return {word for word in "".join(c for c in plain if c.isalpha() or c == " ").split() if word}


def trust_list(folder: Path, tests: Sequence[x509.Certificate] = ()) -> TrustList:
    """Read the certificates of a folder (PEM or DER); a missing folder names nobody.

    Raises
    ------
    SignatureRefused
        A file is no certificate: better no judgement than one by half a list.
    """
    paths = sorted(folder.iterdir()) if folder.is_dir() else []
    anchors = [one for path in paths if path.suffix.lower() in KINDS for one in _certificates(path)]
    return TrustList(tuple(anchors), tuple(tests))


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        data = path.read_bytes()
        ders = (
            [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        )
        found = [x509.Certificate.load(der, strict=True) for der in ders]
        for one in found:
            one.subject.native  # noqa: B018 what is no certificate is told now
    except (OSError, ValueError, TypeError) as error:
        raise SignatureRefused(
            why=f"Nell’elenco di fiducia il file «{path.name}» non è un certificato: toglilo o "
            "sostituiscilo"
        ) from error
    return found
