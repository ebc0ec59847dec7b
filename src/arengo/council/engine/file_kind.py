"""What a file is, by its bytes: neither its name nor what the browser says of it is trusted."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

HEAD = 1024


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be attached to an item."""

    content_type: str
    extension: str
    label: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
PDF = FileKind("application/pdf", "pdf", "PDF")
SIGNED = FileKind("application/pkcs7-mime", "p7m", "documento firmato (P7M)")
SIMPLE = (
    (b"\x89PNG\r\n\x1a\n", FileKind("image/png", "png", "immagine PNG")),
    (b"\xff\xd8\xff", FileKind("image/jpeg", "jpg", "immagine JPEG")),
    (b"II*\x00", FileKind("image/tiff", "tif", "immagine TIFF")),
    (b"MM\x00*", FileKind("image/tiff", "tif", "immagine TIFF")),
)
OPEN_DOCUMENTS = {
    f"{_OPEN}text": FileKind(f"{_OPEN}text", "odt", "testo ODT"),
    f"{_OPEN}spreadsheet": FileKind(f"{_OPEN}spreadsheet", "ods", "foglio ODS"),
    f"{_OPEN}presentation": FileKind(f"{_OPEN}presentation", "odp", "presentazione ODP"),
}
OFFICE_PARTS = {
    "word/document.xml": FileKind(f"{_OFFICE}wordprocessingml.document", "docx", "testo DOCX"),
    "xl/workbook.xml": FileKind(f"{_OFFICE}spreadsheetml.sheet", "xlsx", "foglio XLSX"),
    "ppt/presentation.xml": FileKind(
        f"{_OFFICE}presentationml.presentation", "pptx", "presentazione PPTX"
    ),
}
KINDS = {
    kind.content_type: kind
    for kind in (
        *(PDF, SIGNED, *(kind for _, kind in SIMPLE)),
        *(*OPEN_DOCUMENTS.values(), *OFFICE_PARTS.values()),
    )
}
UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),  # an odd method, a password, a bad name
)
# PKCS #7 signedData (RFC 2315): a DER sequence that begins with its object identifier
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


def kind_of(content: bytes) -> FileKind | None:
    """Return what a file is, None for what may not be attached (pages, scripts, archives, macros)."""
    head = content[:HEAD]
    if head.startswith(b"%PDF-"):
        return PDF
    for start, kind in SIMPLE:
        if head.startswith(start):
            return kind
    if head.startswith(b"\x30") and SIGNED_DATA in head[:32]:
        return SIGNED
    return _in_archive(content) if head.startswith(b"PK\x03\x04") else None


def _in_archive(content: bytes) -> FileKind | None:
    """Look at the list of an archive; nothing but its short `mimetype` is expanded."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(name.endswith("vbaProject.bin") for name in names):
                return None
            if "mimetype" in names:
                return OPEN_DOCUMENTS.get(_mimetype(archive))
    except UNREADABLE:
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def _mimetype(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as file:
        return file.read(100).decode("ascii", "replace")
