"""The few types that every part of the live path speaks: codec configurations and samples.

Times are integer microseconds on the clock of the source; a sample's bytes are as
in MP4: H.264 NAL units each behind a 4-byte length, one raw AAC frame, one Opus packet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Track = Literal["video", "audio"]


@dataclass(frozen=True, slots=True)
class VideoConfig:
    """H.264: `avcc` is the AVCDecoderConfigurationRecord (ISO 14496-15 §5.3.3)."""

    avcc: bytes
    width: int
    height: int

    @property
    def codec(self) -> str:
        """Return the RFC 6381 name, for example `avc1.64001f`."""
        return f"avc1.{self.avcc[1]:02x}{self.avcc[2]:02x}{self.avcc[3]:02x}"


@dataclass(frozen=True, slots=True)
class AudioConfig:
    """AAC (`extra` is the AudioSpecificConfig) or Opus (`extra` is the body of `dOps`)."""

    kind: Literal["aac", "opus"]
    extra: bytes
    sample_rate: int
    channels: int

    @property
    def codec(self) -> str:
        """Return the RFC 6381 name."""
        return "opus" if self.kind == "opus" else f"mp4a.40.{self.extra[0] >> 3}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One coded picture or audio frame; `pts_us - dts_us` is the composition offset (≥ 0)."""

    track: Track
    dts_us: int
    pts_us: int
    is_key: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The source sends something outside the list; `codec` names it for the operator."""

    track: Track
    codec: str


MediaEvent = VideoConfig | AudioConfig | Sample | Unsupported
