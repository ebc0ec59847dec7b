"""AMF0, the value format of RTMP commands and metadata: read with bounds, written in small.

Objects and ECMA arrays become `dict`, strict arrays `list`, dates a number of milliseconds
since 1970. Anything Flash-only (movie clips, record sets, references, AMF3 bodies) is refused.

Source: Adobe "Action Message Format — AMF 0" (2007), § in each function.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping

from arengo.live.engine.rtmp_errors import AmfError

__all__ = ["AmfError", "decode", "encode"]

MAX_DEPTH = 16
MAX_VALUES = 20_000  # a file pushed with its seek table announces some thousands
MAX_STRING = 65_536

_DOUBLE = struct.Struct(">d")
_OBJECT_END = b"\x09"


def decode(data: bytes) -> list[object]:
    """Return the values that follow one another in `data`; raise `AmfError`."""
    reader = _Reader(data)
    values = []
    while reader.pos < len(data):
        values.append(_value(reader, MAX_DEPTH))
    return values


def encode(values: Iterable[object]) -> bytes:
    """Write None, bool, int, float, str and str-keyed mappings; `TypeError` on anything else."""
    return b"".join(_encoded(value) for value in values)


class _Reader:
    """A cursor that counts values, so that a short message cannot ask for endless work."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pos = 0
        self.values_left = MAX_VALUES

    def take(self, count: int) -> bytes:
        start, self.pos = self.pos, self.pos + count
        if self.pos > len(self.data):
            raise AmfError("amf_truncated", "Un comando RTMP finisce a metà di un valore.")
        return self.data[start : self.pos]

    def number(self, count: int) -> int:
        return int.from_bytes(self.take(count), "big")

    def text(self, length_bytes: int) -> str:
        length = self.number(length_bytes)
        if length > MAX_STRING:
            raise AmfError("amf_too_long", f"Un testo di {length} byte in un comando RTMP.")
        return self.take(length).decode(errors="replace")


def _value(reader: _Reader, depth: int) -> object:
    reader.values_left -= 1
    if reader.values_left < 0 or depth == 0:
        raise AmfError("amf_too_deep", "Un comando RTMP ha troppi valori, o troppo annidati.")
    marker = reader.take(1)[0]
    read = _READERS.get(marker)
    if read is None:
        raise AmfError("amf_marker", f"Un comando RTMP ha un valore di tipo ignoto ({marker}).")
    return read(reader, depth - 1)


def _number(reader: _Reader, depth: int) -> float:
    """Read §2.2; integers stay `float`, as in ActionScript."""
    found: float = _DOUBLE.unpack(reader.take(8))[0]
    return found


def _boolean(reader: _Reader, depth: int) -> bool:
    return reader.take(1) != b"\0"


def _string(reader: _Reader, depth: int) -> str:
    return reader.text(2)


def _long_string(reader: _Reader, depth: int) -> str:
    return reader.text(4)


def _none(reader: _Reader, depth: int) -> None:
    return None


def _object(reader: _Reader, depth: int) -> dict[str, object]:
    """Read §2.5: pairs until an empty name and the end marker."""
    found: dict[str, object] = {}
    while True:
        name = reader.text(2)
        if not name and _ends_here(reader):
            return found
        found[name] = _value(reader, depth)


def _ends_here(reader: _Reader) -> bool:
    """Step over an object's end marker, if it is what comes next."""
    found = reader.data.startswith(_OBJECT_END, reader.pos)
    reader.pos += found
    return found


def _ecma_array(reader: _Reader, depth: int) -> dict[str, object]:
    """Read §2.10; the count is only a hint, and some encoders leave the end marker out."""
    reader.take(4)
    found: dict[str, object] = {}
    while reader.pos < len(reader.data):
        name = reader.text(2)
        if not name and _ends_here(reader):
            break
        found[name] = _value(reader, depth)
    return found


def _typed_object(reader: _Reader, depth: int) -> dict[str, object]:
    """Read §2.18; the class name is of no use here."""
    reader.text(2)
    return _object(reader, depth)


def _strict_array(reader: _Reader, depth: int) -> list[object]:
    """Read §2.12; the announced count reserves nothing."""
    return [_value(reader, depth) for _ in range(reader.number(4))]


def _date(reader: _Reader, depth: int) -> float:
    """Read §2.13; the time zone is reserved and ignored."""
    found = _number(reader, depth)
    reader.take(2)
    return found


_READERS: dict[int, Callable[[_Reader, int], object]] = {
    0x00: _number,
    0x01: _boolean,
    0x02: _string,
    0x03: _object,
    0x05: _none,  # null
    0x06: _none,  # undefined
    0x08: _ecma_array,
    0x0A: _strict_array,
    0x0B: _date,
    0x0C: _long_string,
    0x0D: _none,  # unsupported
    0x0F: _long_string,  # XML document
    0x10: _typed_object,
}


def _encoded(value: object) -> bytes:
    if value is None:
        return b"\x05"
    if isinstance(value, bool):
        return b"\x01\x01" if value else b"\x01\x00"
    if isinstance(value, int | float):
        return b"\x00" + _DOUBLE.pack(value)
    if isinstance(value, str):
        return _encoded_string(value)
    if isinstance(value, Mapping):
        return b"\x03" + _encoded_pairs(value) + b"\0\0\x09"
    raise TypeError(f"AMF0 cannot hold a {type(value).__name__}")


def _encoded_string(value: str) -> bytes:
    raw = value.encode()
    if len(raw) < MAX_STRING:
        return b"\x02" + len(raw).to_bytes(2, "big") + raw
    return b"\x0c" + len(raw).to_bytes(4, "big") + raw


def _encoded_pairs(pairs: Mapping[str, object]) -> bytes:
    names = ((name.encode(), value) for name, value in pairs.items())
    return b"".join(len(n).to_bytes(2, "big") + n + _encoded(v) for n, v in names)
