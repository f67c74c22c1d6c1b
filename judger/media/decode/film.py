"""A film as a judge is shown it: evenly spaced frames as a player shows them, and its sound."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any, cast

from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from judger.media import pieces
from judger.media.bounds import MAX_FILM_PIXELS, MAX_PIXELS, MAX_SECONDS, SENT_FILM_BYTES
from judger.media.decode.formats import format_of, sent_as
from judger.media.decode.frames import Frame, Shot, Spent, in_pieces, shots, shrunk, spaced
from judger.media.decode.sound import (
    BROKEN,
    SILENCE,
    Heard,
    channel_pieces,
    decoded,
    loudest,
    opened,
)
from judger.media.decode.whole import demand_whole
from judger.media.files import MediaError
from judger.media.pieces import Piece

#: Decoders of pictures that are opened; files name any of FFmpeg's.
_CODECS = {
    *("h264", "hevc", "av1", "libdav1d", "libaom-av1", "vp8", "vp9", "libvpx", "libvpx-vp9"),
    *("mpeg4", "msmpeg4", "msmpeg4v2", "msmpeg4v3", "h263", "mpeg1video", "mpeg2video"),
    *("mjpeg", "prores", "dnxhd", "ffv1", "huffyuv", "rawvideo", "png", "gif"),
}


def film_pieces(
    data: bytes, count: int, longest: int, hears: bool, whole: bool = False
) -> list[Piece]:
    """A film's frames with their times, and its sound, or words that there is one.

    `whole`: the film itself in place of its frames, where it can be sent. It is decoded to its end
    all the same: what cannot be opened here is never sent.
    """
    form = sent_as(data) if whole and len(data) <= SENT_FILM_BYTES else ""
    taken = film_shots(data, 1 if form else count, longest)
    heard = sound_track(data)
    found = [pieces.film(form, data)] if form else in_pieces(taken)
    if heard is None:
        return found
    if not hears:
        return [*found, pieces.words(pieces.UNHEARD)]
    return [*found, *channel_pieces(heard, "film's sound track")]


def film_shots(data: bytes, count: int, longest: int) -> list[Shot]:
    """`count` frames of a film, longest side at most `longest` pixels; MediaError when broken."""
    form = format_of(data, "video")
    demand_whole(data, form.name)
    stated = _stated(data, form.decoder)
    real, frames = _decode(data, form.decoder, count, longest, stated)
    if real != stated:  # the header states a wrong count: once more, by the real one
        real, frames = _decode(data, form.decoder, count, longest, real)
    return shots(frames, min(real, count))


def sound_track(data: bytes) -> Heard | None:
    """The sound of a film; None without one, or where it is silent."""
    form = format_of(data, "video")
    try:
        with opened(data, form.decoder) as container:
            _pictures(container)
            if not container.streams.audio:
                return None
            heard = decoded(container)
    except MediaError:
        raise
    except BROKEN as error:
        raise MediaError(f"broken sound track of film: {error}") from error
    return heard if max(map(loudest, heard.channels), default=0) > SILENCE else None


def middle_frame(data: bytes) -> Image.Image:
    """A key frame near the middle of a film; MediaError when there is none."""
    form = format_of(data, "video")
    try:
        with opened(data, form.decoder) as container:
            stream = _pictures(container)
            if container.duration:
                container.seek(container.duration // 2)
            for frame in container.decode(stream):
                return as_played(frame, stream.sample_aspect_ratio)
    except MediaError:
        raise
    except BROKEN as error:
        raise MediaError(f"broken film: {error}") from error
    raise MediaError("film without frames")


def _stated(data: bytes, demuxer: str) -> int:
    """How many frames there should be: as the header says, else one a packet, without decoding."""
    try:
        with opened(data, demuxer) as container:
            stream = _pictures(container)
            stated = stream.frames
            if stated <= 0:
                stated = sum(1 for packet in container.demux(stream) if packet.size)
    except MediaError:
        raise
    except BROKEN as error:
        raise MediaError(f"broken film: {error}") from error
    return stated


def _decode(
    data: bytes, demuxer: str, count: int, longest: int, total: int
) -> tuple[int, list[Frame]]:
    """The number of frames found, and `count` of them spaced over `total`."""
    chosen: list[Frame] = []
    spent = Spent(MAX_FILM_PIXELS)
    wanted = spaced(total, count)
    try:
        with opened(data, demuxer) as container:
            stream = _pictures(container)
            for index, frame in enumerate(container.decode(stream)):
                seconds = frame.time or 0.0
                if seconds > MAX_SECONDS:
                    raise MediaError(f"film longer than {MAX_SECONDS:.0f} s")
                if frame.is_corrupt:
                    raise MediaError(f"broken film: frame {index} cannot be decoded whole")
                spent.frame(frame.width, frame.height)
                if index in wanted:
                    jpeg = shrunk(as_played(frame, stream.sample_aspect_ratio), longest)
                    chosen.append(Frame(seconds, (("", jpeg),)))
    except MediaError:
        raise
    except BROKEN as error:
        raise MediaError(f"broken film: {error}") from error
    return spent.frames, chosen


def _pictures(container: InputContainer) -> VideoStream:
    """The track of pictures; MediaError when there is more to see or hear than a judge is given."""
    streams = container.streams
    # A cover is no part of what plays; nor does it take the place of the film.
    films = [s for s in streams.video if not s.disposition & Disposition.attached_pic]
    if len(films) != 1 or len(streams.audio) > 1 or streams.subtitles:
        raise MediaError(
            f"film with {len(films)} tracks of pictures, {len(streams.audio)} of sound and "
            f"{len(streams.subtitles)} of subtitles, where a judge is given 1, 1 and 0"
        )
    (film,) = films
    if film.codec_context.name not in _CODECS:
        raise MediaError(f"film of the form {film.codec_context.name}")
    if film.width * film.height > MAX_PIXELS:
        raise MediaError(f"film of {film.width}x{film.height} is too large")
    return film


def as_played(frame: VideoFrame, shape: Fraction | None) -> Image.Image:
    """A frame with pixels of `shape` (width by height), turned and mirrored as the file says."""
    image: Image.Image = cast(Any, frame).to_image()  # PyAV gives it no types
    if shape is not None and 0.1 < shape < 10 and not 0.98 < shape < 1.02:
        size = (max(1, round(image.width * shape)), image.height)
        image = image.resize(size) if size[0] * size[1] <= MAX_PIXELS else image
    beside: Any = frame.side_data
    try:
        across, down = _signs(bytes(beside["DISPLAYMATRIX"]))
    except KeyError:  # nearly every film
        return image
    if (across, down) in _TURNS:
        turn = _TURNS[across, down]
        return image if turn is None else image.transpose(turn)
    return image.rotate(frame.rotation, expand=True)


def _signs(matrix: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where a frame's two axes point to, each as -1, 0 or 1 to the right and downwards."""
    a, b, _, c, d = struct.unpack_from("<5i", matrix)
    most = max(abs(value) for value in (a, b, c, d)) or 1
    right, lower, left, below = (round(value / most) for value in (a, b, c, d))
    return (right, lower), (left, below)


_Turn = Image.Transpose
#: By the axes of a frame: what makes of it what is seen.
_TURNS: dict[tuple[tuple[int, int], tuple[int, int]], Image.Transpose | None] = {
    ((1, 0), (0, 1)): None,
    ((0, 1), (-1, 0)): _Turn.ROTATE_270,
    ((-1, 0), (0, -1)): _Turn.ROTATE_180,
    ((0, -1), (1, 0)): _Turn.ROTATE_90,
    ((-1, 0), (0, 1)): _Turn.FLIP_LEFT_RIGHT,
    ((1, 0), (0, -1)): _Turn.FLIP_TOP_BOTTOM,
    ((0, 1), (1, 0)): _Turn.TRANSPOSE,
    ((0, -1), (-1, 0)): _Turn.TRANSVERSE,
}
