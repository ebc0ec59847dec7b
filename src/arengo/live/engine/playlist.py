"""Renders HLS playlists from plain descriptions of segments: low latency, plain, captions, master.

All playlists of a sitting number the same segments alike, so that a cue, a part and a file
of the recording are found by one number: `<n>.m4s`, `<n>.<p>.m4s`, `<n>.vtt`, `init-<take>.mp4`.

Source: draft-pantos-hls-rfc8216bis (HTTP Live Streaming, 2nd edition); § numbers are its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from math import inf

_LL_VERSION = 9
_PLAIN_VERSION = 7  # EXT-X-MAP outside an I-frame playlist wants at least 6 (§8)


@dataclass(frozen=True, slots=True)
class Part:
    """A partial segment; independent when its first picture is a key frame (§4.4.4.9)."""

    duration_s: float
    is_independent: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a sitting, or the one being written, whose `duration_s` still grows.

    `start_s` is sitting time, `wall` the aware date and time of its first sample. A gap is a
    segment whose file is lost: it keeps its number and its time but cannot be loaded. One that
    `is_black` was omitted: black and silence stand in its place, in files of other names.
    """

    number: int
    take: int
    start_s: float
    duration_s: float
    wall: datetime
    parts: tuple[Part, ...] = ()
    is_gap: bool = False
    is_black: bool = False

    @property
    def end_s(self) -> float:
        """Return the sitting time of its end."""
        return self.start_s + self.duration_s


@dataclass(frozen=True, slots=True)
class Window:
    """The finished segments that a playlist shows.

    `discontinuity_sequence` counts the changes of take that have left the window, and
    `target_s` is EXT-X-TARGETDURATION: it may never change (§6.2.1), so it is wide enough from
    the start for a good encoder and grows only when a longer segment leaves no choice.
    """

    segments: tuple[Segment, ...] = ()
    discontinuity_sequence: int = 0
    target_s: int = 2


@dataclass(frozen=True, slots=True)
class Variant:
    """One quality of the same sitting; bandwidths in bit/s, `codecs` as RFC 6381 names."""

    uri: str
    bandwidth: int
    codecs: tuple[str, ...]
    resolution: tuple[int, int] | None = None
    frame_rate: float | None = None
    average_bandwidth: int | None = None


def init_name(take: int) -> str:
    """Return the name of a take's initialisation segment."""
    return f"init-{take}.mp4"


def black_init_name(take: int) -> str:
    """Return the name of the initialisation segment of what stands for a take's omitted parts."""
    return f"black-{take}.mp4"


def black_name(number: int) -> str:
    """Return the name of what stands in an omitted segment's place; no cache knows it."""
    return f"{number}.black.m4s"


def segment_name(number: int) -> str:
    """Return the name of a segment."""
    return f"{number}.m4s"


def part_name(number: int, part: int) -> str:
    """Return the name of a part, from 0 in each segment."""
    return f"{number}.{part}.m4s"


def captions_name(number: int) -> str:
    """Return the name of the WebVTT file of a segment."""
    return f"{number}.vtt"


def slide(window: Window, segment: Segment, *, keep_s: float = inf) -> Window:
    """Return the window with one more segment, and without the oldest that `keep_s` can spare.

    At least three target durations stay whatever `keep_s` is (§6.2.2). ValueError when the
    number does not follow, because a client would then show other media than the number says.
    """
    if window.segments and segment.number != window.segments[-1].number + 1:
        message = f"segment {segment.number} does not follow {window.segments[-1].number}"
        raise ValueError(message)
    target_s = max(window.target_s, _rounded(segment.duration_s))
    segments = (*window.segments, segment)
    first = _first_kept(segments, max(keep_s, 3 * target_s))
    gone = window.discontinuity_sequence + discontinuities(segments[: first + 1])
    return Window(segments[first:], gone, target_s)


def window_of(segments: Iterable[Segment], *, target_s: int = 2) -> Window:
    """Return the window of a whole recording."""
    found = tuple(segments)
    target_s = max([target_s, *(_rounded(segment.duration_s) for segment in found)])
    for before, after in pairwise(found):
        if after.number != before.number + 1:
            message = f"segment {after.number} does not follow {before.number}"
            raise ValueError(message)
    return Window(found, 0, target_s)


