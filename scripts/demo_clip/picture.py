"""Frame by frame: which drawing, how open the mouth, the clock, the loudness bar, the bar code."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from drawing import STRIP_Y, Face, Picture, close_up, digits, hall, render
from hall import Mix, Placed
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright
from script import Person, Script
from speech import OUT_RATE

from arengo.live.demo.reference import Barcode

FPS = 25
BARCODE = Barcode(32, 684, 24, 24, 16, "101", 1280, 720)
CLOSE_S = 3.0  # shorter turns are shown from the back of the hall
HOLD_S = 0.35  # the picture stays on a speaker this long after the last word
BLINK_EVERY, BLINK_FRAMES = 97, 3


@dataclass(frozen=True, slots=True)
class Shot:
    """What a frame shows; equal shots share one drawing."""

    speaker: Person | None
    notice: str
    is_close: bool
    face: Face


@dataclass(slots=True)
class Album:
    """Drawings made on demand, each once."""

    page: Page
    script: Script
    drawn: dict[Shot, Picture] = field(default_factory=dict)

    def picture(self, shot: Shot) -> Picture:
        """The drawing of a shot (shared: copy before writing on it)."""
        if shot not in self.drawn:
            self.drawn[shot] = render(self.page, self._svg(shot))
        return self.drawn[shot]

    def _svg(self, shot: Shot) -> str:
        if shot.is_close and shot.speaker:
            return close_up(self.script, shot.speaker, shot.face)
        return hall(self.script, shot.speaker, shot.notice, shot.face.mouth)


def frames(script: Script, mix: Mix, chromium: str) -> Iterator[Picture]:
    """All pictures of the clip in order."""
    shots = _shots(mix)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        album = Album(page, script)
        glyphs = render(page, digits(), 220, 32)
        levels = _levels(mix)
        for number, shot in enumerate(shots):
            picture = album.picture(shot).copy()
            _write_clock(picture, glyphs, number)
            _draw_level(picture, levels[number])
            _draw_barcode(picture, number)
            yield picture
        browser.close()


def encode(pictures: Iterator[Picture], sound: Path, out: Path, crf: int) -> None:
    """H.264 High without B-frames, a keyframe each second, AAC at 96 kbit/s, index in front."""
    head = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "1280x720", "-r", str(FPS), "-i", "-"]
    video = ["-c:v", "libx264", "-profile:v", "high", "-preset", "slow", "-crf", str(crf)]
    gop = ["-g", str(FPS), "-keyint_min", str(FPS), "-sc_threshold", "0", "-bf", "0"]
    colour = ["-pix_fmt", "yuv420p", "-color_primaries", "bt709", "-color_trc", "bt709"]
    matrix = ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709"]
    audio = ["-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "1"]
    exact = ["-fflags", "+bitexact", "-map_metadata", "-1", "-threads", "1"]
    command = ["ffmpeg", "-v", "error", "-y", *head, "-i", str(sound), *video, *gop, *colour,
               *matrix, *audio, *exact, "-movflags", "+faststart", str(out)]  # fmt: skip
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    assert process.stdin is not None
    for picture in pictures:
        process.stdin.write(picture.tobytes())
    process.stdin.close()
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command)


def _shots(mix: Mix) -> list[Shot]:
    total = round(mix.duration * FPS)
    shots = [Shot(None, "", False, Face())] * total
    for pause in mix.pauses:
        for n in range(round(pause.start * FPS), round(pause.end * FPS)):
            shots[n] = Shot(None, pause.notice, False, Face())
    mouths = _mouths(mix)
    ends = [turn.start for turn in mix.turns[1:]] + [mix.duration]
    for turn, limit in zip(mix.turns, ends, strict=True):
        is_close = turn.end - turn.start >= CLOSE_S
        for n in _frames_of(turn, limit):
            face = Face(int(mouths[n]), is_close and n % BLINK_EVERY < BLINK_FRAMES)
            shots[n] = Shot(turn.person, "", is_close, face)
    return shots


def _frames_of(turn: Placed, limit: float) -> range:
    return range(
        round((turn.start - 0.08) * FPS), round(min(turn.end + HOLD_S, limit - 0.08) * FPS)
    )


def _levels(mix: Mix) -> NDArray[np.float64]:
    """Loudness of the voices at each frame, 0 (-50 dBFS and below) to 1 (-10 dBFS)."""
    step = OUT_RATE // FPS
    power = (mix.dry.reshape(-1, step).astype(np.float64) ** 2).mean(axis=1)
    levels: NDArray[np.float64] = np.clip((10 * np.log10(power + 1e-9) + 50) / 40, 0, 1)
    return levels


def _mouths(mix: Mix) -> NDArray[np.int64]:
    return np.digitize(_levels(mix), (0.35, 0.6, 0.78))


def _write_clock(picture: Picture, glyphs: Picture, number: int) -> None:
    seconds = number // FPS
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    _write(picture, glyphs, text, 1088, 8)
    _write(picture, glyphs, f"{number:05}", 640, STRIP_Y + 8)


def _write(picture: Picture, glyphs: Picture, text: str, x: int, y: int) -> None:
    for i, char in enumerate(text):
        at = 20 * (10 if char == ":" else int(char))
        picture[y : y + 32, x + 20 * i : x + 20 * i + 20] = glyphs[:, at : at + 20]


def _draw_level(picture: Picture, level: float) -> None:
    """Ten small lamps beside the clock."""
    for lamp in range(10):
        colour = (0x5C, 0xC4, 0x8D) if level * 10 > lamp else (0x2C, 0x3B, 0x4D)
        picture[16:32, 944 + 12 * lamp : 952 + 12 * lamp] = colour


def _draw_barcode(picture: Picture, number: int) -> None:
    for i, block in enumerate(BARCODE.blocks(number)):
        x = BARCODE.x + i * BARCODE.block_w
        shade = 235 if block == "1" else 16
        picture[BARCODE.y : BARCODE.y + BARCODE.block_h, x : x + BARCODE.block_w] = shade
