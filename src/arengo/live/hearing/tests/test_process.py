"""The hearing process itself, with the real model: frames in, JSON lines out."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripted import SPEECH, speech

from arengo import config
from arengo.cli import main
from arengo.live.engine.wer import errors

HEADER = struct.Struct("<cIq")
TEXT = "Al consigliere Mantegazza dico che le spese tecniche comprendono i rilievi e la direzione dei lavori"
pytestmark = [pytest.mark.slow, pytest.mark.processes]


def frame(kind: bytes, at: float, payload: bytes = b"") -> bytes:
    """Return one frame of standard input."""
    return HEADER.pack(kind, len(payload), round(at * 1e6)) + payload


def settings(models: Path) -> bytes:
    """Return the configuration frame."""
    roster = ["Andrea Mantegazza", "Lucia Brambilla"]
    content = {"roster": roster, "model": "whisper-base", "models": str(models)}
    return frame(b"C", 0, json.dumps(content).encode())


def audio(at: float) -> list[bytes]:
    """Return the test sentence as frames of a tenth of a second, from a sitting time."""
    pcm = (speech() * 32767).astype("<i2")
    return [
        frame(b"A", at + k / 16_000, pcm[k : k + 1600].tobytes()) for k in range(0, len(pcm), 1600)
    ]


def start() -> subprocess.Popen[bytes]:
    """Start a hearing process."""
    command = [sys.executable, "-m", "arengo.live.hearing"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def heard(frames: list[bytes]) -> tuple[int, list[dict[str, Any]]]:
    """Run a process over frames; return its exit status and its messages."""
    with start() as process:
        out, _ = process.communicate(b"".join(frames), timeout=120)
    return process.returncode, [json.loads(line) for line in out.decode().splitlines()]


def text_of(messages: list[dict[str, Any]]) -> str:
    """Return the text of the last revision of each cue."""
    cues = {m["id"]: m for m in messages if m["type"] == "cue"}
    ordered = sorted(cues.values(), key=lambda cue: cue["start"])
    return " ".join(" ".join(cue["lines"]) for cue in ordered)


def test_speech_becomes_final_cues_on_the_sitting_s_timeline() -> None:
    status, messages = heard([settings(config.load().models), *audio(100.0), frame(b"E", 0)])
    assert status == 0
    assert messages[0]["type"] == "ready"
    assert len(messages[0]["sha256"]) == 64
    assert errors(TEXT, text_of(messages)).rate < 20.0
    assert "Mantegazza" in text_of(messages)
    cues = [m for m in messages if m["type"] == "cue"]
    assert cues[-1]["final"]
    assert 100.3 < cues[0]["start"] < 100.8
    assert {m["type"] for m in messages} >= {"ready", "cue", "committed", "metric"}
    assert all(len(word) == 5 for cue in cues for word in cue["words"])


def test_the_end_of_input_ends_it_after_the_last_words() -> None:
    status, messages = heard([settings(config.load().models), *audio(0.0)[:60]])
    assert status == 0
    assert "consigliere" in text_of(messages)


def test_sigterm_ends_it_after_the_last_words() -> None:
    with start() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(settings(config.load().models) + b"".join(audio(0.0)[:60]))
        process.stdin.flush()
        lines = iter(process.stdout.readline, b"")
        seen = [json.loads(next(lines))]
        while seen[-1]["type"] != "partial":
            seen.append(json.loads(next(lines)))
        process.terminate()
        seen += [json.loads(line) for line in lines]
    assert process.returncode == 0
    assert "tecniche" in text_of(seen)


def test_an_altered_model_is_refused_with_a_notice(tmp_path: Path) -> None:
    folder = tmp_path / "whisper-base"
    folder.mkdir()
    for path in (config.load().models / "whisper-base").iterdir():
        (folder / path.name).symlink_to(path)
    (folder / "config.json").unlink()
    content = (config.load().models / "whisper-base" / "config.json").read_bytes()
    (folder / "config.json").write_bytes(content.replace(b"3", b"4", 1))
    status, (notice,) = heard([settings(tmp_path), *audio(0.0)])
    assert status == 3
    assert notice["type"] == "notice"
    assert "arengo models fetch whisper-base --again" in notice["message"]


def test_garbage_on_standard_input_ends_it_without_a_trace() -> None:
    status, messages = heard([b"GET / HTTP/1.1\r\nHost: pero\r\n\r\n"])
    assert status == 3
    assert messages[0]["code"] == "config"


def test_a_file_is_transcribed_in_each_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "roll.csv"
    names.write_text("cognome;nome\nMantegazza;Andrea\n")
    for form, mark in (("vtt", "WEBVTT"), ("srt", "00:00:"), ("txt", "[0:00:00]")):
        assert main(["transcribe", str(SPEECH), "--format", form, "--names", str(names)]) == 0
        out = capsys.readouterr().out
        assert mark in out
        assert "Mantegazza" in out


def test_live_transcription_reports_the_delay_of_each_word(tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    command = ["transcribe", str(SPEECH), "--live", "--format", "json", "--output", str(output)]
    assert main(command) == 0
    content = json.loads(output.read_text())
    assert content["words"]
    assert np.mean([word["delay_s"] for word in content["words"]]) == pytest.approx(
        content["delay_mean_s"], abs=0.01
    )


def test_a_file_that_is_no_media_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["transcribe", __file__]) == 1
    assert "non è un file audio o video leggibile" in capsys.readouterr().err.replace("\n", " ")
