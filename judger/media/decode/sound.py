"""A sound as a judge is sent it: 16 kHz, a channel at a time, so that nothing cancels.

Whatever mixes two channels into one loses what one of them has with the other sign. So channels
that are the same are sent once, and others one after the other.
"""

from __future__ import annotations

import io
import struct
import wave
from dataclasses import dataclass

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from judger.media import pieces
from judger.media.bounds import MAX_CHANNELS, MAX_SAMPLES, MAX_SECONDS, SENT_RATE, SENT_SECONDS
from judger.media.decode.formats import format_of
from judger.media.decode.whole import demand_whole
from judger.media.files import MediaError
from judger.media.pieces import Piece

#: What never gets louder than this share of full scale (-60 dB) is silent.
SILENCE = 0.001 * 2**15
#: Two channels are the same where they differ by less than this share (-40 dB) in every block.
_SAME, _BLOCK = 0.01, SENT_RATE // 20
#: Decoders of sound that are opened; files name any of FFmpeg's.
_CODECS = {
    *("mp3", "mp3float", "mp2", "mp2float", "aac", "ac3", "eac3", "alac", "flac", "vorbis"),
    *("libvorbis", "opus", "libopus", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt"),
}
#: Samples a second below which FFmpeg's resampler returns nothing, and above which nobody hears.
LOWEST_RATE, HIGHEST_RATE = 1000, 768_000
SOUND = "sound"
BROKEN = (av.FFmpegError, IndexError, ValueError, ArithmeticError)


@dataclass(frozen=True)
class Heard:
    """The channels of a sound at `SENT_RATE`, int16; `samples` were decoded of each."""

    channels: np.ndarray
    samples: int


def sound_pieces(data: bytes) -> list[Piece]:
    """A sound file as pieces; MediaError when it is broken, over a bound or not whole."""
    form = format_of(data, "audio")
    demand_whole(data, form.name)
    data = _whole_samples(data) if form.name == "WAV" else data
    try:
        with opened(data, form.decoder) as container:
            if any(not s.disposition & Disposition.attached_pic for s in container.streams.video):
                raise MediaError("a film where a sound is named")
            if len(container.streams.audio) != 1:
                raise MediaError(f"{len(container.streams.audio)} sounds in one file")
            heard = decoded(container)
    except MediaError:
        raise
    except BROKEN as error:
        raise MediaError(f"broken sound: {error}") from error
    if not heard.channels.size:
        raise MediaError("empty sound")
    if heard.samples < (stated := _stated_samples(data, form.name)):
        raise MediaError(f"a file that is cut off ({heard.samples} of {stated} samples are there)")
    return channel_pieces(heard, SOUND)


def _whole_samples(data: bytes) -> bytes:
    """A WAV without the part of a sample at its end, which FFmpeg calls an error."""
    place, block = 12, 0
    while len(data) - place >= 8:
        name, size = struct.unpack_from("<4sI", data, place)
        if name == b"fmt " and len(data) - place >= 22:
            block = struct.unpack_from("<H", data, place + 20)[0]
        if name == b"data" and block:
            there = min(size or len(data), len(data) - place - 8)
            return data[: place + 8 + there - there % block]
        place += 8 + size + size % 2
    return data


def opened(data: bytes, demuxer: str) -> InputContainer:
    """A film or sound for FFmpeg, which may read these bytes in this format and nothing else."""
    options = {"protocol_whitelist": "none", "format_whitelist": demuxer}
    container = av.open(io.BytesIO(data), format=demuxer, container_options=options)
    assert isinstance(container, InputContainer)
    return container


def decoded(container: InputContainer) -> Heard:
    """All channels of a container's one sound; MediaError over a bound."""
    stream = container.streams.audio[0]
    _demand_known(stream)
    layout, rate = stream.codec_context.layout, stream.codec_context.sample_rate
    # Not "s16p": PyAV crashes on a frame with 8 planes or more.
    resampler = av.AudioResampler("s16", layout, rate if rate < LOWEST_RATE else SENT_RATE)
    found: list[np.ndarray] = [np.zeros((1, 0), np.int16)]
    samples, seconds = 0, 0.0
    for frame in container.decode(stream):
        samples += frame.samples
        seconds += frame.samples / frame.sample_rate
        if samples * layout.nb_channels > MAX_SAMPLES:
            raise MediaError(f"sound of over {MAX_SAMPLES} samples")
        if seconds > MAX_SECONDS:
            raise MediaError(f"sound longer than {MAX_SECONDS:.0f} s")
        found += [out.to_ndarray() for out in resampler.resample(frame)]
    found += [out.to_ndarray() for out in resampler.resample(None)]
    channels = np.ascontiguousarray(np.concatenate(found, axis=1).reshape(-1, layout.nb_channels).T)
    return Heard(_drawn_out(channels, rate) if rate < LOWEST_RATE else channels, samples)


def _demand_known(stream: AudioStream) -> None:
    """MediaError unless a sound is of a form that its decoder and the resampler can be trusted."""
    context = stream.codec_context
    if context.name not in _CODECS and not context.name.startswith("pcm_"):
        raise MediaError(f"sound of the form {context.name}")
    if not 1 <= context.layout.nb_channels <= MAX_CHANNELS:
        raise MediaError(f"sound of {context.layout.nb_channels} channels (1 to {MAX_CHANNELS})")
    if not 1 <= context.sample_rate <= HIGHEST_RATE:
        raise MediaError(f"sound of {context.sample_rate} Hz (1 to {HIGHEST_RATE})")


def _drawn_out(channels: np.ndarray, rate: int) -> np.ndarray:
    """A sound of very few samples a second at `SENT_RATE`; FFmpeg's resampler returns none."""
    there = np.arange(channels.shape[1]) / rate
    wanted = np.arange(channels.shape[1] * SENT_RATE // rate) / SENT_RATE
    return np.array([np.interp(wanted, there, c) for c in channels]).astype(np.int16)


def distinct(channels: np.ndarray) -> list[np.ndarray]:
    """The channels that hold something of their own; the first where all are silent."""
    kept: list[np.ndarray] = []
    for channel in channels:
        if loudest(channel) > SILENCE and not any(_same(channel, other) for other in kept):
            kept.append(channel)
    return kept or [channels[0]]


def loudest(channel: np.ndarray) -> int:
    """The largest absolute sample."""
    # int32: the absolute value of the lowest 16-bit number is no 16-bit number
    return int(np.abs(channel.astype(np.int32)).max(initial=0))


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two channels sound alike throughout, be one of them the other upside down."""
    left, right = (_blocks(c.astype(np.float32)) for c in (one, other))
    bound = np.maximum(_SAME * np.maximum(_level(left), _level(right)), SILENCE)
    return bool((_level(left - right) <= bound).all() or (_level(left + right) <= bound).all())


def _blocks(samples: np.ndarray) -> np.ndarray:
    return np.pad(samples, (0, -len(samples) % _BLOCK)).reshape(-1, _BLOCK)


def _level(blocks: np.ndarray) -> np.ndarray:
    return np.asarray(np.sqrt(np.mean(blocks**2, axis=1)))


def channel_pieces(heard: Heard, name: str) -> list[Piece]:
    """Each channel of its own as a WAV, with words where there is more than one or a film."""
    if heard.channels.shape[1] > SENT_SECONDS * SENT_RATE:
        raise MediaError(f"{name} longer than the {SENT_SECONDS:.0f} s that a judge is sent")
    channels = distinct(heard.channels)
    found: list[Piece] = []
    for number, channel in enumerate(channels, 1):
        which = f", channel {number} of {len(channels)}" if len(channels) > 1 else ""
        if which or name != SOUND:
            found.append(pieces.words(f"the {name}{which}:"))
        found.append(pieces.sound(as_wav(channel)))
    return found


def as_wav(samples: np.ndarray) -> bytes:
    """int16 mono samples at `SENT_RATE` as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, SENT_RATE, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def _stated_samples(data: bytes, name: str) -> int:
    """How many samples of each channel a FLAC says that it has; 0 where nothing is said."""
    # The first block: 20 bits of rate, 3 of channels, 5 of depth, 36 of samples.
    return int.from_bytes(data[18:26], "big") & (1 << 36) - 1 if name == "FLAC" else 0
