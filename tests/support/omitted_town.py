"""A whole installation with a closed sitting, a passage of which is then omitted."""

from __future__ import annotations

import json
import os
import subprocess
import time
from dataclasses import dataclass

from crawl import Crawl, fetch, files_with, make_marked_clip, seen_or_heard, texts_in
from rig import wait_for
from town import Town

SAID = "quattordici ornitorinchi"
KEPT = "Buonasera a tutti"
SINCE_S, UNTIL_S = 5.0, 9.0  # of the clip
INDEX = """
import django, sys
django.setup()
from arengo.kernel.access import get_comune
from arengo.record.tasks import index_later
index_later(comune=get_comune("pero"), uid=sys.argv[1], reason="spoken")
"""
ORDER = """
import django, sys
django.setup()
from arengo.kernel.access import get_comune
from arengo.kernel.models import User
from arengo.kernel.scope import scope
from arengo.council.models import Sitting
from arengo.record.omissions import order
comune = get_comune("pero")
with scope(comune):
    sitting = Sitting.objects.get(uid=sys.argv[1])
start_s, end_s = map(float, sys.argv[2:])
order(comune=comune, sitting=sitting, start_s=start_s, end_s=end_s, reason="Dati sanitari",
    by=User.objects.order_by("id").first())
"""
STEPS = """
import django, json, sys
django.setup()
from arengo.kernel.access import get_comune
from arengo.kernel.scope import scope
from arengo.record.models import OmissionStep
with scope(get_comune("pero")):
    print(json.dumps(dict(OmissionStep.objects.values_list("target", "state"))))
"""


@dataclass(frozen=True)
class Traces:
    """Where the passage was found: addresses that tell it, that show it, files that hold it."""

    told: list[str]
    shown: list[str]
    kept: list[str]
    asked: int

    def __len__(self) -> int:
        return len(self.told) + len(self.shown) + len(self.kept)


@dataclass
class OmittedTown:
    """A town in whose sitting something was said, shown and sounded from `start_s` to `end_s`."""

    town: Town
    start_s: float = 0.0
    end_s: float = 0.0
    marks: tuple[bytes, ...] = ()

    def hold(self) -> None:
        """Hold the sitting, close it, and wait until the archive has it."""
        town = self.town
        clip = make_marked_clip(town.data.parent / "marked.mp4", since_s=SINCE_S, until_s=UNTIL_S)
        town.start()
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-i", str(clip)]
        subprocess.run([*command, "-c", "copy", "-f", "flv", town.rtmp], check=True)
        town.close_sitting()
        wait_for(self._is_closed, "the sitting does not close")
        began_s = town.rows("takes.jsonl")[0]["start"]
        self.start_s, self.end_s = began_s + SINCE_S, began_s + UNTIL_S
        self.marks = (SAID.encode(), *self._samples())
        self._say(began_s)
        town.kill_studio()  # the next one reads what was said
        town.run(INDEX, town.facts["uid"])
        wait_for(lambda: SAID in self.found(), "the archive does not find it", timeout_s=180)

    def _is_closed(self) -> bool:
        address = f"{self.town.door}/media/{self.town.facts['uid']}/recording-video.m3u8"
        return b"ENDLIST" in (fetch(address)[1] or b"")

    def _say(self, began_s: float) -> None:
        path = self.town.folder / "cues.jsonl"
        said = ((began_s + 1, KEPT + "."), (self.start_s + 1, f"Sono {SAID}."))
        rows = [_cue(n, *one) for n, one in enumerate(said)]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        an_hour_ago = time.time() - 3600
        os.utime(path, (an_hour_ago, an_hour_ago))

    def _samples(self) -> list[bytes]:
        """Return bytes of the segments that lie in the passage as a whole, from their middle."""
        rows = self.town.rows("segments.jsonl")
        inside = [
            row
            for row in rows
            if row["start"] >= self.start_s and row["start"] + row["duration"] <= self.end_s
        ]
        assert inside
        media = self.town.folder / "media"
        datas = [(media / f"{row['n']}.m4s").read_bytes() for row in inside]
        return [data[len(data) // 2 :][:48] for data in datas]

    def found(self) -> str:
        """Return what the archive answers to who seeks it."""
        address = f"{self.town.door}/{self.town.facts['slug']}/archivio/?q=ornitorinchi"
        return (fetch(address)[1] or b"").decode().replace("<mark>", "").replace("</mark>", "")

    def omit(self) -> None:
        """Order the omission."""
        facts = self.town.facts
        self.town.run(ORDER, facts["uid"], str(self.start_s), str(self.end_s))

    def is_closed(self) -> bool:
        """Tell whether the segments are refused."""
        rows = self.town.rows("segments.jsonl")
        media = f"{self.town.door}/media/{self.town.facts['uid']}"
        hit = [r for r in rows if self.start_s <= r["start"] < self.end_s]
        return all(fetch(f"{media}/{row['n']}.m4s")[1] is None for row in hit)

    def is_done(self) -> bool:
        """Tell whether it has reached every place."""
        steps = json.loads(self.town.run(STEPS))
        return len(steps) >= 4 and set(steps.values()) == {"done"}

    def traces(self) -> Traces:
        """Ask for everything as anybody, and search the disk."""
        crawl = Crawl(self.town.door)
        crawl.walk(self._addresses())
        told = texts_in(crawl.bodies, self.marks)
        kept = files_with(self.town.data, self.marks)
        return Traces(told, seen_or_heard(crawl.bodies), kept, len(crawl.seen))

    def _addresses(self) -> list[str]:
        slug, uid = self.town.facts["slug"], self.town.facts["uid"]
        names = ["recording.mp4", "captions.vtt", "captions.srt", "captions.ttml", "transcript.txt"]
        names += ["master.m3u8", "plain.m3u8", "recording.m3u8", "speakers.json", "clock.json"]
        for n in range(len(self.town.rows("segments.jsonl")) + 2):
            names += [f"{n}.m4s", f"{n}.vtt", f"{n}.black.m4s", *(f"{n}.{p}.m4s" for p in range(5))]
        names += ["init-1.mp4", "black-1.mp4"]
        pages = ["/", f"/{slug}/", f"/{slug}/sedute/{uid}/", "/dati/", f"/{slug}/dati/"]
        pages += [f"/{slug}/archivio/?q=ornitorinchi", f"/{slug}/decisioni/", f"/{slug}/avvisi/"]
        pages += [f"/{slug}/sedute/{uid}/{one}/" for one in ("sottotitoli", "clip", "decisioni")]
        pages += [f"/{slug}/avvisi/cerca.atom?q=ornitorinchi", "/api/v1/"]
        pages += [f"/{slug}/sedute/{uid}/clip/?da={self.start_s:.0f}&a={self.end_s:.0f}"]
        return [*(f"/media/{uid}/{name}" for name in names), *pages]


def _cue(number: int, at_s: float, text: str) -> dict[str, object]:
    words = text.split()
    each = 2.0 / len(words)
    timed = [[at_s + k * each, at_s + (k + 1) * each, one, 0.9] for k, one in enumerate(words)]
    cue = {"id": f"0.{number}", "rev": 0, "start": at_s, "end": at_s + 2, "lines": [text]}
    return {**cue, "final": True, "words": timed}
