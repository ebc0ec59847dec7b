"""Clips: made with captions and citation, forgotten with what they were made of; and the embed."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from django.test import Client
from spoken_sitting import folder_of, put_words

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.live.studio.recorder import SegmentRecord
from arengo.record import clips, omissions
from arengo.record.clip_making import make
from arengo.record.clips import ask_clip, file_of, forget_clips, recipe_of
from arengo.record.engine.clip_captions import Caption, ass
from arengo.record.events import transcript_changed
from arengo.record.models import Clip, ClipState
from arengo.record.public_errors import ClipClosed, ClipsBusy, ClipWrong

SPEECH = "Le risorse per via Sempione ci sono."
SEGMENT_S, SEGMENTS = 2.0, 5


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return ten seconds of a blue picture with a tone, in segments."""
    folder = tmp_path_factory.mktemp("media")
    subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c=0x0000c0:s=640x360:r=25:d=10"),
            *("-f", "lavfi", "-i", "sine=440:d=10", "-c:v", "libx264", "-preset", "ultrafast"),
            *("-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "hls", "-hls_list_size", "0"),
            *("-hls_time", str(SEGMENT_S), "-hls_segment_type", "fmp4"),
            *("-hls_segment_filename", str(folder / "%d.m4s")),
            *("-hls_fmp4_init_filename", "init-1.mp4", str(folder / "all.m3u8")),
        ],
        check=True,
    )
    return folder


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting], media: Path) -> Sitting:
    """Return a closed sitting of ten seconds in which something was said at the third."""
    at = clock.now() - timedelta(hours=1)
    sitting = make_sitting(pero, title="Consiglio comunale", scheduled_at=at)
    open_broadcast(comune=pero, sitting=sitting, by=None)
    put_words(sitting, [(3.0, SPEECH)], began_at=at)
    folder = folder_of(sitting)
    rows = [
        SegmentRecord(n, 1, n * SEGMENT_S, SEGMENT_S, at.isoformat(), 1, f"{n:064d}", "")
        for n in range(SEGMENTS)
    ]
    lines = "".join(json.dumps(asdict(row)) + "\n" for row in rows)
    (folder / "segments.jsonl").write_text(lines, encoding="utf-8")
    (folder / "takes.jsonl").write_text('{"take": 1, "audio": {"rate": 48000}}\n', encoding="utf-8")
    (folder / "media").symlink_to(media)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def ready(sitting: Sitting, start_s: int = 2, end_s: int = 6) -> Clip:
    comune = sitting.comune
    clip = ask_clip(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s)
    with scope(comune):
        make(comune=comune, clip_id=clip.pk)
        clip.refresh_from_db()
    return clip


def page(sitting: Sitting, more: str = "") -> str:
    return f"/pero/sedute/{sitting.uid}/clip/?da=2&a=6{more}"


@pytest.mark.slow
def test_a_clip_is_a_video_with_its_captions_and_a_last_card(held: Sitting) -> None:
    clip = ready(held)
    assert clip.state == ClipState.READY
    with av.open(str(file_of(held, clip.key))) as made:
        pictures = [one.to_ndarray(format="rgb24") for one in made.decode(video=0)]
    assert len(pictures) / 25 == pytest.approx(4 + 4, abs=0.2)
    plain, spoken, card = pictures[5], pictures[60], pictures[150]
    assert _white(plain) == 0
    assert _white(spoken) > 50  # words drawn low in the picture
    assert _white(card) > 200
    assert card[2, 2].astype(int) == pytest.approx(np.array([0x17, 0x32, 0x4D]), abs=12)


def _white(picture: np.ndarray) -> int:
    return int((picture.min(axis=2) > 200).sum())


