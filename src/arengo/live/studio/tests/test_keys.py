"""Whose key is this: known, unknown, revoked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from arengo.live.studio.rtmp import Turnstile
from arengo.live.studio.spec import find_key, read_spec

KEY = "0a1b2c3d-" + "7" * 32


def facts(*, revoked_at: str | None = None) -> dict[str, object]:
    """Return what the web side writes."""
    return {
        "uid": "s1",
        "comune": {"istat": "015170", "name": "Pero", "slug": "pero"},
        "title": "Consiglio",
        "state": "open",
        "scheduled_at": None,
        "keys": [
            {
                "id": "0a1b2c3d",
                "sha256": hashlib.sha256(KEY.encode()).hexdigest(),
                "label": "Sala",
                "revoked_at": revoked_at,
            }
        ],
        "roster": ["Anna Bo"],
        "sources": [{"kind": "srt", "port": 9000}, {"kind": "rtsp", "url": "rtsp://cam/1"}],
        "grace_s": 1800,
        "is_demo": False,
    }


def write(path: Path, value: object) -> Path:
    """Write a sitting's file."""
    path.write_text(json.dumps(value))
    return path


def test_a_good_key_finds_its_sitting(tmp_path: Path) -> None:
    """The key opens the sitting it was made for."""
    spec = read_spec(write(tmp_path / "sitting.json", facts()))
    found = find_key([spec], KEY)
    assert not isinstance(found, str)
    assert found[0].uid == "s1"
    assert found[1].label == "Sala"


@pytest.mark.parametrize("key", ["", "0a1b2c3d", KEY + "0", KEY.upper(), "à" * 41])
def test_a_wrong_key_finds_nothing(tmp_path: Path, key: str) -> None:
    """A key is right to the letter or it is unknown."""
    spec = read_spec(write(tmp_path / "sitting.json", facts()))
    assert find_key([spec], key) == "unknown"


def test_a_revoked_key_says_so(tmp_path: Path) -> None:
    """The operator learns that the key was revoked, not that it is wrong."""
    spec = read_spec(write(tmp_path / "sitting.json", facts(revoked_at="2026-11-24T20:00:00Z")))
    assert find_key([spec], KEY) == "revoked"


def test_a_damaged_file_names_what_is_wrong(tmp_path: Path) -> None:
    """The log says which field of which file is missing."""
    damaged = {key: value for key, value in facts().items() if key != "keys"}
    with pytest.raises(ValueError, match="'keys'"):
        read_spec(write(tmp_path / "sitting.json", damaged))


def test_srt_sources_become_listeners(tmp_path: Path) -> None:
    """A port is opened for SRT, an address is fetched for RTSP."""
    spec = read_spec(write(tmp_path / "sitting.json", facts()))
    assert [source.url for source in spec.sources] == [
        "srt://{host}:9000?mode=listener",
        "rtsp://cam/1",
    ]


def test_an_address_that_tries_keys_is_shut_out_for_a_minute() -> None:
    """Ten wrong keys shut the door; a minute later it opens again, for that address alone."""
    turnstile = Turnstile()
    for second in range(10):
        assert not turnstile.is_shut("10.0.0.1", second)
        turnstile.count("10.0.0.1", second)
    assert turnstile.is_shut("10.0.0.1", 10)
    assert not turnstile.is_shut("10.0.0.2", 10)
    assert not turnstile.is_shut("10.0.0.1", 75)
