from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine import amf
from arengo.live.engine.amf import AmfError

VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.dictionaries(st.text(min_size=1, max_size=10), inner, max_size=4),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.lists(VALUES, max_size=4))
def test_what_is_written_reads_back(values: list[object]) -> None:
    assert amf.decode(amf.encode(values)) == values


def test_every_marker_that_encoders_use() -> None:
    data = bytes.fromhex(
        "00 3ff8000000000000"  # 1.5
        "01 01"
        "02 0003 61c3a8"  # aè
        "03 0001 61 05 0000 09"  # {"a": null}
        "06"
        "08 00000001 0001 62 01 00 0000 09"  # ECMA {"b": false}
        "0a 00000002 05 05"
        "0b 4000000000000000 003c"  # a date: 2 ms, its zone ignored
        "0c 00000002 6869"
        "0d"
        "0f 00000001 78"
        "10 0001 43 0001 63 05 0000 09"  # class C
    )
    assert amf.decode(data) == [
        *(1.5, True, "aè", {"a": None}, None, {"b": False}, [None, None], 2.0),
        *("hi", None, "x", {"c": None}),
    ]


def test_ecma_array_without_its_end() -> None:
    """Some hall encoders leave the three end bytes out of `onMetaData`."""
    assert amf.decode(bytes.fromhex("08 00000001 0001 61 01 01")) == [{"a": True}]


def test_text_that_is_not_utf8_does_not_stop_the_stream() -> None:
    assert amf.decode(b"\x02\x00\x05citt\xe0") == ["citt\ufffd"]


def test_long_text_is_written_as_long_string() -> None:
    assert amf.encode(["x" * 70_000])[:5] == b"\x0c\x00\x01\x11\x70"


def test_what_amf_cannot_hold_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="bytes"):
        amf.encode([b"no"])


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("amf_truncated", b"\x00\x3f"),
        ("amf_truncated", b"\x02\x00\x09abc"),
        ("amf_truncated", b"\x03\x00\x01a\x05"),
        ("amf_truncated", b"\x0a\xff\xff\xff\xff\x05\x05"),  # announces four thousand million
        ("amf_truncated", b"\x0a\x00\x00\x00\x02\x05"),
        ("amf_marker", b"\x04"),
        ("amf_marker", b"\x11\x01"),
        ("amf_marker", b"\x09"),
        ("amf_too_long", b"\x0c\x7f\xff\xff\xff"),
        ("amf_too_deep", b"\x03\x00\x01a" * 17),
        ("amf_too_deep", b"\x0a\x00\x00\x00\x01" * 5000),
        ("amf_too_deep", b"\x05" * 20_001),
    ],
)
def test_broken_or_boundless_values(code: str, data: bytes) -> None:
    with pytest.raises(AmfError) as caught:
        amf.decode(data)
    assert caught.value.code == code
