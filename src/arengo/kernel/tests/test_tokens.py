"""A token gives one right, for one purpose, until a moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.kernel.tokens import TokenRefused, issue, verify

SECRET = b"a secret of the installation"
TOKEN = issue(SECRET, purpose="regia", subject="7a01", expires_at=1000)


def test_a_good_token_names_its_subject() -> None:
    assert verify(SECRET, TOKEN, purpose="regia", now=999) == "7a01"


@pytest.mark.parametrize(
    ("secret", "purpose", "now"),
    [(SECRET, "regia", 1000), (SECRET, "camera", 999), (b"another", "regia", 999)],
    ids=["expired", "other purpose", "other secret"],
)
def test_a_token_out_of_place_is_refused(secret: bytes, purpose: str, now: int) -> None:
    with pytest.raises(TokenRefused):
        verify(secret, TOKEN, purpose=purpose, now=now)


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        verify(SECRET, text, purpose="regia", now=0)


@given(st.integers(0, len(TOKEN) - 1), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_token_with_one_character_changed_is_refused(place: int, character: str) -> None:
    forged = TOKEN[:place] + character + TOKEN[place + 1 :]
    if forged != TOKEN:
        with pytest.raises(TokenRefused):
            verify(SECRET, forged, purpose="regia", now=0)


@given(st.text(max_size=50), st.integers(1, 2**40))
def test_any_subject_comes_back(subject: str, expires_at: int) -> None:
    token = issue(SECRET, purpose="p", subject=subject, expires_at=expires_at)
    assert verify(SECRET, token, purpose="p", now=expires_at - 1) == subject


def test_a_lone_surrogate_is_refused() -> None:
    """What a browser cannot send but a hostile client can."""
    with pytest.raises(TokenRefused):
        verify(SECRET, "\ud800.1.x", purpose="regia", now=0)
