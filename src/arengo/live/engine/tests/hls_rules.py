"""A strict reader of HLS playlists: it refuses whatever draft-pantos-hls-rfc8216bis forbids.

Written from the rules and not from the renderer, so that both would have to be wrong alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)')
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_ONCE = {
    "EXTM3U",
    "EXT-X-VERSION",
    "EXT-X-TARGETDURATION",
    "EXT-X-MEDIA-SEQUENCE",
    "EXT-X-DISCONTINUITY-SEQUENCE",
    "EXT-X-INDEPENDENT-SEGMENTS",
    "EXT-X-PLAYLIST-TYPE",
    "EXT-X-SERVER-CONTROL",
    "EXT-X-PART-INF",
    "EXT-X-ENDLIST",
    "EXT-X-PRELOAD-HINT",
}
_OF_A_SEGMENT = {
    "EXT-X-DISCONTINUITY",
    "EXT-X-MAP",
    "EXT-X-PROGRAM-DATE-TIME",
    "EXT-X-GAP",
    "EXT-X-PART",
    "EXTINF",
}


class BrokenRuleError(AssertionError):
    """The playlist breaks a rule of the draft."""


@dataclass
class ReadPart:
    """An EXT-X-PART."""

    uri: str
    duration: Fraction
    is_independent: bool


@dataclass
class ReadSegment:
    """A media segment, or the unfinished one at the end (`uri` is empty)."""

    number: int
    discontinuity: int
    init: str = ""
    date: datetime | None = None
    duration: Fraction = Fraction(0)
    uri: str = ""
    is_gap: bool = False
    parts: list[ReadPart] = field(default_factory=list)


@dataclass
class ReadPlaylist:
    """A media playlist as a client sees it."""

    tags: dict[str, str]
    segments: list[ReadSegment]
    open_segment: ReadSegment | None
    hint: str

    @property
    def target(self) -> int:
        """Return EXT-X-TARGETDURATION."""
        return int(self.tags["EXT-X-TARGETDURATION"])


def read_media(text: str) -> ReadPlaylist:
    """Parse a media playlist and check every rule that one playlist alone can break."""
    tags, segments, open_segment = _parse(text)
    hint = _attributes(tags.get("EXT-X-PRELOAD-HINT", "")).get("URI", "")
    playlist = ReadPlaylist(tags, segments, open_segment, hint)
    _check_head(playlist)
    _check_parts(playlist)
    return playlist


def check_update(old: ReadPlaylist, new: ReadPlaylist) -> None:
    """Check what may change between two loads of one playlist (§6.2.1, §6.2.2)."""
    first = int(new.tags["EXT-X-MEDIA-SEQUENCE"])
    need(first >= int(old.tags["EXT-X-MEDIA-SEQUENCE"]), "MEDIA-SEQUENCE went back")
    need(new.target == old.target, "TARGETDURATION changed")
    known = {segment.number: segment for segment in new.segments}
    for segment in old.segments:
        later = known.get(segment.number)
        need(later is not None or segment.number < first, "a segment vanished from the middle")
        if later is not None:
            same = (segment.uri, segment.duration, segment.date, segment.discontinuity)
            now = (later.uri, later.duration, later.date, later.discontinuity)
            need(same == now, f"segment {segment.number} changed: {same} {now}")


def read_master(text: str) -> tuple[dict[str, str], list[tuple[dict[str, str], str]]]:
    """Parse a multivariant playlist: the subtitles' attributes and (attributes, URI) of each."""
    lines = _lines(text)
    media: dict[str, str] = {}
    variants: list[tuple[dict[str, str], str]] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("#EXT-X-MEDIA:"):
            media = _attributes(line.partition(":")[2])
            need(media["TYPE"] == "SUBTITLES", "only captions are apart")
            need({"GROUP-ID", "NAME", "URI", "LANGUAGE"} <= media.keys(), "EXT-X-MEDIA misses one")
            need(media["DEFAULT"] != "YES" or media.get("AUTOSELECT") == "YES", "§4.4.6.1")
        elif line.startswith("#EXT-X-STREAM-INF:"):
            attributes = _attributes(line.partition(":")[2])
            need(attributes["BANDWIDTH"].isdigit(), "BANDWIDTH is required")
            need(not following.startswith("#") and following != "", "no URI after STREAM-INF")
            need(attributes.get("SUBTITLES") == media.get("GROUP-ID"), "unknown group")
            variants.append((attributes, following))
        elif not line.startswith("#"):
            need(line in {uri for _found, uri in variants}, "a URI without STREAM-INF")
    return media, variants


def need(is_kept: bool, rule: str) -> None:
    """Raise BrokenRuleError naming the rule."""
    if not is_kept:
        raise BrokenRuleError(rule)


def _lines(text: str) -> list[str]:
    need(text.startswith("#EXTM3U\n"), "first line is not EXTM3U")
    need(text.endswith("\n"), "the last line is torn")
    lines = text.split("\n")[:-1]
    need(all(line and line == line.strip() for line in lines), "empty line or stray space")
    need(not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text), "control character")
    return lines


def _attributes(text: str) -> dict[str, str]:
    found = {name: value.strip('"') for name, value in _ATTRIBUTE.findall(text)}
    need(_ATTRIBUTE.sub("", text) == "" and not text.endswith(","), f"bad attributes {text!r}")
    need(len(found) == len(_ATTRIBUTE.findall(text)), f"attribute twice in {text!r}")
    return found


def _decimal(text: str) -> Fraction:
    need(_DECIMAL.fullmatch(text) is not None, f"{text!r} is not a decimal")
    return Fraction(text)


