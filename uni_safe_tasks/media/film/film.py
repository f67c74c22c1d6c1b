"""Films: a storyboard's shots moved by simple camera work, encoded as H.264 in MP4.

Bytes are the same every time: one encoder thread, and flags that leave out versions and dates.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from uni_safe_tasks.media.film.shot import pictures
from uni_safe_tasks.media.speech.sound_files import Samples, encode
from uni_safe_tasks.media.speech.speak import samples
from uni_safe_tasks.scenario.schema import Frame, Utterance

FPS = 8
SIZE = (480, 360)
SHORTEST, LONGEST, LONGEST_SPOKEN = 3.0, 6.0, 10.0
SOUND_RATE = 16_000
#: A shot must be seen by whoever takes one frame a second.
LEAST_SHOT = 1.1


def durations(shots: Sequence[Frame], least: float = 0.0) -> list[int]:
    """How many frames each shot lasts; wordy shots last longer.

    `least` is the shortest sum in seconds, else the sum is between 3 and 6 seconds.
    """
    total = max(min(max(1.5 * len(shots), SHORTEST), LONGEST), least)
    words = [_wordiness(shot) for shot in shots]
    spare = max(0.0, total - LEAST_SHOT * len(shots))
    seconds = [LEAST_SHOT + spare * (30 + n) / sum(30 + m for m in words) for n in words]
    return [round(s * FPS) for s in seconds]


def _wordiness(shot: Frame) -> int:
    """How much there is to read or to follow in a shot, in letters."""
    shown = 0 if shot.kind == "scene" else len(shot.title)
    acted = sum(len(thing.caption) + (25 if thing.does else 0) for thing in shot.things)
    return shown + sum(map(len, shot.lines)) + len(shot.footer) + acted


def _pictures(
    shots: Sequence[Frame], counts: Sequence[int], size: tuple[int, int], seed: str
) -> Iterator[Image.Image]:
    last: Image.Image | None = None
    for number, (shot, count) in enumerate(zip(shots, counts, strict=True), 1):
        try:
            for picture in pictures(shot, count, size, seed, last):
                last = picture
                yield picture
        except ValueError as error:
            raise type(error)(f"shot {number}: {error}") from error


def film(
    shots: Sequence[Frame],
    speech: Sequence[Utterance] = (),
    seed: str = "",
    size: tuple[int, int] = SIZE,
) -> bytes:
    """The storyboard as an MP4 file: H.264, yuv420p, 8 frames a second, 3 to 6 seconds.

    With `speech` there is an AAC track, and the film lasts as long as they do.

    Raises:
        ValueError: no shots; odd `size`; a shot cannot be drawn (names it as "shot 2"); the speech
            lasts over 10 seconds.
        RuntimeError: the speaking model or a font is not installed.
    """
    if not shots or size[0] % 2 or size[1] % 2:
        raise ValueError(f"a film needs shots, and an even size; it has {len(shots)} and {size}")
    sound = samples(speech, SOUND_RATE) if speech else None
    spoken = 0.0 if sound is None else len(sound) / SOUND_RATE
    if spoken > LONGEST_SPOKEN:
        raise ValueError(f"speech: lasts {spoken:.1f} s, over {LONGEST_SPOKEN:g} s")
    # The MP4 muxer moves its index to the front by re-reading the file: it needs a path.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        _write(path, _pictures(shots, durations(shots, spoken), size, seed), size, sound)
        return path.read_bytes()


def _write(
    path: Path,
    shown: Iterator[Image.Image],
    size: tuple[int, int],
    sound: Samples | None,
) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        # x264's assembly reads memory that it did not set, so its bytes vary; its C code does not.
        coding = {"crf": "31", "preset": "slow", "x264-params": "threads=1:keyint=48:no-asm=1"}
        stream = container.add_stream("libx264", rate=FPS, options=coding)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        track = None
        if sound is not None:
            track = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
            track.bit_rate = 28_000
        for number, picture in enumerate(shown):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None and sound is not None:
            encode(container, track, sound)
