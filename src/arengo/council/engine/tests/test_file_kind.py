"""A file is what its bytes say."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.council.engine.file_kind import kind_of


def archive(**files: bytes) -> bytes:
    """Return a ZIP of `files`; two underscores in a name stand for a slash."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        for name, content in files.items():
            writer.writestr(
                name.replace("__", "/").replace("TYPES", "[Content_Types].xml"), content
            )
    return made.getvalue()


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", content=b"")
WORD = {"TYPES": b"<Types/>", "word__document.xml": b"<w/>"}


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0...", "jpg"),
        (bytes.fromhex("308006092a864886f70d010702a080"), "p7m"),
        (ODT, "odt"),
        (archive(**WORD), "docx"),
    ],
)
def test_what_an_office_writes_is_known(content: bytes, extension: str) -> None:
    kind = kind_of(content)
    assert kind is not None
    assert kind.extension == extension


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"MZ\x90\x00",
        b"\n%PDF-1.7",
        archive(**{"invoice.exe": b"MZ"}),
        archive(**WORD, **{"word__vbaProject.bin": b"macro"}),
        archive(mimetype=b"text/html"),
        b"PK\x03\x04 and nothing more",
        ODT[:40],
    ],
    ids=["empty", "page", "svg", "program", "late", "zip", "macro", "false", "cut", "short"],
)
def test_what_could_do_harm_or_is_broken_is_not(content: bytes) -> None:
    assert kind_of(content) is None


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", ODT[:60], b"\x30\x80"):
        kind_of(start + content)


@given(at=st.integers(0, len(ODT) - 1), byte=st.integers(0, 255))
def test_no_damaged_archive_makes_it_fail(at: int, byte: int) -> None:
    kind_of(ODT[:at] + bytes([byte]) + ODT[at + 1 :])
