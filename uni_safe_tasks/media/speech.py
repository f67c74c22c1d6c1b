"""Speech: utterances spoken by espeak-ng, stored as Opus in Ogg, and decoded again.

Samples are float32 in -1..1, mono.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

from uni_safe_tasks.suite.schema import Utterance, Voice

Samples = npt.NDArray[np.float32]

RATE = 16_000
PAUSE = 0.35
EDGE = 0.15
LONGEST = 120.0
BITRATE = 16_000
#: voice -> (accent of English, espeak-ng variant, words a minute, pitch 0..99). The accent "en-gb"
#: is left out because espeak-ng 1.51 ignores variants with it.
VOICES: dict[Voice, tuple[str, str, int, int]] = {
    "anna": ("en", "f3", 160, 58),
    "ben": ("en-us", "m3", 156, 40),
    "carla": ("en-us", "f4", 172, 66),
    "dev": ("en-gb-x-rp", "m7", 166, 52),
    "erin": ("en-gb-scotland", "f2", 152, 50),
    "finn": ("en", "m1", 178, 62),
    "grace": ("en-us", "f5", 142, 44),
    "hugo": ("en-gb-x-rp", "m4", 146, 24),
}


def _twice(command: Sequence[str], text: bytes) -> bytes:
    """What two runs of a command agree on.

    espeak-ng 1.51 once in thousands of runs speaks the same text a little otherwise.
    """
    seen: set[bytes] = set()
    while True:
        done = subprocess.run(command, input=text, capture_output=True, check=True, timeout=60)
        if done.stdout in seen:
            return done.stdout
        seen.add(done.stdout)
        if len(seen) > 8:
            raise RuntimeError(f"{' '.join(command)}: no two runs of nine agree")


def _espeak(utterance: Utterance, lang: str) -> tuple[Samples, int]:
    accent, variant, rate, pitch = VOICES[utterance.voice]
    voice = f"{accent if lang == 'en' else lang}+{variant}"
    # A fresh process each time: espeak-ng keeps state between texts, and bytes would differ.
    command = ["espeak-ng", "-v", voice, "-s", str(rate), "-p", str(pitch), "--stdin", "--stdout"]
    # Double brackets would be read as phoneme names.
    text = utterance.text.replace("[[", "[").replace("]]", "]")
    try:
        wav = _twice(command, text.encode())
    except FileNotFoundError as error:
        raise RuntimeError("espeak-ng is missing: apt-get install espeak-ng") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"espeak-ng -v {voice} failed: {error.stderr.decode()}") from error
    # Written to a pipe, the WAV header's length is a dummy; its 44 bytes are otherwise plain.
    rate_hz = int.from_bytes(wav[24:28], "little")
    raw = np.frombuffer(wav[44:], dtype="<i2").astype(np.float32) / 32768
    heard = np.flatnonzero(np.abs(raw) > 0.004)
    if not len(heard):
        raise ValueError(f"speech: {utterance.voice} says nothing for {utterance.text!r}")
    raw = raw[heard[0] : heard[-1] + 1]
    return (raw * (0.7 / np.abs(raw).max())).astype(np.float32), rate_hz


def _resample(frames: Iterator[av.AudioFrame], rate: int) -> Iterator[Samples]:
    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    for frame in frames:
        for out in resampler.resample(frame):
            yield out.to_ndarray()[0]
    for out in resampler.resample(None):
        yield out.to_ndarray()[0]


def _frame(samples: Samples, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
    frame.sample_rate = rate
    return frame


def samples(turns: Sequence[Utterance], rate: int = RATE, lang: str = "en") -> Samples:
    """The turns spoken one after the other, with `PAUSE` seconds between them, at `rate` Hz.

    Raises:
        RuntimeError: espeak-ng is not installed, or fails.
        ValueError: a text has nothing that can be spoken.
    """
    quiet = np.zeros(round(EDGE * rate), dtype=np.float32)
    pause = np.zeros(round(PAUSE * rate), dtype=np.float32)
    pieces = [quiet]
    for number, turn in enumerate(turns):
        raw, own_rate = _espeak(turn, lang)
        pieces.extend([pause] if number else [])
        pieces.extend(_resample(iter([_frame(raw, own_rate)]), rate))
    return np.concatenate([*pieces, quiet]).astype(np.float32)


def speak(turns: Sequence[Utterance], lang: str = "en") -> bytes:
    """The turns as an Ogg file: Opus, mono, about 20 kbit/s; the same bytes every time.

    Raises:
        RuntimeError: espeak-ng is not installed, or fails.
        ValueError: a text has nothing that can be spoken.
    """
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        options = {"application": "voip", "vbr": "on", "compression_level": "10"}
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options=options)
        stream.bit_rate = BITRATE
        encode(container, stream, samples(turns, RATE, lang))
    return buffer.getvalue()


def encode(container: av.container.OutputContainer, stream: av.AudioStream, data: Samples) -> None:
    """Adds `data`, at the stream's own rate, to a file being written, and ends the stream."""
    # Without this flag the muxer draws a random serial number and names the library's version.
    stream.codec_context.flags |= av.codec.context.Flags.bitexact
    rate = stream.codec_context.sample_rate
    for start in range(0, len(data), rate):
        frame = _frame(data[start : start + rate], rate)
        frame.pts = start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def decode(path: Path | str, longest: float = LONGEST) -> tuple[Samples, int]:
    """The sound of an audio (or film) file as float32 mono samples at 16 kHz, and that rate.

    Raises:
        ValueError: no sound in the file, not a media file, or longer than `longest` seconds;
            names the file.
        OSError: the file cannot be read.
    """
    pieces: list[Samples] = []
    length = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise ValueError(f"{path}: there is no sound in it")
            for piece in _resample(container.decode(audio=0), RATE):
                pieces.append(piece)
                length += len(piece)
                if length > longest * RATE:
                    raise ValueError(f"{path}: lasts over {longest:g} s")
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise ValueError(f"{path}: not a media file that FFmpeg reads") from error
    if not length:
        raise ValueError(f"{path}: there is no sound in it")
    return np.concatenate(pieces), RATE
