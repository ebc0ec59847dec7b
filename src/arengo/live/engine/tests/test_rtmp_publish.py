"""How a publication goes, from connect to deleteStream."""

from __future__ import annotations

from itertools import pairwise

import pytest

from arengo.live.engine import amf
from arengo.live.engine.media import Sample, Unsupported
from arengo.live.engine.rtmp import (
    CommandError,
    Metadata,
    PublishRequested,
    RtmpServer,
    Unpublished,
)
from arengo.live.engine.tests.coded_media import encode_clip
from arengo.live.engine.tests.rtmp_playbook import ACCEPT, Answer, Playbook, Refuse
from arengo.live.engine.tests.rtmp_publisher import GREETING, KEY, METADATA, Encoder, Tag, clip_tags

CONNECTED = Answer("_result", "NetConnection.Connect.Success")
STARTED = Answer("onStatus", "NetStream.Publish.Start")


def asking(encoder: Encoder, app: str = "live", key: str = KEY) -> Playbook:
    """Return a playbook that has come to the question."""
    book = Playbook() >> encoder.open(app, key) << PublishRequested("live", KEY)
    return book << CONNECTED << Answer("_result") << Answer("_result") << Answer("_result", 1.0)


def test_a_whole_publication() -> None:
    clip, encoder = encode_clip(), Encoder()
    book = asking(encoder) >> ACCEPT << STARTED
    book = book >> encoder.metadata() << Metadata(dict(METADATA))
    book = book >> encoder.send(clip_tags(2)) << clip.video << clip.audio
    first, second = clip.in_order[:2]
    book = book << _in_ms(first) << _in_ms(second)
    assert book >> encoder.close() << Unpublished()


def _in_ms(sample: Sample) -> Sample:
    dts_us = sample.dts_us // 1000 * 1000
    offset_us = (sample.pts_us - sample.dts_us) // 1000 * 1000
    return Sample(sample.track, dts_us, dts_us + offset_us, sample.is_key, sample.data)


def test_the_handshake_is_answered_with_the_peers_own_bytes() -> None:
    """S0, S1 with version 0, and S2 = C1: GStreamer and librtmp compare it."""
    server = RtmpServer()
    assert server.receive(GREETING[:1536]) == []
    assert server.bytes_to_send() == b""
    server.receive(GREETING[1536:1537])
    sent = server.bytes_to_send()
    assert len(sent) == 1 + 1536 + 1536
    assert sent[:9] == b"\x03" + bytes(8)
    assert sent[1537:] == GREETING[1:1537]


def test_large_pictures_pass_once_permitted() -> None:
    """A key frame of a sharp camera is over the 64 kB allowed to a stranger."""
    clip, encoder = encode_clip(), Encoder(4096)
    data = bytes(range(256)) * 4000
    book = asking(encoder) >> ACCEPT << STARTED
    tags = [clip_tags(0)[0], Tag(9, 40, b"\x17\1\0\0\0" + data)]
    book = book >> encoder.send(tags) << clip.video
    assert book << Sample("video", 40_000, 40_000, True, data)


def test_wrong_key_is_answered_in_words() -> None:
    refusal = Answer("onStatus", "NetStream.Publish.BadName")
    assert asking(Encoder()) >> Refuse("Chiave revocata.") << refusal


def test_media_that_came_with_the_question_waits_for_the_answer() -> None:
    clip, encoder = encode_clip(), Encoder()
    book = (
        Playbook() >> encoder.open() + encoder.send(clip_tags(0)) << PublishRequested("live", KEY)
    )
    book = book << CONNECTED << Answer("_result") << Answer("_result") << Answer("_result", 1.0)
    assert book >> ACCEPT << STARTED >> b"" << clip.video << clip.audio


def test_media_before_the_answer_is_an_error() -> None:
    encoder = Encoder()
    book = asking(encoder) >> encoder.send(clip_tags(0))
    with pytest.raises(CommandError, match="prima di averne il permesso"):
        assert book
    with pytest.raises(CommandError, match="prima di averne il permesso"):
        book.server.receive(b"")  # and it stays so


def test_metadata_before_the_answer_is_an_error() -> None:
    encoder = Encoder()
    with pytest.raises(CommandError, match="prima di averne il permesso"):
        assert asking(encoder) >> encoder.metadata()


@pytest.mark.parametrize(
    ("app", "key"),
    [("live", KEY), (f"live/{KEY}", ""), ("live/", f" {KEY}\n"), ("/live", f"/{KEY}")],
)
def test_the_key_is_found_wherever_the_operator_wrote_it(app: str, key: str) -> None:
    assert asking(Encoder(), app, key)


def test_the_key_is_never_shown() -> None:
    assert KEY not in repr(PublishRequested("live", KEY))


def test_a_second_publication_on_the_same_connection() -> None:
    encoder = Encoder()
    book = asking(encoder) >> ACCEPT << STARTED
    book = book >> encoder.command("closeStream", 0, None, stream_id=1) << Unpublished()
    again = encoder.command("publish", 0, None, KEY, "live", stream_id=1)
    assert book >> again << PublishRequested("live", KEY) >> ACCEPT << STARTED


def test_media_still_on_its_way_after_the_end_is_dropped() -> None:
    encoder = Encoder()
    book = asking(encoder) >> ACCEPT << STARTED
    book = book >> encoder.command("FCUnpublish", 0, None, KEY) << Unpublished()
    assert book >> encoder.metadata() + encoder.send(clip_tags(1))


