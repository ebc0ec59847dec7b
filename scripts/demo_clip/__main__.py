"""Make the demo sitting's clip, reference transcript and roll again from `sitting.toml`.

    python scripts/demo_clip           everything: voices, hall, picture, files (about 10 minutes)
    python scripts/demo_clip check     measure what is there: words, times, bar code, size

Needs espeak-ng, ffmpeg, chromium and npm (see docs/how-to/demo-clip.md). Downloads and spoken
sentences are kept in var/demo-clip.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import shutil
import sys
import wave
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from check import check
from drawing import Picture
from hall import Mix, Placed, perform
from kokoro import Kokoro, load_kokoro
from picture import BARCODE, FPS, encode, frames
from rich.progress import Progress, track
from script import Script, Speech, Voice, read_script
from speech import OUT_RATE, Said, Timed, say, spell

from arengo.live.demo import reference

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var/demo-clip"
CRF = 34
LIMIT_BYTES = 10_000_000
NEEDED = ("espeak-ng", "ffmpeg", "chromium", "npm")


def main() -> int:
    """Build or check, as asked on the command line."""
    parser = argparse.ArgumentParser(prog="python scripts/demo_clip", description=__doc__)
    parser.add_argument("step", nargs="?", choices=("build", "check"), default="build")
    if parser.parse_args().step == "check":
        return check(ROOT)
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        sys.exit(f"Mancano {', '.join(missing)}: apt-get install -y {' '.join(missing)}")
    WORK.mkdir(parents=True, exist_ok=True)
    build(read_script(reference.SITTING))
    return 0


def build(script: Script) -> None:
    """Write pero.mp4, pero.json and roll.csv; SystemExit when the clip is too large."""
    mix = perform(script.steps, _cast(script))
    _write_wave(mix, WORK / "hall.wav")
    clip = WORK / "pero.mp4"
    total = round(mix.duration * FPS)
    pictures = frames(script, mix, shutil.which("chromium") or "")
    encode(_counted(pictures, total), WORK / "hall.wav", clip, CRF)
    if clip.stat().st_size > LIMIT_BYTES:
        sys.exit(f"{clip}: {clip.stat().st_size} byte, più di {LIMIT_BYTES}")
    shutil.copy(clip, reference.CLIP)
    reference.REFERENCE.write_text(_reference(script, mix), encoding="utf-8")
    _write_roll(script)


def _cast(script: Script) -> dict[Speech, list[Said]]:
    """Speak every turn; sentences spoken in an earlier run are taken from the disk."""
    kokoro = load_kokoro(ROOT, WORK)
    speeches = [step for step in script.steps if isinstance(step, Speech)]
    return {
        speech: [_said(kokoro, speech, sentence) for sentence in range(len(speech.sentences))]
        for speech in track(speeches, "Voci")
    }


def _said(kokoro: Kokoro, speech: Speech, number: int) -> Said:
    voice, sentence = speech.person.voice, speech.sentences[number]
    if voice is None:
        raise ValueError(f"{speech.person.name} è assente e non può parlare")
    kept = WORK / "said" / f"{_fingerprint(voice, spell(sentence)[0])}.npz"
    if not kept.exists():
        _keep(kept, say(kokoro, voice, sentence))
    with np.load(kept) as file:
        times = zip(sentence, file["times"].tolist(), strict=True)
        return Said(file["wave"], tuple(Timed(token, *span) for token, span in times))


def _keep(path: Path, said: Said) -> None:
    path.parent.mkdir(exist_ok=True)
    times = np.array([(word.start, word.end) for word in said.words])
    np.savez(path, wave=said.wave, times=times)


def _fingerprint(voice: Voice, symbols: str) -> str:
    """Names a spoken sentence by everything it depends on, the code that speaks included."""
    code = b"".join((Path(__file__).parent / n).read_bytes() for n in ("kokoro.py", "speech.py"))
    facts = json.dumps([asdict(voice), symbols]).encode()
    return hashlib.sha256(code + facts).hexdigest()[:24]


def _counted(pictures: Iterable[Picture], total: int) -> Iterator[Picture]:
    with Progress() as progress:
        yield from progress.track(pictures, total=total, description="Immagini")


def _write_wave(mix: Mix, path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(OUT_RATE)
        file.writeframes((np.clip(mix.wave, -1, 1) * 32767).astype("<i2").tobytes())


def _reference(script: Script, mix: Mix) -> str:
    facts = {
        "title": script.title,
        "comune": script.comune,
        "notice": script.notice,
        "duration": mix.duration,
        "fps": FPS,
        "barcode": asdict(BARCODE),
        "roster": [person.name for person in script.people],
        "turns": [_turn(turn) for turn in mix.turns],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1) + "\n"


def _turn(turn: Placed) -> dict[str, object]:
    words = [
        {"word": w.token.written, "spoken": w.token.said, "start": _s(w.start), "end": _s(w.end)}
        for w in turn.words
    ]
    return {
        "speaker": turn.person.name,
        "voice": turn.person.id,
        "scene": turn.scene,
        "start": _s(turn.start),
        "end": _s(turn.end),
        "text": " ".join(w.token.written for w in turn.words),
        "spoken": " ".join(w.token.said for w in turn.words),
        "words": words,
    }


def _s(seconds: float) -> float:
    return round(seconds, 3)


def _write_roll(script: Script) -> None:
    with reference.ROLL.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("nominativo", "carica", "gruppo"))
        rows.writerows((person.name, person.role, person.group) for person in script.people)


if __name__ == "__main__":
    sys.exit(main())
