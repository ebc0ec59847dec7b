"""Mangled RTMP sessions against the server, and the CPU that a healthy one costs.

    python tests/bench/bench_fuzz.py [inputs]

Each input is a recorded publication with one to six things wrong (bits, lengths, pieces lost,
doubled or misplaced, noise), fed in pieces as a network would; one in ten is wrong from the
handshake on. Anything raised but `RtmpError` is a crash, and its seed is printed. The second
part reads one minute of 2.6 Mbit/s (25 pictures and 47 AAC frames a second) for each chunk
size that encoders use.
"""

from __future__ import annotations

import resource
import sys
import time
import traceback
from random import Random

from figures import Figures

from arengo.live.engine.media import Sample
from arengo.live.engine.rtmp import RtmpError, RtmpServer
from arengo.live.engine.tests.coded_media import encode_clip
from arengo.live.engine.tests.rtmp_publisher import (
    GREETING,
    Encoder,
    Tag,
    cut,
    mangle,
    serve,
    session,
    tags_of,
)

INPUTS = 200_000
WARM_UP = 2_000  # inputs before memory is first read
MINUTE_MS = 60_000
PICTURE_BYTES = 12_500  # 25 a second and the sound make 2.6 Mbit/s
SOUND_BYTES = 340


def main() -> None:
    """Print the figures and leave with 1 when one is short."""
    figures = Figures()
    fuzz(figures, int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS)
    for chunk_size in (128, 4096, 60_000):
        figures.add(f"rtmp.parse_cpu.chunk_{chunk_size}", parse_ms_per_s(chunk_size), "ms/s", "-")
    figures.finish()


def fuzz(figures: Figures, inputs: int) -> None:
    """Run mangled sessions, counting what may not happen."""
    sessions = [session(12, 128), session(12, 60_000)]
    crashes = refused = memory_kb = 0
    slowest_s = 0.0
    began_s = time.perf_counter()
    for seed in range(inputs):
        if seed == min(WARM_UP, inputs - 1):
            memory_kb = peak_kb()
        started_s = time.thread_time()
        outcome = run(sessions[seed % 2], seed)
        slowest_s = max(slowest_s, time.thread_time() - started_s)
        crashes += outcome == "crash"
        refused += outcome == "refused"
    took_s = time.perf_counter() - began_s
    figures.add("fuzz.inputs", inputs, "count", "-")
    figures.add("fuzz.crashes", crashes, "count", "==0")
    figures.add("fuzz.refused", 100 * refused / inputs, "%", "-")
    figures.add("fuzz.memory_growth", (peak_kb() - memory_kb) / 1024, "MB", "<=16")
    figures.add("fuzz.slowest", 1000 * slowest_s, "ms", "-")
    figures.add("fuzz.rate", inputs / took_s, "inputs/s", "-")


def run(whole: bytes, seed: int) -> str:
    """Return how one input ended: `read`, `refused` or `crash`."""
    random = Random(seed)
    data = mangle(whole, random, 0 if seed % 10 == 0 else len(GREETING))
    try:
        serve(RtmpServer(), cut(data, random.choice([500, 1448, 65_536])))
    except RtmpError:
        return "refused"
    except Exception:  # whatever it is, it is what the bench looks for
        print(f"seed {seed}:", traceback.format_exc(), file=sys.stderr)
        return "crash"
    return "read"


def peak_kb() -> int:
    """Return the most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def parse_ms_per_s(chunk_size: int) -> float:
    """Return the CPU in ms that a second of the stream costs, best of five minutes."""
    pieces = cut(minute(chunk_size), 16_384)
    times = []
    for _ in range(5):
        server = RtmpServer()
        began_s = time.process_time()
        events = serve(server, pieces)
        times.append(time.process_time() - began_s)
        if len(events) < 60 * 70:
            raise RuntimeError("the minute was not read whole")
    return min(times) * 1000 / 60


def minute(chunk_size: int) -> bytes:
    """Write one minute of stream; only lengths and times are true to life."""
    clip = encode_clip()
    random = Random(1)
    picture, sound = random.randbytes(PICTURE_BYTES), random.randbytes(SOUND_BYTES)
    samples = [
        Sample("video", at * 1000, at * 1000, at % 1000 == 0, picture)
        for at in range(0, MINUTE_MS, 40)
    ]
    samples += [
        Sample("audio", n * 21_333, n * 21_333, True, sound)
        for n in range(MINUTE_MS * 1000 // 21_333)
    ]
    samples.sort(key=lambda sample: sample.dts_us)
    encoder = Encoder(chunk_size)
    tags: list[Tag] = tags_of([clip.video, clip.audio, *samples])
    return encoder.open() + encoder.send(tags) + encoder.close()


if __name__ == "__main__":
    main()
