"""The demo clip is what its reference says it is: picture, frame numbers, words and times."""

from __future__ import annotations

import csv
import re
import tomllib
from itertools import pairwise

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from arengo.council.roll import read_roll
from arengo.live.demo.reference import CLIP, ROLL, SITTING, Barcode, load_reference

REFERENCE = load_reference()


def number(frame: av.VideoFrame) -> int | None:
    luma = frame.to_ndarray(format="gray")
    height, width = luma.shape
    return REFERENCE.barcode.read(lambda x, y: float(luma[int(y * height), int(x * width)]))


def test_the_clip_is_short_and_small_enough_to_commit() -> None:
    assert 180 <= REFERENCE.duration <= 300
    assert CLIP.stat().st_size <= 10_000_000


def test_the_clip_is_what_a_hall_encoder_sends() -> None:
    """H.264 High 720p25 with AAC 48 kHz, both beginning at zero and equally long."""
    with av.open(str(CLIP)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.profile) == ("h264", "High")
        assert (video.width, video.height) == (1280, 720)
        assert video.average_rate is not None
        assert float(video.average_rate) == REFERENCE.fps
        assert (audio.codec_context.name, audio.rate) == ("aac", 48_000)
        for stream in (video, audio):
            assert stream.start_time == 0
            assert stream.duration is not None
            assert stream.time_base is not None
            assert float(stream.duration * stream.time_base) == REFERENCE.duration


def test_a_keyframe_each_second_and_no_reordering() -> None:
    with av.open(str(CLIP)) as file:
        packets = [packet for packet in file.demux(video=0) if packet.size]
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == [
        *range(0, len(packets), REFERENCE.fps)
    ]
    assert all(packet.pts == packet.dts for packet in packets)
    assert len(packets) == REFERENCE.duration * REFERENCE.fps


def test_the_first_frames_carry_their_numbers() -> None:
    with av.open(str(CLIP)) as file:
        frames = file.decode(video=0)
        seen = [number(next(frames)) for _ in range(10)]
    assert seen == list(range(10))


@pytest.mark.slow
def test_every_keyframe_carries_its_number_at_any_size() -> None:
    """Read from the picture as it is and as a small player would draw it."""
    with av.open(str(CLIP)) as file:
        file.streams.video[0].codec_context.skip_frame = "NONKEY"
        for n, frame in enumerate(file.decode(video=0)):
            small = frame.reformat(width=426, height=240)
            assert number(frame) == n * REFERENCE.fps
            assert number(small) == n * REFERENCE.fps


def test_a_bar_code_with_one_wrong_block_is_not_read() -> None:
    code = Barcode(0, 0, 1, 1, 16, "101", 23, 1)
    blocks = code.blocks(7349)
    for wrong in range(len(blocks)):
        seen = [255.0 * (block == "1") for block in blocks]
        assert code.read(lambda x, _, seen=seen: seen[int(x * 23)]) == 7349  # type: ignore[misc]
        seen[wrong] = 255 - seen[wrong]
        assert code.read(lambda x, _, seen=seen: seen[int(x * 23)]) is None  # type: ignore[misc]


def test_the_frame_number_wraps_after_sixteen_bits() -> None:
    assert REFERENCE.barcode.blocks(65_536 + 5) == REFERENCE.barcode.blocks(5)


def test_words_follow_one_another_inside_their_turns() -> None:
    for turn in REFERENCE.turns:
        assert turn.text == " ".join(word.word for word in turn.words)
        assert turn.spoken == " ".join(word.spoken for word in turn.words)
        assert (turn.start, turn.end) == (turn.words[0].start, turn.words[-1].end)
        assert all(word.start < word.end for word in turn.words)
        assert all(a.end <= b.start + 0.001 for a, b in pairwise(turn.words))
    assert all(a.end < b.start for a, b in pairwise(REFERENCE.turns))
    assert REFERENCE.turns[-1].end < REFERENCE.duration


def test_the_reference_is_the_script() -> None:
    """Nobody edits one and forgets the other."""
    sitting = tomllib.loads(SITTING.read_text(encoding="utf-8"))
    people = {person["id"]: person["name"] for person in sitting["person"]}
    lines = [
        re.sub(r"\{([^|]+)\|[^}]+\}", r"\1", line).partition(": ")
        for scene in sitting["scene"]
        for line in scene["script"].splitlines()
        if line and not line.startswith("(")
    ]
    assert [(people[who], words) for who, _, words in lines] == [
        (turn.speaker, turn.text) for turn in REFERENCE.turns
    ]


def test_surnames_are_said_often_enough_to_measure() -> None:
    words = [re.sub(r"\W", "", word.word) for word in REFERENCE.words]
    assert len(REFERENCE.roster) == 18
    assert sum(words.count(surname) for surname in REFERENCE.surnames) >= 40
    assert all(surname in words for surname in REFERENCE.surnames)


def test_the_roll_lists_the_roster() -> None:
    with ROLL.open(encoding="utf-8", newline="") as file:
        assert tuple(row["nominativo"] for row in csv.DictReader(file)) == REFERENCE.roster


def test_the_votes_add_up() -> None:
    """The transcript is invented, but not wrong: 10 + 3 voted, 2 abstained, 15 were present."""
    roll_call = [turn for turn in REFERENCE.turns if turn.scene == "Appello"]
    answers = [turn for turn in roll_call if turn.text.lower().endswith("presente.")]
    proclaimed = next(turn.text for turn in REFERENCE.turns if "Proclamo" in turn.text)
    assert len(answers) == 15
    assert "Presenti quindici, votanti tredici. Favorevoli dieci. Contrari tre" in proclaimed


def _sound() -> NDArray[np.float64]:
    """The clip's sound in levels of 10 ms, dB."""
    resampler = av.AudioResampler("flt", "mono", 16_000)
    with av.open(str(CLIP)) as file:
        chunks = [
            out.to_ndarray()[0]
            for frame in file.decode(audio=0)
            for out in resampler.resample(frame)
        ]
    wave = np.concatenate(chunks)
    power = (wave[: len(wave) // 160 * 160].reshape(-1, 160).astype(np.float64) ** 2).mean(axis=1)
    levels: NDArray[np.float64] = 10 * np.log10(power + 1e-12)
    return levels


@pytest.mark.slow
def test_words_are_where_the_sound_is() -> None:
    """After a pause, the sound rises out of the hall's quiet when the reference says so.

    A plosive is heard a little after it begins, hence a median slightly above zero.
    """
    level = _sound()
    late = []
    for before, turn in pairwise(REFERENCE.turns):
        if turn.start - before.end < 0.35:
            continue  # too short for the reverberation to die down
        around = level[int((turn.start - 0.15) * 100) : int((turn.start + 0.25) * 100)]
        quiet = np.median(level[int((turn.start - 0.3) * 100) : int((turn.start - 0.15) * 100)])
        late.append(float(np.argmax(around > quiet + 10)) / 100 - 0.15)
    assert len(late) >= 20
    assert abs(np.median(late)) <= 0.06
    assert np.mean(np.abs(late) <= 0.08) >= 0.9


def test_the_rolls_heading_is_nobody() -> None:
    """The people of the roll are the people of the reference, and no column's name."""
    names = {line.full_name for line in read_roll(ROLL.read_text(encoding="utf-8"))}
    assert names == set(load_reference().roster)
