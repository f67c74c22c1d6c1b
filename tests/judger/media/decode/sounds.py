"""Sounds made on the spot, in every form that is opened."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream

from judger.media.pieces import Piece

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".mp3": "libmp3lame",
    ".ogg": "libvorbis",
    ".opus": "libopus",
    ".m4a": "aac",
    ".webm": "libopus",
}
RATE = 48_000


def tone(seconds: float = 1.0, frequency: float = 440.0, loudness: float = 0.5) -> np.ndarray:
    """A sine, float from -1 to 1."""
    return loudness * np.sin(2 * np.pi * frequency * np.arange(int(seconds * RATE)) / RATE)


def sound(path: Path, *channels: np.ndarray) -> Path:
    """A sound of one or two channels, by the end of its name."""
    waves = channels or (tone(),)
    layout = {1: "mono", 2: "stereo"}[len(waves)]
    packed = (np.stack(waves, axis=1) * 32767).astype(np.int16).reshape(1, -1)
    with av.open(str(path), "w") as container:
        added = container.add_stream(CODECS[path.suffix], rate=RATE, layout=layout)
        stream = cast(AudioStream, added)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=layout)
        frame.sample_rate = RATE
        fifo, wanted = av.AudioFifo(), stream.codec_context.frame_size or 1024
        resampler = av.AudioResampler(stream.codec_context.format, layout, RATE)
        for piece in resampler.resample(frame):
            piece.pts = None
            fifo.write(piece)
        while (part := fifo.read(wanted) or fifo.read()) is not None:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def heard(piece: Piece) -> np.ndarray:
    """The samples of a piece, float from -1 to 1."""
    import soundfile

    samples: np.ndarray
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(piece.data)), dtype="float32")
    assert rate == 16_000 and samples.ndim == 1
    return samples