def live_playlist(
    window: Window,
    *,
    part_target_s: float,
    open_segment: Segment | None = None,
    is_closed: bool = False,
) -> str:
    """Return the low-latency playlist (§4.4.3.7–9, §4.4.4.9, §4.4.5.3, §6.2.5.2, appendix B).

    PART-TARGET is the longest part listed, and at least `part_target_s`. A part that is longer
    than usual (one long picture) therefore raises it, and the hold-back with it, for as long as
    it is listed; the others are then shorter than the 85 % that §4.4.4.9 asks: Apple's players
    complain of that and hls.js does not. Parts already published cannot be joined, so the
    packager keeps them even. Parts are listed for three target durations (§6.2.2) and their
    files must answer for three more.
    """
    shown = _with_open(window.segments, open_segment)
    target_s = max([window.target_s, *(_rounded(segment.duration_s) for segment in shown[-1:])])
    oldest_s = shown[-1].end_s - 3 * target_s if shown else 0.0
    parted = {s.number: s for s in shown if s.parts and s.end_s > oldest_s and not s.is_gap}
    longest_us = max([_micro(part_target_s), *map(_longest_part_us, parted.values())])
    head = [
        *_head(_LL_VERSION, replace(window, target_s=target_s)),
        (
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,"
            f"PART-HOLD-BACK={_decimal(3 * longest_us)},HOLD-BACK={3 * target_s}.0"
        ),
        f"#EXT-X-PART-INF:PART-TARGET={_decimal(longest_us)}",
    ]
    entries = (
        line
        for before, segment in _with_previous(shown)
        for line in _live_entry(
            segment,
            before,
            has_parts=segment.number in parted,
            is_open=segment is open_segment,
        )
    )
    return _text(head, entries, "#EXT-X-ENDLIST" if is_closed else _hint(shown, open_segment))


def plain_playlist(window: Window, *, is_whole: bool = False, is_closed: bool = False) -> str:
    """Return the same segments for any player and any cache, without parts (§4.4.3).

    The whole recording is EVENT while the sitting lasts and VOD when it is over (§4.4.3.5);
    a window has no type because it loses segments.
    """
    head = [*_head(_PLAIN_VERSION, window), *_type(is_whole=is_whole, is_closed=is_closed)]
    entries = (
        line
        for before, segment in _with_previous(window.segments)
        for line in segment_entry(segment, before)
    )
    return _text(head, entries, *_end(is_closed=is_closed))


def subtitle_playlist(window: Window, *, is_whole: bool = False, is_closed: bool = False) -> str:
    """Return the WebVTT rendition, segment by segment the video's (§3.1.4, §6.2.4).

    Pass only the segments whose captions are final: the rendition may lag, never change.
    """
    head = [*_head(_PLAIN_VERSION, window), *_type(is_whole=is_whole, is_closed=is_closed)]
    entries = (
        line
        for before, segment in _with_previous(window.segments)
        for line in (
            *_take_lines(segment, before, has_map=False),
            _date_line(segment),
            _duration_line(segment),
            captions_name(segment.number),
        )
    )
    return _text(head, entries, *_end(is_closed=is_closed))


def master_playlist(variants: Sequence[Variant], *, subtitles_uri: str | None = None) -> str:
    """Return the multivariant playlist, with the Italian captions when there are any (§4.4.6)."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_PLAIN_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if subtitles_uri is not None:
        lines.append(
            '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",LANGUAGE="it",NAME="Italiano",'
            "DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,"
            'CHARACTERISTICS="public.accessibility.transcribes-spoken-dialog",'
            f'URI="{subtitles_uri}"'
        )
    for variant in variants:
        has_subtitles = subtitles_uri is not None
        attributes = ",".join(_variant_attributes(variant, has_subtitles=has_subtitles))
        lines += [f"#EXT-X-STREAM-INF:{attributes}", variant.uri]
    return "\n".join(lines) + "\n"


def segment_entry(segment: Segment, before: Segment | None) -> list[str]:
    """Return the lines of one segment of a plain playlist, as `plain_playlist` has them.

    Made for whoever keeps the text of a six-hour recording and only adds to it.
    """
    gap = ["#EXT-X-GAP"] if segment.is_gap else []
    return [
        *_take_lines(segment, before, has_map=True),
        _date_line(segment),
        *gap,
        _duration_line(segment),
        black_name(segment.number) if segment.is_black else segment_name(segment.number),
    ]


def _with_open(segments: tuple[Segment, ...], open_segment: Segment | None) -> list[Segment]:
    """Return what a live playlist shows: an open segment counts from its first part on."""
    if open_segment is None or not open_segment.parts:
        return [*segments]
    if segments and open_segment.number != segments[-1].number + 1:
        message = f"open segment {open_segment.number} does not follow {segments[-1].number}"
        raise ValueError(message)
    return [*segments, open_segment]


def _live_entry(
    segment: Segment, before: Segment | None, *, has_parts: bool, is_open: bool
) -> Iterator[str]:
    """Yield what belongs to the whole segment before its parts, as §4.4.4.9 wants."""
    *opening, duration, name = segment_entry(segment, before)
    yield from opening
    if has_parts:
        yield from _part_lines(segment)
    if not is_open:
        yield duration
        yield name


def _part_lines(segment: Segment) -> Iterator[str]:
    for index, (part, duration_us) in enumerate(_part_durations(segment)):
        independent = ",INDEPENDENT=YES" if part.is_independent else ""
        uri = part_name(segment.number, index)
        yield f'#EXT-X-PART:DURATION={_decimal(duration_us)},URI="{uri}"{independent}'


def _part_durations(segment: Segment) -> Iterator[tuple[Part, int]]:
    """Yield each part with its µs, so rounded that they add up to what the segment says."""
    end_s = segment.start_s
    for part in segment.parts:
        start_s, end_s = end_s, end_s + part.duration_s
        yield part, _micro(end_s) - _micro(start_s)


def _longest_part_us(segment: Segment) -> int:
    return max(duration_us for _part, duration_us in _part_durations(segment))


def _hint(shown: list[Segment], open_segment: Segment | None) -> str:
    """Return the next part's address, that a client asks for before it exists (§4.4.5.3)."""
    if open_segment:
        name = part_name(open_segment.number, len(open_segment.parts))
    else:
        name = part_name(shown[-1].number + 1 if shown else 0, 0)
    return f'#EXT-X-PRELOAD-HINT:TYPE=PART,URI="{name}"'


