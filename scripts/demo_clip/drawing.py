"""The hall and its people as SVG, and a browser that turns SVG into pixels once per picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO

import av
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page
from script import Look, Person, Script

Picture = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
STRIP_Y = 672  # below it: the technical strip with the bar code
INK, PAPER, SIGNAL = "#14202e", "#f4f1ea", "#d1344b"
FONT = "font-family='Titillium Web, DejaVu Sans, sans-serif'"
MOUTHS = ((9, 1.2), (8.5, 3.2), (8, 6), (7, 8.5))  # half-width and half-height, closed to open


@dataclass(frozen=True, slots=True)
class Face:
    """What moves in a face: how open the mouth is (0–3) and whether the eyes are shut."""

    mouth: int = 0
    is_blinking: bool = False


def hall(script: Script, speaker: Person | None, notice: str, mouth: int = 0) -> str:
    """The whole hall from the public's seats; the speaker's microphone is lit."""
    rows = ((2, 250, 0.62, 190), (1, 420, 0.72, 172), (0, 590, 0.82, 176))
    people = "".join(_row(script.people, *row, speaker, mouth) for row in rows)
    return _sheet(_wall() + people + _plate(speaker, notice) + _frame(script))


def close_up(script: Script, speaker: Person, face: Face) -> str:
    """One person at the microphone, filling the picture."""
    window = (
        "<rect width='1280' height='720' fill='#cfc6b4'/>"
        "<path d='M860 672V240a150 150 0 0 1 300 0v432z' fill='#b9cbd6'/>"
        "<path d='M120 672V240a150 150 0 0 1 300 0v432z' fill='#b9cbd6'/>"
        "<rect y='520' width='1280' height='152' fill='#a99c86'/>"
    )
    body = f"<g transform='translate(640 560) scale(3.1)'>{_figure(speaker.look, face)}</g>"
    desk = (
        "<rect y='592' width='1280' height='80' fill='#6b4f3a'/>"
        "<rect y='592' width='1280' height='8' fill='#83634a'/>"
        + _microphone(790, 600, 2.6, is_live=True)
    )
    return _sheet(window + body + desk + _plate(speaker, "") + _frame(script))


def digits() -> str:
    """The ten digits and the colon, 20 × 32 pixels each, for the clock and the frame number."""
    glyphs = "".join(
        f"<text x='{i * 20 + 10}' y='25' font-size='26' text-anchor='middle' fill='#ffffff' "
        f"font-family='DejaVu Sans Mono, monospace'>{c}</text>"
        for i, c in enumerate("0123456789:")
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='220' height='32'>"
        f"<rect width='220' height='32' fill='{INK}'/>{glyphs}</svg>"
    )


def render(page: Page, svg: str, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """The SVG as an array of `height` × `width` × 3 (red, green, blue)."""
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
    png = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height})
    with av.open(BytesIO(png), "r") as file:
        return next(file.decode(video=0)).to_ndarray(format="rgb24").astype(np.uint8)


def _sheet(content: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}'>{content}</svg>"
    )


def _wall() -> str:
    arches = "".join(
        f"<path d='M{x} 330V170a80 80 0 0 1 160 0v160z' fill='#b9cbd6'/>"
        f"<path d='M{x + 80} 90v240M{x} 190h160' stroke='#cfc6b4' stroke-width='6'/>"
        for x in (70, 310, 810, 1050)
    )
    return (
        "<rect width='1280' height='672' fill='#ddd5c5'/>"
        f"{arches}"
        "<rect x='570' y='92' width='140' height='90' rx='6' fill='#7d1f2f'/>"
        f"<text x='640' y='148' font-size='34' text-anchor='middle' fill='{PAPER}' {FONT} "
        "font-weight='700'>PERO</text>"
        "<rect y='330' width='1280' height='342' fill='#b7a88f'/>"
    )


def _row(
    people: Sequence[Person], row: int, y: int, scale: float, step: int,
    speaker: Person | None, mouth: int,
) -> str:  # fmt: skip
    seated = [person for person in people if person.row == row]
    left = 640 - step * (len(seated) - 1) / 2
    return "".join(
        _seat(person, left + i * step, y, scale, step, person == speaker, mouth)
        for i, person in enumerate(seated)
    )


def _seat(
    person: Person, x: float, y: int, scale: float, step: int, is_speaking: bool, mouth: int
) -> str:
    face = Face(mouth if is_speaking else 0)
    body = _figure(person.look, face) if person.look else _empty_chair()
    surname = escape(person.name.rsplit(" ", 1)[-1])
    return (
        f"<g transform='translate({x} {y}) scale({scale})'>{body}</g>"
        f"<rect x='{x - step / 2 + 3}' y='{y}' width='{step - 6}' height='66' rx='4' "
        f"fill='#6b4f3a'/>"
        f"<rect x='{x - step / 2 + 3}' y='{y}' width='{step - 6}' height='6' fill='#83634a'/>"
        f"<text x='{x}' y='{y + 40}' font-size='19' text-anchor='middle' fill='{PAPER}' {FONT}>"
        f"{surname}</text>" + _microphone(x + step * 0.32, y + 4, 0.7, is_speaking)
    )


def _empty_chair() -> str:
    return "<rect x='-44' y='-86' width='88' height='90' rx='16' fill='#54606b'/>"


def _microphone(x: float, y: float, scale: float, is_live: bool) -> str:
    ring = SIGNAL if is_live else "#4a4f55"
    return (
        f"<g transform='translate({x} {y}) scale({scale})'>"
        "<path d='M0 0C0 -30 -12 -44 -26 -56' stroke='#2a2d31' stroke-width='4' fill='none'/>"
        f"<circle cx='-27' cy='-58' r='10' fill='{ring}'/><circle cx='-31' cy='-62' r='7' "
        "fill='#2a2d31'/></g>"
    )


def _figure(look: Look | None, face: Face) -> str:
    """Head and shoulders, 150 units high, standing on the origin."""
    assert look is not None, "only people with a look are drawn"
    return (
        _hair_behind(look)
        + f"<path d='M-72 30C-72 -22 -46 -34 -20 -38h40C46 -34 72 -22 72 30z' fill='{look.jacket}'/>"
        f"<path d='M-20 -38L0 4L20 -38z' fill='{PAPER}'/>"
        f"<path d='M-13 -62h26v22L0 -26L-13 -40z' fill='{look.skin}'/>"
        f"<ellipse cy='-92' rx='31' ry='40' fill='{look.skin}'/>"
        + _hair_front(look)
        + _eyes(look, face)
        + _mouth(face)
    )


def _hair_behind(look: Look) -> str:
    shapes = {
        "long": "M-40 -34C-48 -80 -46 -138 0 -138S48 -80 40 -34z",
        "bob": "M-40 -62C-44 -110 -38 -138 0 -138S44 -110 40 -62z",
        "bun": "M-16 -134a16 16 0 1 1 32 0z",
    }
    path = shapes.get(look.hair)
    return f"<path d='{path}' fill='{look.tint}'/>" if path else ""


def _hair_front(look: Look) -> str:
    shapes = {
        "long": "M-33 -92C-34 -128 -14 -136 0 -136S34 -128 33 -92C26 -112 8 -118 -6 -119C-18 -116 -28 -108 -33 -92z",
        "bob": "M-33 -92C-34 -128 -14 -136 0 -136S34 -128 33 -92C28 -108 20 -114 12 -118C-4 -108 -24 -108 -33 -92z",
        "bun": "M-33 -94C-34 -128 -14 -136 0 -136S34 -128 33 -94C24 -114 10 -120 0 -120S-24 -114 -33 -94z",
        "short": "M-33 -96C-36 -128 -16 -137 0 -137S36 -128 33 -96C30 -110 24 -116 16 -117H-16C-24 -116 -30 -110 -33 -96z",
        "bald": "M-33 -96C-34 -108 -31 -114 -28 -118C-30 -108 -30 -100 -33 -88zM33 -96C34 -108 31 -114 28 -118C30 -108 30 -100 33 -88z",
    }
    return f"<path d='{shapes[look.hair]}' fill='{look.tint}'/>"


def _eyes(look: Look, face: Face) -> str:
    lids = "<path d='M-18 -96h11M7 -96h11' stroke='#4a3a30' stroke-width='2'/>"
    open_ = "<circle cx='-12' cy='-96' r='3' fill='#2a211c'/><circle cx='12' cy='-96' r='3' fill='#2a211c'/>"
    brows = "<path d='M-19 -104q7 -4 13 -1M6 -105q7 -3 13 1' stroke='#4a3a30' stroke-width='2' fill='none'/>"
    rims = (
        "<g fill='none' stroke='#2a2d31' stroke-width='2'><rect x='-22' y='-103' width='19' "
        "height='14' rx='5'/><rect x='3' y='-103' width='19' height='14' rx='5'/>"
        "<path d='M-3 -97h6'/></g>"
    )
    nose = "<path d='M0 -92v11q-3 2 -5 1' stroke='#a5765a' stroke-width='1.6' fill='none'/>"
    return (lids if face.is_blinking else open_) + brows + nose + (rims if look.glasses else "")


def _mouth(face: Face) -> str:
    half_width, half_height = MOUTHS[face.mouth]
    return f"<ellipse cy='-70' rx='{half_width}' ry='{half_height}' fill='#7a2f35'/>"


def _plate(speaker: Person | None, notice: str) -> str:
    """The name plate, upper left: the lower third belongs to the captions."""
    lines = [notice] if notice else _plate_lines(speaker)
    if not lines:
        return ""
    width = 40 + max(len(lines[0]) * 18, len(lines[-1]) * 11.5)
    height = 20 + 34 * len(lines)
    texts = "".join(
        f"<text x='56' y='{96 + 34 * i}' font-size='{28 - 7 * i}' fill='#ffffff' {FONT} "
        f"font-weight='{700 - 300 * i}'>{escape(line)}</text>"
        for i, line in enumerate(lines)
    )
    return (
        f"<rect x='32' y='56' width='{width}' height='{height}' fill='{INK}'/>"
        f"<rect x='32' y='56' width='8' height='{height}' fill='{SIGNAL}'/>{texts}"
    )


def _plate_lines(speaker: Person | None) -> list[str]:
    if speaker is None:
        return []
    group = f" · {speaker.group}" if speaker.role.startswith("Consiglier") else ""
    return [speaker.name, speaker.role + group]


def _frame(script: Script) -> str:
    """The title strip above and the technical strip below."""
    return (
        f"<rect width='1280' height='48' fill='{INK}'/>"
        f"<text x='32' y='32' font-size='22' fill='#ffffff' {FONT}>Consiglio comunale di "
        f"{escape(script.comune)}</text>"
        f"<rect y='{STRIP_Y}' width='1280' height='48' fill='{INK}'/>"
        f"<text x='1248' y='704' font-size='22' text-anchor='end' fill='#ffffff' {FONT}>"
        f"{escape(script.notice)}</text>"
    )
