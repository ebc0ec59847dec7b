"""A voice hints at one consenting person, clearly nearer than any other, or at nobody."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from arengo.live.engine.speakers import Evidence, attribute
from arengo.live.engine.tests.chamber_talk import HALL
from arengo.live.engine.voice_hints import SIZE, Consent, Voiceprint, cosine, hint

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def voice(degrees: float) -> tuple[float, ...]:
    """Return an embedding at an angle from the first axis."""
    angle = math.radians(degrees)
    return (math.cos(angle), math.sin(angle), *[0.0] * (SIZE - 2))


def enrolled(member: str, degrees: float, withdrawn_at: datetime | None = None) -> Voiceprint:
    given_at = NOW - timedelta(days=1)
    return Voiceprint(Consent(member, "prot. 12/2026", given_at, withdrawn_at), voice(degrees))


def who(degrees: float, *prints: Voiceprint, seconds: float = 5.0) -> str | None:
    found = hint(voice(degrees), prints, start_s=10, end_s=10 + seconds, at=NOW)
    return found.member if found else None


def test_the_nearest_voice_is_hinted_at_and_a_far_one_is_not() -> None:
    assert who(10, enrolled("rossi", 0), enrolled("bianchi", 90)) == "rossi"
    assert who(70, enrolled("rossi", 0)) is None
    assert who(0) is None


def test_two_voices_as_near_hint_at_nobody() -> None:
    assert who(10, enrolled("rossi", 0), enrolled("bianchi", 22)) is None
    assert who(10, enrolled("rossi", 0), enrolled("rossi", 22)) == "rossi"


def test_without_a_consent_in_force_nobody_is_compared() -> None:
    assert who(0, enrolled("rossi", 0, withdrawn_at=NOW)) is None
    assert who(0, enrolled("rossi", 0, withdrawn_at=NOW + timedelta(seconds=1))) == "rossi"
    later = Consent("rossi", "prot. 13/2026", NOW + timedelta(days=1))
    assert who(0, Voiceprint(later, voice(0))) is None
    # nor does a voice that may not be compared stand in another's way
    assert who(10, enrolled("rossi", 0), enrolled("bianchi", 11, withdrawn_at=NOW)) == "rossi"


def test_too_little_speech_gives_no_hint() -> None:
    assert who(0, enrolled("rossi", 0), seconds=1) is None


def test_the_nearer_the_surer() -> None:
    scores = [
        found.score
        for degrees in (0, 20, 40)
        if (found := hint(voice(degrees), [enrolled("rossi", 0)], start_s=0, end_s=5, at=NOW))
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert scores[-1] > 0.5


def test_another_models_embedding_is_refused() -> None:
    with pytest.raises(ValueError, match="192"):
        hint((1.0, 2.0), [enrolled("rossi", 0)], start_s=0, end_s=5, at=NOW)


def test_a_voice_that_is_nothing_is_like_nobody() -> None:
    assert cosine([0.0] * SIZE, voice(0)) == 0
    assert cosine([math.inf, *[0.0] * (SIZE - 1)], voice(0)) == 0
    assert cosine([math.nan] * SIZE, voice(0)) == 0


def test_a_hint_alone_names_nobody() -> None:
    found = hint(voice(0), [enrolled("rossi", 0)], start_s=0, end_s=60, at=NOW)
    assert found
    (span,) = attribute(HALL, Evidence(voices=(found,)), 0, 60)
    assert span.member is None