def _head(version: int, window: Window) -> list[str]:
    first = window.segments[0].number if window.segments else 0
    return [
        "#EXTM3U",
        f"#EXT-X-VERSION:{version}",
        f"#EXT-X-TARGETDURATION:{window.target_s}",
        f"#EXT-X-MEDIA-SEQUENCE:{first}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{window.discontinuity_sequence}",
        "#EXT-X-INDEPENDENT-SEGMENTS",
    ]


def _type(*, is_whole: bool, is_closed: bool) -> list[str]:
    if not is_whole:
        return []
    return [f"#EXT-X-PLAYLIST-TYPE:{'VOD' if is_closed else 'EVENT'}"]


def _end(*, is_closed: bool) -> list[str]:
    return ["#EXT-X-ENDLIST"] if is_closed else []


def _text(head: Iterable[str], entries: Iterable[str], *end: str) -> str:
    return "\n".join((*head, *entries, *end)) + "\n"


def _with_previous(segments: Sequence[Segment]) -> Iterator[tuple[Segment | None, Segment]]:
    before = None
    for segment in segments:
        yield before, segment
        before = segment


def _take_lines(segment: Segment, before: Segment | None, *, has_map: bool) -> list[str]:
    """Return what a new take says: the clock or the codec broke, and here is its init segment."""
    if before is not None and not _is_change(before, segment):
        return []
    found = ["#EXT-X-DISCONTINUITY"] if before is not None else []
    init = black_init_name(segment.take) if segment.is_black else init_name(segment.take)
    return [*found, f'#EXT-X-MAP:URI="{init}"'] if has_map else found


def _is_change(before: Segment, after: Segment) -> bool:
    return (before.take, before.is_black) != (after.take, after.is_black)


def _date_line(segment: Segment) -> str:
    """Return EXT-X-PROGRAM-DATE-TIME in UTC, to the millisecond (§4.4.4.6)."""
    wall = segment.wall.astimezone(UTC).replace(tzinfo=None)
    return f"#EXT-X-PROGRAM-DATE-TIME:{wall.isoformat(timespec='milliseconds')}Z"


def _duration_line(segment: Segment) -> str:
    """Return EXTINF as the difference of rounded times, so that a sum of them never drifts."""
    return f"#EXTINF:{_decimal(_micro(segment.end_s) - _micro(segment.start_s))},"


def _variant_attributes(variant: Variant, *, has_subtitles: bool) -> Iterator[str]:
    yield f"BANDWIDTH={variant.bandwidth}"
    if variant.average_bandwidth is not None:
        yield f"AVERAGE-BANDWIDTH={variant.average_bandwidth}"
    yield f'CODECS="{",".join(variant.codecs)}"'
    if variant.resolution is not None:
        yield "RESOLUTION={}x{}".format(*variant.resolution)
    if variant.frame_rate is not None:
        yield f"FRAME-RATE={variant.frame_rate:.3f}"
    if has_subtitles:
        yield 'SUBTITLES="subs"'
    yield "CLOSED-CAPTIONS=NONE"


def _first_kept(segments: tuple[Segment, ...], keep_s: float) -> int:
    """Return the index of the newest segment that still leaves `keep_s` of media."""
    if keep_s == inf:
        return 0
    index = 0
    left_s = sum([segment.duration_s for segment in segments])
    while left_s - segments[index].duration_s >= keep_s:
        left_s -= segments[index].duration_s
        index += 1
    return index


def discontinuities(segments: Sequence[Segment]) -> int:
    """Return how often take, or what stands for it, changes: EXT-X-DISCONTINUITY-SEQUENCE."""
    return sum(_is_change(before, after) for before, after in pairwise(segments))


def _micro(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _decimal(microseconds: int) -> str:
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"


def _rounded(duration_s: float) -> int:
    """Return the least EXT-X-TARGETDURATION for a segment: to the nearest second (§4.4.3.1)."""
    return int((_micro(duration_s) + 500_000) // 1_000_000)
