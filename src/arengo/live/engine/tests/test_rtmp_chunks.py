from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.live.engine.rtmp_chunks import ChunkReader, ChunkWriter, Message
from arengo.live.engine.rtmp_errors import ChunkError

EXTENDED = "ffffff"


def read(data: bytes, reader: ChunkReader | None = None) -> list[Message]:
    reader = reader or ChunkReader()
    reader.feed(data)
    return list(iter(reader.next_message, None))


def unhex(text: str) -> bytes:
    return bytes.fromhex(text)


def test_the_four_formats_of_header() -> None:
    """1 keeps the stream, 2 also the length, 3 everything: §5.3.1.2."""
    data = unhex(
        "04 00000a 000002 08 01000000 6161"  # at 10 ms
        "44 000005 000003 09 626262"  # 5 ms later
        "84 000007 636363"  # 7 ms later
        "c4 646464"  # 7 ms again
    )
    assert read(data) == [
        Message(8, 1, 10, b"aa"),
        Message(9, 1, 15, b"bbb"),
        Message(9, 1, 22, b"ccc"),
        Message(9, 1, 29, b"ddd"),
    ]


def test_format_3_after_an_absolute_time_repeats_it_as_a_step() -> None:
    """§5.3.1.2.4, and what FFmpeg does."""
    data = unhex("04 00000a 000001 08 01000000 61 c4 62")
    assert [message.timestamp for message in read(data)] == [10, 20]


def test_chunk_stream_ids_of_two_and_three_bytes() -> None:
    data = unhex("00 24 000000 000001 08 00000000 61 01 2401 000000 000001 08 00000000 62")
    assert [message.body for message in read(data)] == [b"a", b"b"]


def test_the_same_id_written_in_two_and_in_three_bytes() -> None:
    """Both name stream 100, and the long form has its low byte first."""
    data = unhex("00 24 000005 000001 08 00000000 61 c1 2400 62")
    assert [message.timestamp for message in read(data)] == [5, 10]


def test_interleaved_messages() -> None:
    reader = ChunkReader()
    reader.set_chunk_size(2)
    data = unhex("04 000000 000004 08 00000000 616106 000000 000003 09 00000000 6262c4 6161c6 62")
    assert [message.body for message in read(data, reader)] == [b"aaaa", b"bbb"]


def test_extended_time_repeated_in_later_chunks() -> None:
    reader = ChunkReader()
    reader.set_chunk_size(2)
    data = unhex(f"04 {EXTENDED} 000003 08 00000000 01000000 6161 c4 01000000 61")
    assert read(data, reader) == [Message(8, 0, 0x1000000, b"aaa")]


def test_extended_time_left_out_of_later_chunks() -> None:
    """OBS before 2024 and other children of librtmp do not repeat it."""
    reader = ChunkReader()
    reader.set_chunk_size(4)
    data = unhex(f"04 {EXTENDED} 000008 08 00000000 01000000 61616161 c4 62626262")
    assert read(data, reader) == [Message(8, 0, 0x1000000, b"aaaabbbb")]


def test_extended_time_as_a_step() -> None:
    data = unhex(f"04 000001 000001 08 00000000 61 84 {EXTENDED} 01000000 62 c4 01000000 63")
    assert [message.timestamp for message in read(data)] == [1, 0x1000001, 0x2000001]


def test_time_wraps_at_32_bits() -> None:
    data = unhex(f"04 {EXTENDED} 000001 08 00000000 fffffff0 61 84 000020 62")
    assert [message.timestamp for message in read(data)] == [0xFFFFFFF0, 0x10]


def test_empty_message() -> None:
    assert read(unhex("04 000000 000000 09 01000000 c4")) == [Message(9, 1, 0, b"")] * 2


def test_control_stream_that_begins_with_format_1() -> None:
    """OBS opens its control stream so."""
    assert read(unhex("42 000000 000001 04 61")) == [Message(4, 0, 0, b"a")]


def test_aborted_message_is_forgotten() -> None:
    reader = ChunkReader()
    reader.set_chunk_size(2)
    assert read(unhex("04 000000 000004 08 00000000 6161"), reader) == []
    reader.abort(4)
    reader.abort(63)
    assert [m.body for m in read(unhex("04 000000 000001 08 00000000 62"), reader)] == [b"b"]


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("chunk_format", unhex("c4")),
        ("chunk_format", unhex("84 000000")),
        (
            "chunk_format",
            unhex("04 000000 0000ff 08 00000000") + bytes(128) + unhex("44") + bytes(7),
        ),
        ("message_too_long", unhex("04 000000 800001 08 00000000")),
        ("too_many_streams", b"".join(bytes([0, n]) + bytes(11) for n in range(65))),
    ],
)
def test_framing_that_no_encoder_sends(code: str, data: bytes) -> None:
    with pytest.raises(ChunkError) as caught:
        read(data)
    assert caught.value.code == code


@pytest.mark.parametrize("size", [0, 1 << 24, 1 << 31])
def test_chunk_size_out_of_bounds(size: int) -> None:
    with pytest.raises(ChunkError, match="non ammessa"):
        ChunkReader().set_chunk_size(size)


def test_unfinished_messages_together_are_bounded() -> None:
    """Three messages of 8 MB, each one byte short, are more than a connection may hold."""
    reader = ChunkReader()
    reader.set_chunk_size((8 << 20) - 1)
    rest = unhex("000000 800000 08 00000000") + bytes((8 << 20) - 1)
    for csid in (b"\4", b"\5"):
        assert read(csid + rest, reader) == []
    with pytest.raises(ChunkError) as caught:
        read(b"\6" + rest, reader)
    assert caught.value.code == "too_much_held"


def test_finished_messages_count_no_more() -> None:
    """A picture in two chunks, 32 MB in all, twice the bound."""
    reader = ChunkReader()
    reader.set_chunk_size(1 << 22)
    message = (
        unhex("04 000000 7fffff 08 00000000") + bytes(1 << 22) + b"\xc4" + bytes((1 << 22) - 1)
    )
    assert [len(found[0].body) for found in (read(message, reader) for _ in range(4))] == [
        0x7FFFFF
    ] * 4


MESSAGES = st.lists(
    st.tuples(
        st.integers(2, 6),
        st.builds(
            Message,
            st.sampled_from([8, 9, 18, 20]),
            st.integers(0, 2),
            st.integers(0, 40) | st.integers(0, 2**32 - 1),
            st.binary(max_size=300),
        ),
    ),
    max_size=12,
)


@given(MESSAGES, st.booleans(), st.integers(1, 200), st.integers(1, 97))
def test_written_messages_read_back_however_cut(
    messages: list[tuple[int, Message]], is_compact: bool, chunk_size: int, piece: int
) -> None:
    writer, reader = ChunkWriter(is_compact=is_compact), ChunkReader()
    writer.chunk_size = chunk_size
    reader.set_chunk_size(chunk_size)
    data = b"".join(writer.write(csid, message) for csid, message in messages)
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    found = [message for part in pieces for message in read(part, reader)]
    assert found == [message for _, message in messages]
