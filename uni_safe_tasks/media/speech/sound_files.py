"""Sound into files and out of them: what a run of the benchmark needs, too.

Samples are float32 in -1..1, mono.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.resampler import AudioResampler

Samples = npt.NDArray[np.float32]


RATE = 16_000
LONGEST = 120.0


def resample(frames: Iterator[av.AudioFrame], rate: int) -> Iterator[Samples]:
    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    for frame in frames:
        for out in resampler.resample(frame):
            yield out.to_ndarray()[0]
    for out in resampler.resample(None):
        yield out.to_ndarray()[0]


def frame_of(samples: Samples, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
    frame.sample_rate = rate
    return frame


def encode(container: av.container.OutputContainer, stream: av.AudioStream, data: Samples) -> None:
    """Adds `data`, at the stream's own rate, to a file being written, and ends the stream."""
    # Without this flag the muxer draws a random serial number and names the library's version.
    stream.codec_context.flags |= av.codec.context.Flags.bitexact
    rate = stream.codec_context.sample_rate
    for start in range(0, len(data), rate):
        frame = frame_of(data[start : start + rate], rate)
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
            for piece in resample(container.decode(audio=0), RATE):
                pieces.append(piece)
                length += len(piece)
                if length > longest * RATE:
                    raise ValueError(f"{path}: lasts over {longest:g} s")
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise ValueError(f"{path}: not a media file that FFmpeg reads") from error
    if not length:
        raise ValueError(f"{path}: there is no sound in it")
    return np.concatenate(pieces), RATE