@pytest.mark.slow
def test_a_citizen_asks_for_a_clip_and_plays_it_in_parts(held: Sitting, client: Client) -> None:
    asked = client.get(page(held)).content.decode()
    assert "Prepara il video" in asked
    assert SPEECH in asked
    assert "Sottotitoli automatici" in asked
    assert client.get(page(held, "&file=1")).status_code == 404
    assert client.post(page(held)).status_code == 302
    waiting = client.get(page(held))
    assert "si sta preparando" in waiting.content.decode()
    assert waiting.headers["Refresh"] == "3"
    assert not waiting.cookies
    with scope(held.comune):
        make(comune=held.comune, clip_id=Clip.objects.get().pk)
    assert "Scarica il video" in client.get(page(held)).content.decode()
    whole = b"".join(client.get(page(held, "&file=1")))
    part = client.get(page(held, "&file=1"), headers={"range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["Content-Range"] == f"bytes 4-7/{len(whole)}"
    beyond = client.get(page(held, "&file=1"), headers={"range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


@pytest.mark.slow
def test_an_omission_takes_the_clip_away_at_once(
    held: Sitting,
    anna: User,
    client: Client,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    clip = ready(held)
    path = file_of(held, clip.key)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        omissions.order(
            comune=held.comune, sitting=held, start_s=4.0, end_s=4.5, reason="Dati", by=anna
        )
    assert not path.exists()
    answer = client.get(page(held, "&file=1"))
    assert answer.status_code == 409
    assert "non è pubblica" in answer.content.decode()
    assert SPEECH not in answer.content.decode()
    with pytest.raises(ClipClosed):
        ask_clip(comune=held.comune, sitting=held, start_s=2, end_s=6)


def test_a_clip_forgotten_while_it_is_made_leaves_no_file(
    held: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    comune = held.comune
    clip = ask_clip(comune=comune, sitting=held, start_s=2, end_s=6)

    def made(pieces: object, script: str, target: Path, **more: object) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"video")
        forget_clips(comune=comune, sitting=held)

    monkeypatch.setattr("arengo.record.clip_making.make_clip", made)
    with scope(comune):
        make(comune=comune, clip_id=clip.pk)
    assert not file_of(held, clip.key).exists()


def test_a_correction_forgets_the_clips_of_the_sitting(held: Sitting) -> None:
    ask_clip(comune=held.comune, sitting=held, start_s=2, end_s=6)
    with scope(held.comune):
        transcript_changed.send(Sitting, comune=held.comune, sitting=held)
        assert not Clip.objects.exists()


def test_a_clip_that_ffmpeg_refuses_is_said_and_may_be_asked_again(
    held: Sitting, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arengo.record.render.clip.shutil.which", lambda name: None)
    assert ready(held).state == ClipState.FAILED
    assert "non è riuscito" in client.get(page(held)).content.decode()
    again = ask_clip(comune=held.comune, sitting=held, start_s=2, end_s=6)
    assert again.state == ClipState.WAITING


def test_asking_twice_makes_one_and_too_many_are_refused(
    held: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clips, "MOST_WAITING", 2)
    first = ask_clip(comune=held.comune, sitting=held, start_s=2, end_s=6)
    assert ask_clip(comune=held.comune, sitting=held, start_s=2, end_s=6).pk == first.pk
    ask_clip(comune=held.comune, sitting=held, start_s=3, end_s=6)
    with pytest.raises(ClipsBusy):
        ask_clip(comune=held.comune, sitting=held, start_s=4, end_s=6)


@pytest.mark.parametrize(("start_s", "end_s"), [(6, 2), (2, 2), (0, 181), (8, 11), (500, 510)])
def test_a_stretch_that_is_none_is_refused(held: Sitting, start_s: int, end_s: int) -> None:
    with pytest.raises(ClipWrong):
        recipe_of(comune=held.comune, sitting=held, start_s=start_s, end_s=end_s)


@pytest.mark.parametrize(
    "asked", ["", "?da=x", "?da=1:2:3:4", "?da=-5", "?da=١", "?da=" + "9" * 400]
)
def test_seconds_without_sense_show_the_form(held: Sitting, client: Client, asked: str) -> None:
    answer = client.get(f"/pero/sedute/{held.uid}/clip/{asked}")
    assert answer.status_code == 200
    assert "Scegli il tratto" in answer.content.decode()


def test_words_cannot_command_the_drawing_of_captions() -> None:
    hostile = Caption(1.0, 2.0, "{\\an8}alto\\Nfuori\nDialogue: 0")
    script = ass([hostile], start_s=0, end_s=3, card=["Comune"], card_s=1)
    events = script.split("[Events]")[1]
    assert events.count("\nDialogue:") == 2
    assert "{" not in events
    assert events.count("\\N") == 1


def test_the_player_may_be_framed_and_every_other_page_may_not(
    held: Sitting, client: Client
) -> None:
    framed = client.get(f"/pero/sedute/{held.uid}/incorpora/?t=1:02")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert f"/media/{held.uid}/recording.mp4#t=62" in framed.content.decode()
    assert not framed.cookies
    assert "<script" not in framed.content.decode()
    other = client.get(page(held))
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"
