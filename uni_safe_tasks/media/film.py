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

from uni_safe_tasks.media import speech as voice
from uni_safe_tasks.media.layout import FitError
from uni_safe_tasks.media.motion import moved
from uni_safe_tasks.media.picture import draw
from uni_safe_tasks.suite.schema import Frame, Motion, Utterance

FPS = 8
SIZE = (480, 360)
SHORTEST, LONGEST, LONGEST_SPOKEN = 3.0, 6.0, 10.0
SOUND_RATE = 16_000
#: A shot must be seen by whoever takes one frame a second.
LEAST_SHOT = 1.1
MOST_FRAMES = 1200
#: How much wider and higher than the film a wordless scene is drawn, for the camera to move in.
SPACE: dict[Motion, tuple[float, float]] = {"pan": (1.25, 1.0), "zoom": (1.25, 1.25)}


def _still(shot: Frame, size: tuple[int, int], seed: str) -> Image.Image:
    """The shot's picture: of `size`, or larger where the camera may look around in it."""
    roomy = SPACE.get(shot.motion)
    if roomy and shot.kind == "scene" and not shot.footer:
        return draw(shot, (round(size[0] * roomy[0]), round(size[1] * roomy[1])), seed)
    try:
        return draw(shot, size, seed)
    except FitError:
        # A fifth larger and reduced: letters of 11 pixels instead of 13 are still legible.
        larger = (round(size[0] * 1.2), round(size[1] * 1.2))
        return draw(shot, larger, seed).resize(size, Image.Resampling.LANCZOS)


def durations(shots: Sequence[Frame], least: float = 0.0) -> list[int]:
    """How many frames each shot lasts; wordy shots last longer.

    `least` is the shortest sum in seconds, else the sum is between 3 and 6 seconds.
    """
    total = max(min(max(1.5 * len(shots), SHORTEST), LONGEST), least)
    words = [len(shot.title) + sum(map(len, shot.lines)) + len(shot.footer) for shot in shots]
    spare = max(0.0, total - LEAST_SHOT * len(shots))
    seconds = [LEAST_SHOT + spare * (30 + n) / sum(30 + m for m in words) for n in words]
    return [round(s * FPS) for s in seconds]


def _pictures(
    shots: Sequence[Frame], counts: Sequence[int], size: tuple[int, int], seed: str
) -> Iterator[Image.Image]:
    last: Image.Image | None = None
    for shot, count in zip(shots, counts, strict=True):
        still, before = _still(shot, size, seed), last
        for n in range(count):
            last = moved(still, size, shot.motion, n, count, before)
            yield last


def film(
    shots: Sequence[Frame],
    speech: Sequence[Utterance] = (),
    seed: str = "",
    size: tuple[int, int] = SIZE,
    lang: str = "en",
) -> bytes:
    """The storyboard as an MP4 file: H.264, yuv420p, 8 frames a second, 3 to 6 seconds.

    With `speech` there is an AAC track, and the film lasts as long as they do.

    Raises:
        ValueError: no shots; odd `size`; a shot cannot be drawn (names it as "shot 2"); the speech
            lasts over 10 seconds.
        RuntimeError: espeak-ng or a font is not installed.
    """
    if not shots or size[0] % 2 or size[1] % 2:
        raise ValueError(f"a film needs shots, and an even size; it has {len(shots)} and {size}")
    sound = voice.samples(speech, SOUND_RATE, lang) if speech else None
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
    pictures: Iterator[Image.Image],
    size: tuple[int, int],
    sound: voice.Samples | None,
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
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None and sound is not None:
            voice.encode(container, track, sound)


def frames(path: Path | str, n: int) -> list[Image.Image]:
    """`n` evenly spaced frames of a film, RGB: the middles of n equal stretches.

    Raises:
        ValueError: `n` is not 1..64; the file has no pictures, is not a film, or has over 1200
            frames; names the file.
        OSError: the file cannot be read.
    """
    if not 1 <= n <= 64:
        raise ValueError(f"{path}: between 1 and 64 frames can be taken, not {n}")
    kept: list[av.VideoFrame] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ValueError(f"{path}: there are no pictures in it")
            for frame in container.decode(video=0):
                kept.append(frame)
                if len(kept) > MOST_FRAMES:
                    raise ValueError(f"{path}: has over {MOST_FRAMES} frames")
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        raise ValueError(f"{path}: not a film that FFmpeg reads") from error
    if not kept:
        raise ValueError(f"{path}: there are no pictures in it")
    wanted = [(2 * i + 1) * len(kept) // (2 * n) for i in range(n)]
    return [Image.fromarray(kept[at].to_ndarray(format="rgb24")) for at in wanted]
