"""Mangled sessions end in events or in an `RtmpError`, never in anything else."""

from __future__ import annotations

from random import Random

import pytest

from arengo.live.engine.rtmp import RtmpError, RtmpServer
from arengo.live.engine.tests.rtmp_publisher import GREETING, cut, mangle, serve, session


@pytest.mark.slow
@pytest.mark.parametrize("chunk_size", [128, 60_000])
def test_2500_mangled_sessions(chunk_size: int) -> None:
    whole = session(12, chunk_size)
    refused = 0
    for seed in range(2500):
        random = Random(seed)
        first = 0 if seed % 10 == 0 else len(GREETING)
        data = mangle(whole, random, first)
        try:
            serve(RtmpServer(), cut(data, random.choice([500, 1448, 65_536])))
        except RtmpError as error:
            refused += bool(error.code and error.detail)
    assert 500 < refused < 2500  # the mutations reach deep: some pass, many are refused