def test_another_stream_may_be_deleted() -> None:
    encoder = Encoder()
    book = asking(encoder) >> ACCEPT << STARTED
    assert book >> encoder.command("deleteStream", 0, None, 7)


def test_a_request_taken_back() -> None:
    encoder = Encoder()
    book = asking(encoder) >> encoder.command("deleteStream", 0, None, 1) << Unpublished()
    with pytest.raises(CommandError, match="Nessuna richiesta"):
        assert book >> ACCEPT


def test_answering_when_nobody_asked() -> None:
    with pytest.raises(CommandError, match="Nessuna richiesta"):
        RtmpServer().refuse_publish("no")


def test_commands_wrapped_as_amf3() -> None:
    encoder = Encoder()
    connect = encoder.command("connect", 1, {"app": "live", "objectEncoding": 3}, kind=17)
    assert Playbook() >> GREETING + connect << CONNECTED


def test_data_wrapped_as_amf3() -> None:
    encoder = Encoder()
    body = b"\0" + amf.encode(["onMetaData", {"fps": 25}])
    data = encoder.message(4, 15, 0, body, 1)
    assert asking(encoder) >> ACCEPT << STARTED >> data << Metadata({"fps": 25.0})


def test_other_data_messages_say_nothing() -> None:
    encoder = Encoder()
    data = encoder.message(4, 18, 0, amf.encode(["onTextData", {"text": "x"}]), 1)
    assert asking(encoder) >> ACCEPT << STARTED >> data + encoder.message(4, 18, 0, b"", 1)


def test_unknown_commands_are_refused_only_when_an_answer_is_awaited() -> None:
    encoder = Encoder()
    book = asking(encoder) >> encoder.command("getStreamLength", 9, None, "x")
    book = book << Answer("_error", "NetConnection.Call.Failed")
    book = book >> encoder.command("_checkbw", 10, None) << Answer("_result")
    assert book >> encoder.command("onStatus", 0, None)


def test_aggregate_messages_are_taken_apart() -> None:
    """Its tags keep their distances and move to the aggregate's own time (§7.1.6)."""
    encoder = Encoder()
    tags = [*clip_tags(0), Tag(18, 1000, b""), Tag(8, 1000, b"\xaf\1aa"), Tag(8, 1021, b"\xaf\1bb")]
    body = b"".join(
        bytes([tag.kind])
        + len(tag.body).to_bytes(3, "big")
        + (1000 if not tag.stamp else tag.stamp).to_bytes(3, "big")
        + bytes(4)
        + tag.body
        + bytes(4)
        for tag in tags
    )
    clip = encode_clip()
    book = asking(encoder) >> ACCEPT << STARTED
    book = book >> encoder.message(4, 22, 5000, body, 1) << clip.video << clip.audio
    book = book << Sample("audio", 5_000_000, 5_000_000, True, b"aa")
    assert book << Sample("audio", 5_021_000, 5_021_000, True, b"bb")


def test_shared_objects_are_passed_over() -> None:
    encoder = Encoder()
    assert asking(encoder) >> encoder.message(5, 19, 0, b"whatever")


def test_ping_is_answered() -> None:
    encoder = Encoder()
    book = asking(encoder) >> encoder.message(2, 4, 0, b"\0\6\1\2\3\4") + encoder.message(
        2, 4, 0, b"\0\3"
    )
    assert book
    assert book.controls[-1].body == b"\0\7\1\2\3\4"


def test_acknowledgement_each_time_the_window_is_full() -> None:
    """The peer asks to hear every 1,000 bytes; a message that says nothing has 5 to 16."""
    encoder = Encoder(60_000)
    book = asking(encoder) >> encoder.message(2, 5, 0, (1000).to_bytes(4, "big"))
    for _ in range(1000):
        book = book >> encoder.message(2, 3, 0, bytes(4))
    assert book
    heard = [int.from_bytes(sent.body, "big") for sent in book.controls if sent.type_id == 3]
    steps = [after - before for before, after in pairwise(heard)]
    assert len(steps) == 5
    assert all(1000 <= step <= 1016 for step in steps)


def test_what_is_promised_on_connecting() -> None:
    """Window 2.5 MB, peer bandwidth the same and dynamic, chunks of 65,536 bytes."""
    book = asking(Encoder())
    assert book
    window = (2_500_000).to_bytes(4, "big")
    assert [(c.type_id, c.body) for c in book.controls] == [
        (5, window),
        (6, window + b"\2"),
        (1, (65_536).to_bytes(4, "big")),
    ]


def test_unsupported_codecs_are_named_once() -> None:
    encoder = Encoder()
    speech = encoder.send([Tag(8, at, b"\xb2speex") for at in (0, 20, 40)])
    assert asking(encoder) >> ACCEPT << STARTED >> speech << Unsupported("audio", "Speex")


def test_source_time_grows_over_the_49_day_wrap() -> None:
    encoder = Encoder()
    sounds = [Tag(8, 2**32 - 40 + at, b"\xaf\1a") for at in (0, 20, 40, 60)]
    server = RtmpServer()
    server.receive(encoder.open())
    server.accept_publish()
    config, *samples = server.receive(encoder.send([clip_tags(0)[1], *sounds]))
    assert config == encode_clip().audio
    assert [s.dts_us for s in samples if isinstance(s, Sample)] == [
        (2**32 - 40 + at) * 1000 for at in (0, 20, 40, 60)
    ]
