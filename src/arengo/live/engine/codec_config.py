"""Reads the codec configurations that sources send once before their samples.

H.264: the AVCDecoderConfigurationRecord (ISO/IEC 14496-15:2022 §5.3.3) and, in it, the
sequence parameter set for the picture's size (ITU-T H.264 08/2021 §7.3.2.1.1, §7.4.2.1.1).
AAC: the AudioSpecificConfig (ISO/IEC 14496-3:2019 §1.6.2). Opus: the identification header
(RFC 7845 §5.1), turned into the body of `dOps` ("Encapsulation of Opus in ISO BMFF" §4.3.2).
"""

from __future__ import annotations

import struct

from arengo.live.engine.media import AudioConfig, Unsupported, VideoConfig
from arengo.live.engine.rtmp_errors import FlvError

MAX_SIDE = 16_384  # pixels
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_AAC_RATES = (
    96000,
    88200,
    64000,
    48000,
    44100,
    32000,
    24000,
    22050,
    16000,
    12000,
    11025,
    8000,
    7350,
)
_AAC_CHANNELS = {0: 2, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 14: 8}
_AAC_LC, _AAC_SBR, _AAC_PS = 2, 5, 29
_OPUS_HEAD = struct.Struct("<BBHIhB")
_DOPS = struct.Struct(">BBHIhB")


def parse_avcc(record: bytes) -> VideoConfig | Unsupported:
    """Read an AVCDecoderConfigurationRecord; raise `FlvError` when it is torn."""
    if len(record) < 7 or record[0] != 1:
        raise FlvError("avc_config", "La configurazione H.264 non è leggibile.")
    if record[4] & 3 != 3:  # samples are promised to have 4-byte lengths
        return Unsupported("video", f"H.264 con lunghezze di {(record[4] & 3) + 1} byte")
    width, height = _picture_size(_first_sps(record))
    return VideoConfig(record, width, height)


def _first_sps(record: bytes) -> bytes:
    length = int.from_bytes(record[6:8], "big")
    sps = record[8 : 8 + length]
    if not record[5] & 31 or len(sps) < max(length, 4):
        raise FlvError("avc_config", "La configurazione H.264 non contiene l'SPS.")
    return sps


class _Bits:
    """Reads bits and Exp-Golomb codes (§9.1) from a byte string."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def read(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise FlvError("torn_config", "La configurazione del codificatore è incompleta.")
        return self._value >> self._left & ((1 << count) - 1)

    def unsigned(self) -> int:
        zeros = 0
        while not self.read(1):
            zeros += 1
        if zeros > 32:
            raise FlvError("avc_config", "L'SPS H.264 contiene numeri impossibili.")
        return (1 << zeros) - 1 + self.read(zeros)

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def _picture_size(sps: bytes) -> tuple[int, int]:
    """Return width and height in pixels, cropping applied."""
    bits = _Bits(sps[4:].replace(b"\0\0\3", b"\0\0"))  # without emulation prevention, §7.4.1
    bits.unsigned()  # seq_parameter_set_id
    chroma = _chroma_array_type(bits) if sps[1] in _HIGH_PROFILES else 1
    _skip_picture_order(bits)
    bits.unsigned()  # max_num_ref_frames
    bits.read(1)  # gaps_in_frame_num_value_allowed_flag
    columns, rows = bits.unsigned() + 1, bits.unsigned() + 1
    fields = 2 - bits.read(1)  # 1 when every coded picture is a frame
    if fields == 2:
        bits.read(1)  # mb_adaptive_frame_field_flag
    bits.read(1)  # direct_8x8_inference_flag
    left, right, top, bottom = [bits.unsigned() for _ in range(4)] if bits.read(1) else (0, 0, 0, 0)
    unit_x = 2 if chroma in (1, 2) else 1
    unit_y = (2 if chroma == 1 else 1) * fields
    width = columns * 16 - unit_x * (left + right)
    height = rows * 16 * fields - unit_y * (top + bottom)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise FlvError("avc_config", f"L'SPS H.264 dichiara un quadro di {width} per {height}.")
    return width, height


def _chroma_array_type(bits: _Bits) -> int:
    """Read the fields that only the High profiles have; return ChromaArrayType."""
    chroma = bits.unsigned()
    is_separate = chroma == 3 and bits.read(1)
    bits.unsigned()  # bit_depth_luma_minus8
    bits.unsigned()  # bit_depth_chroma_minus8
    bits.read(1)  # qpprime_y_zero_transform_bypass_flag
    if bits.read(1):
        for index in range(12 if chroma == 3 else 8):
            if bits.read(1):
                _skip_scaling_list(bits, 16 if index < 6 else 64)
    return 0 if is_separate else chroma


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    """Step over one scaling list (§7.3.2.1.1.1)."""
    scale = 8
    for _ in range(size):
        scale = (scale + bits.signed()) % 256
        if scale == 0:
            return


def _skip_picture_order(bits: _Bits) -> None:
    bits.unsigned()  # log2_max_frame_num_minus4
    order_type = bits.unsigned()
    if order_type == 0:
        bits.unsigned()  # log2_max_pic_order_cnt_lsb_minus4
    elif order_type == 1:
        bits.read(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.unsigned(), 255)):
            bits.signed()


def parse_asc(config: bytes) -> AudioConfig | Unsupported:
    """Read an AudioSpecificConfig: AAC-LC, alone or under explicit SBR or PS (HE-AAC).

    `sample_rate` is that of the AAC core, so that a frame lasts 1024 / `sample_rate`;
    decoders find the doubled rate of HE-AAC in the configuration itself.
    """
    bits = _Bits(config)
    object_type = _object_type(bits)
    if object_type not in (_AAC_LC, _AAC_SBR, _AAC_PS):
        return Unsupported("audio", f"AAC (oggetto {object_type})")
    rate = _aac_rate(bits)
    channels = _AAC_CHANNELS.get(bits.read(4))
    if channels is None or not rate:
        raise FlvError("aac_config", "La configurazione AAC non è leggibile.")
    return AudioConfig("aac", config, rate, channels)


def _object_type(bits: _Bits) -> int:
    found = bits.read(5)
    return 32 + bits.read(6) if found == 31 else found


def _aac_rate(bits: _Bits) -> int:
    index = bits.read(4)
    if index == 15:
        return bits.read(24)
    return _AAC_RATES[index] if index < len(_AAC_RATES) else 0


def parse_opus_head(head: bytes) -> AudioConfig:
    """Turn an Opus identification header, with or without its magic, into a `dOps` body.

    The rate is always 48 kHz, Opus's own clock; that of the microphone stays in `extra`.
    """
    body = head.removeprefix(b"OpusHead")
    if len(body) < _OPUS_HEAD.size:
        raise FlvError("opus_config", "La configurazione Opus è incompleta.")
    _, channels, skip, rate, gain, family = _OPUS_HEAD.unpack_from(body)
    mapping = body[_OPUS_HEAD.size :][: 2 + channels] if family else b""
    if not channels or (family and len(mapping) < 2 + channels):
        raise FlvError("opus_config", "La configurazione Opus non è leggibile.")
    extra = _DOPS.pack(0, channels, skip, rate, gain, family) + mapping
    return AudioConfig("opus", extra, 48_000, channels)