def _parse(text: str) -> tuple[dict[str, str], list[ReadSegment], ReadSegment | None]:
    tags: dict[str, str] = {}
    segments: list[ReadSegment] = []
    current: ReadSegment | None = None
    init, discontinuity = "", 0
    for line in _lines(text):
        name, _colon, value = line.removeprefix("#").partition(":")
        if name in _ONCE:
            need(name not in tags, f"{name} twice")
            is_late = name in {"EXT-X-ENDLIST", "EXT-X-PRELOAD-HINT"}
            need(is_late or not (segments or current), f"{name} after the first segment")
            tags[name] = value
            discontinuity = int(tags.get("EXT-X-DISCONTINUITY-SEQUENCE", "0"))
            continue
        if current is None:
            number = int(tags.get("EXT-X-MEDIA-SEQUENCE", "0")) + len(segments)
            discontinuity = segments[-1].discontinuity if segments else discontinuity
            current = ReadSegment(number, discontinuity, init)
        need(name in _OF_A_SEGMENT or not line.startswith("#"), f"unknown line {line!r}")
        _add(current, line, name, value)
        init = current.init
        if current.uri:
            need(current.duration > 0, f"segment {current.number} has no EXTINF")
            segments.append(current)
            current = None
    return tags, segments, current


def _add(segment: ReadSegment, line: str, name: str, value: str) -> None:
    if name != "EXTINF" and line.startswith("#"):
        need(segment.duration == 0, f"{name} between EXTINF and the URI")
    if name in {"EXT-X-DISCONTINUITY", "EXT-X-MAP", "EXT-X-PROGRAM-DATE-TIME"}:
        need(not segment.parts, f"{name} after a part of its segment (§4.4.4.9)")
    if name == "EXT-X-DISCONTINUITY":
        need(value == "", "EXT-X-DISCONTINUITY has no value")
        segment.discontinuity += 1
        segment.init = ""
    elif name == "EXT-X-MAP":
        segment.init = _attributes(value)["URI"]
    elif name == "EXT-X-PROGRAM-DATE-TIME":
        need(_DATE.fullmatch(value) is not None, f"{value!r} is not UTC to the millisecond")
        segment.date = datetime.fromisoformat(value)
    elif name == "EXT-X-GAP":
        segment.is_gap = True
    elif name == "EXT-X-PART":
        segment.parts.append(_part(value))
    elif name == "EXTINF":
        need(value.endswith(","), "EXTINF without its comma")
        segment.duration = _decimal(value[:-1])
    else:
        segment.uri = line


def _part(value: str) -> ReadPart:
    attributes = _attributes(value)
    independent = attributes.get("INDEPENDENT")
    need(independent in {None, "YES"}, "INDEPENDENT is YES or absent")
    return ReadPart(attributes["URI"], _decimal(attributes["DURATION"]), independent == "YES")


def _check_head(playlist: ReadPlaylist) -> None:
    tags = playlist.tags
    need({"EXT-X-TARGETDURATION", "EXT-X-VERSION"} <= tags.keys(), "a required tag is missing")
    need(int(tags["EXT-X-VERSION"]) >= 6, "EXT-X-MAP wants version 6")
    for segment in playlist.segments:
        need(int(segment.duration + Fraction(1, 2)) <= playlist.target, "EXTINF over the target")
        need(segment.date is not None, "a segment without its date")
    need(tags.get("EXT-X-PLAYLIST-TYPE", "VOD") in {"VOD", "EVENT"}, "unknown type")
    is_vod = tags.get("EXT-X-PLAYLIST-TYPE") == "VOD"
    need(not is_vod or "EXT-X-ENDLIST" in tags, "a VOD without its end")


def _check_parts(playlist: ReadPlaylist) -> None:
    tags, found = playlist.tags, [*playlist.segments, playlist.open_segment]
    parted = [segment for segment in found if segment and segment.parts]
    if "EXT-X-PART-INF" not in tags:
        need(not parted and not playlist.open_segment, "parts without EXT-X-PART-INF (§4.4.3.7)")
        return
    control = _attributes(tags["EXT-X-SERVER-CONTROL"])
    target = _decimal(_attributes(tags["EXT-X-PART-INF"])["PART-TARGET"])
    need(_decimal(control["PART-HOLD-BACK"]) >= 3 * target, "PART-HOLD-BACK under three parts")
    need(_decimal(control["HOLD-BACK"]) >= 3 * playlist.target, "HOLD-BACK under three targets")
    need(control["CAN-BLOCK-RELOAD"] == "YES", "no blocking reload")
    is_ended = "EXT-X-ENDLIST" in tags
    need(is_ended != ("EXT-X-PRELOAD-HINT" in tags), "either the end or a hint (§4.4.5.3)")
    for segment in parted:
        need(all(0 < part.duration <= target for part in segment.parts), "a part over the target")
        total = sum(part.duration for part in segment.parts)
        need(not segment.uri or total == segment.duration, "parts do not add up to the segment")
    _check_parted_tail(playlist, parted)


def _check_parted_tail(playlist: ReadPlaylist, parted: list[ReadSegment]) -> None:
    uris = [part.uri for segment in parted for part in segment.parts]
    need(len(uris) == len(set(uris)), "one part twice")
    need(playlist.hint not in uris, "the hint is of a part that is there")
    need(playlist.open_segment is None or bool(playlist.open_segment.parts), "an empty tail")


def short_parts(playlist: ReadPlaylist) -> list[str]:
    """Return the parts below the 85 % of §4.4.4.9, which independent and last parts may be."""
    target = _decimal(_attributes(playlist.tags["EXT-X-PART-INF"])["PART-TARGET"])
    return [
        part.uri
        for segment in [*playlist.segments, playlist.open_segment]
        if segment
        for part in (segment.parts[:-1] if segment.uri else segment.parts)
        if not part.is_independent and part.duration * 100 < target * 85
    ]
