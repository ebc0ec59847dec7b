"""A stretch of a recording as an MP4 of its own, captions drawn in, by Debian's `ffmpeg`.

The libraries that come with PyAV cannot draw text; `ffmpeg` with libass can.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

CARD_S = 4.0
FARTHEST_S = 900.0  # a clip of three minutes that takes a quarter of an hour is stuck
NAVY = "0x17324d"


class ClipFailed(Exception):
    """The clip could not be made; the reason is for the log."""


def make_clip(
    pieces: Sequence[Path],
    script: str,
    target: Path,
    *,
    from_s: float,
    to_s: float,
    has_sound: bool,
    on_progress: Callable[[float], None],
) -> None:
    """Write the clip at `target`; it is there whole or not at all.

    Parameters
    ----------
    pieces : an initialisation segment, then the media segments of one take in order
    from_s, to_s : seconds from the beginning of the first segment
    on_progress : told how much is done, from 0 to 1

    Raises
    ------
    ClipFailed
        `ffmpeg` is missing, refuses, or does not come to an end.
    """
    if not shutil.which("ffmpeg"):
        raise ClipFailed("ffmpeg is missing")
    target.parent.mkdir(parents=True, exist_ok=True)
    work = target.with_suffix(".work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        with (work / "source.mp4").open("wb") as source:
            for piece in pieces:
                source.write(piece.read_bytes())
        (work / "clip.ass").write_text(script, encoding="utf-8")
        _run(_command(from_s, to_s, has_sound=has_sound), work, to_s - from_s + CARD_S, on_progress)
        (work / "clip.mp4").replace(target)
    except OSError as error:
        raise ClipFailed(str(error)) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _command(from_s: float, to_s: float, *, has_sound: bool) -> list[str]:
    cut = f"start={from_s:.3f}:end={to_s:.3f}"
    picture = (
        f"[0:v]trim={cut},setpts=PTS-STARTPTS,scale=w='min(1280,iw)':h=-2,"
        f"tpad=stop_mode=add:stop_duration={CARD_S}:color={NAVY},ass=clip.ass,format=yuv420p[v]"
    )
    sound = f";[0:a]atrim={cut},asetpts=PTS-STARTPTS,apad=pad_dur={CARD_S}[a]" if has_sound else ""
    mapped = ["-map", "[v]", *(("-map", "[a]") if has_sound else ())]
    return [
        *("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
        *("-i", "source.mp4", "-filter_complex", picture + sound, *mapped),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-threads", "1"),
        *("-c:a", "aac", "-b:a", "96k", "-map_metadata", "-1", "-movflags", "+faststart"),
        *("-progress", "pipe:1", "clip.mp4"),
    ]


def _run(
    command: Sequence[str], work: Path, length_s: float, on_progress: Callable[[float], None]
) -> None:
    log = work / "errors.txt"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            ["timeout", str(int(FARTHEST_S)), "nice", "-n", "10", *command],
            cwd=work,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as child,
    ):
        assert child.stdout is not None
        for line in child.stdout:
            key, _, value = line.partition("=")
            if key == "out_time_us" and value.strip().isdigit():
                on_progress(min(1.0, int(value) / 1e6 / length_s))
    if child.returncode:
        raise ClipFailed(log.read_text(errors="replace")[-500:] or f"exit {child.returncode}")
