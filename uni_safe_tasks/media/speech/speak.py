"""Turns of speech put together, with what lies behind them, stored as Opus in Ogg."""

from __future__ import annotations

import io
from collections.abc import Sequence

import av
import numpy as np

from uni_safe_tasks.media.speech.kokoro import RATE as SPOKEN_RATE
from uni_safe_tasks.media.speech.kokoro import spoken
from uni_safe_tasks.media.speech.noise import behind
from uni_safe_tasks.media.speech.sound_files import RATE, Samples, encode, frame_of, resample
from uni_safe_tasks.scenario.schema import Noise, Utterance

PAUSE, EDGE = 0.2, 0.2
BITRATE = 16_000


def samples(turns: Sequence[Utterance], rate: int = RATE, noise: Noise = "") -> Samples:
    """The turns spoken one after the other, with `PAUSE` seconds between them, at `rate` Hz.

    Raises:
        RuntimeError: the speaking model or espeak-ng is not installed.
        ValueError: a text has nothing that can be spoken.
    """
    quiet = np.zeros(round(EDGE * rate), dtype=np.float32)
    pause = np.zeros(round(PAUSE * rate), dtype=np.float32)
    pieces = [quiet]
    for number, turn in enumerate(turns):
        pieces.extend([pause] if number else [])
        pieces.extend(resample(iter([frame_of(spoken(turn), SPOKEN_RATE)]), rate))
    return behind(np.concatenate([*pieces, quiet]).astype(np.float32), rate, noise)


def speak(turns: Sequence[Utterance], noise: Noise = "") -> bytes:
    """The turns as an Ogg file: Opus, mono, about 20 kbit/s; on one machine always the same bytes.

    Raises:
        RuntimeError: the speaking model or espeak-ng is not installed.
        ValueError: a text has nothing that can be spoken.
    """
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        options = {"application": "voip", "vbr": "on", "compression_level": "10"}
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options=options)
        stream.bit_rate = BITRATE
        encode(container, stream, samples(turns, RATE, noise))
    return buffer.getvalue()
