"""However the network cuts the bytes, the same events come out."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from arengo.live.engine.media import Sample
from arengo.live.engine.rtmp import Event, RtmpServer
from arengo.live.engine.tests.coded_media import encode_clip
from arengo.live.engine.tests.rtmp_publisher import cut, serve, session

LENGTH = len(session(20))


@lru_cache
def whole(chunk_size: int) -> list[Event]:
    return serve(RtmpServer(), [session(20, chunk_size)])


@settings(max_examples=50)
@given(st.sampled_from([1, 128, 4096, 60_000]), st.lists(st.integers(0, LENGTH), max_size=40))
def test_any_cuts_give_the_same_events(chunk_size: int, places: list[int]) -> None:
    data = session(20, chunk_size)
    edges = [0, *sorted(places), len(data)]
    assert serve(RtmpServer(), [data[a:b] for a, b in pairwise(edges)]) == whole(chunk_size)


def test_one_byte_at_a_time() -> None:
    assert serve(RtmpServer(), cut(session(20), 1)) == whole(128)


def test_the_samples_are_those_that_were_coded() -> None:
    sent = encode_clip().in_order
    events = serve(RtmpServer(), cut(session(), 1448))
    samples = [event for event in events if isinstance(event, Sample)]
    assert [s.data for s in samples] == [s.data for s in sent]
    assert [s.is_key for s in samples] == [s.is_key for s in sent]
    assert [s.dts_us // 1000 for s in samples] == [s.dts_us // 1000 for s in sent]
    offsets = [(s.pts_us - s.dts_us) // 1000 for s in sent]
    assert [(s.pts_us - s.dts_us) // 1000 for s in samples] == offsets
