"""A film as a judge is shown it: evenly spaced frames, and its sound track."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from judger.media.files import MAX_PIXELS, MAX_SAMPLES, MAX_SECONDS, SENT_RATE, MediaError
from judger.media.frames import Frame, Shot, Spent, shots, shrunk, spaced

#: Pixels of all frames of a film: five minutes of 1920x1080 at 30 frames a second.
MAX_FILM_PIXELS = 20_000_000_000
#: A sound track that never gets louder than this share of full scale (-60 dB) is silent.
SILENCE = 0.001


def film_shots(path: Path, count: int, longest: int) -> list[Shot]:
    """`count` frames of a film, longest side at most `longest` pixels; MediaError when broken."""
    stated, real, frames = _decode(path, count, longest)
    if real != stated:  # the header states no count, or a wrong one: once more, by the real one
        _, _, frames = _decode(path, count, longest, real)
    return shots(frames, min(real, count), path)


def sound_track(path: Path) -> np.ndarray | None:
    """The sound of a film as int16 mono at `SENT_RATE`; None without one, or where it is silent."""
    try:
        with av.open(str(path)) as container:
            _pictures(container, path)
            if not container.streams.audio:
                return None
            track = _samples(container, path)
    except MediaError:
        raise
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise MediaError(f"broken sound track of film {path}: {error}") from error
    # int32: the absolute value of the lowest 16-bit number is no 16-bit number
    loudest = np.abs(track.astype(np.int32)).max(initial=0)
    return track if loudest > SILENCE * 2**15 else None


def _decode(
    path: Path, count: int, longest: int, total: int | None = None
) -> tuple[int, int, list[Frame]]:
    """The number of frames stated and found, and `count` of them spaced over `total` [stated]."""
    chosen: list[Frame] = []
    spent = Spent(path, MAX_FILM_PIXELS)
    try:
        with av.open(str(path)) as container:
            stream = _pictures(container, path)
            if stream.width * stream.height > MAX_PIXELS:
                raise MediaError(f"film of {stream.width}x{stream.height} is too large: {path}")
            wanted = spaced(stream.frames if total is None else total, count)
            for index, frame in enumerate(container.decode(stream)):
                seconds = frame.time or 0.0
                if seconds > MAX_SECONDS:
                    raise MediaError(f"film longer than {MAX_SECONDS:.0f} s: {path}")
                spent.frame(frame.width, frame.height)
                if index in wanted:
                    jpeg = shrunk(frame.to_image(), longest)
                    chosen.append(Frame(seconds, (("", jpeg),)))
            stated = stream.frames
    except MediaError:
        raise
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise MediaError(f"broken film {path}: {error}") from error
    return stated, spent.frames, chosen


def _pictures(container: InputContainer, path: Path) -> VideoStream:
    """The track of pictures; MediaError when there is more to see or hear than a judge is given."""
    streams = container.streams
    # A cover is no part of what plays; nor does it take the place of the film.
    films = [s for s in streams.video if not s.disposition & Disposition.attached_pic]
    if len(films) != 1 or len(streams.audio) > 1 or streams.subtitles:
        raise MediaError(
            f"film with {len(films)} tracks of pictures, {len(streams.audio)} of sound and "
            f"{len(streams.subtitles)} of subtitles, where a judge is given 1, 1 and 0: {path}"
        )
    return films[0]


def _samples(container: InputContainer, path: Path) -> np.ndarray:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SENT_RATE)
    pieces = [np.zeros(0, np.int16)]
    decoded, seconds = 0, 0.0
    for frame in container.decode(container.streams.audio[0]):
        decoded += frame.samples * len(frame.layout.channels)
        seconds += frame.samples / frame.sample_rate
        if decoded > MAX_SAMPLES or seconds > MAX_SECONDS:
            raise MediaError(f"sound track of over {MAX_SECONDS:.0f} s: {path}")
        pieces += [out.to_ndarray()[0] for out in resampler.resample(frame)]
    pieces += [out.to_ndarray()[0] for out in resampler.resample(None)]
    return np.concatenate(pieces)
