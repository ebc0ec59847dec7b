"""A voice is told from a quiet room, from noise and from applause."""

from __future__ import annotations

import numpy as np
from scripted import speech

from arengo.live.hearing.recogniser import SAMPLE_RATE, Pcm
from arengo.live.hearing.vad import FRAME_S, VoiceActivity, VoiceTrack


def voiced(pcm: Pcm) -> list[tuple[float, float]]:
    """Return where a voice is heard."""
    track = VoiceTrack(0.0)
    track.feed(VoiceActivity().feed(pcm))
    return track.voiced


def test_a_sentence_is_one_stretch_and_the_silence_after_it_none() -> None:
    stretches = voiced(speech())
    assert abs(stretches[0][0] - 0.45) < 0.15
    assert abs(stretches[-1][1] - 5.9) < 0.25


def test_noise_is_not_a_voice() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 10 * SAMPLE_RATE).astype(np.float32)
    assert voiced(noise) == []


def test_pieces_of_any_size_give_the_same_probabilities() -> None:
    pcm = speech()
    whole = VoiceActivity().feed(pcm)
    activity = VoiceActivity()
    pieces = [activity.feed(pcm[k : k + 777]) for k in range(0, len(pcm), 777)]
    assert np.allclose(np.concatenate(pieces), whole, atol=1e-5)


def test_a_short_dip_does_not_end_a_stretch() -> None:
    track = VoiceTrack(0.0)
    track.feed(np.array([0.9] * 10 + [0.1] * 2 + [0.9] * 10, np.float32))
    assert track.voiced == [(0.0, 22 * FRAME_S)] or len(track.voiced) == 1
