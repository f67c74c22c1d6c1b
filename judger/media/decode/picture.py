"""A picture as a judge is shown it: still, or moving (GIF, WebP, APNG) and then like a film.

A still one that is what judges take anyway (PNG or JPEG, opaque, upright, not too large) goes out
as it is, without what no viewer shows. It is decoded all the same: what is broken is a fault. Of
such a JPEG every code is read, as for a thumbnail, of such a PNG every row; their pixels are not
worked out, as nobody looks at them here.
"""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import struct
import threading
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from PIL import Image, ImageFile

from judger.media.bounds import MAX_MOVING_PIXELS, MAX_PIXELS, SENT_BYTES
from judger.media.decode import stripped
from judger.media.decode.formats import Format, format_of
from judger.media.decode.frames import Frame, Shot, Spent, shots, shrunk, spaced
from judger.media.decode.inflated import Rows, rows_of, stored
from judger.media.decode.pixels import pages, upright
from judger.media.decode.whole import demand_whole
from judger.media.files import MediaError

#: What Pillow raises on hostile files has no common base; a MediaError passes through unchanged.
BROKEN_PICTURE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(AssertionError, SyntaxError, RuntimeError, struct.error, zlib.error),
    Image.DecompressionBombError,
)
_STRIPPED = {"PNG": stripped.png, "JPEG": stripped.jpeg}
#: Modes of pictures that are opaque and of 8 bits as they stand in a file.
_SENT_MODES = {"PNG": {"RGB", "L", "P"}, "JPEG": {"RGB", "L"}}


def picture_shots(data: bytes, count: int, longest: int) -> list[Shot]:
    """A picture, its longest side at most `longest` pixels; MediaError when broken or too large.

    One that moves is shown as `count` evenly spaced frames of half that side.
    """
    source = _Source.of(data)
    if source.read_whole(longest):
        return [Shot("", source.data, source.form.name.lower())]
    real, frames, sent = source.decoded({0}, longest)
    if sent:
        return [Shot("", source.data, source.form.name.lower())]
    if real == 1:
        return [Shot(f"the picture {page}:" if page else "", j) for page, j in frames[0].jpegs]
    _, frames, _ = source.decoded(spaced(real, count), longest // 2)
    return shots(frames, min(real, count))


def first_picture(data: bytes) -> tuple[str, Image.Image]:
    """The format and the pixels of a picture: the first frame, what is seen of it over white."""
    source = _Source.of(data)
    try:
        with whole_pictures(), source.opened() as image:
            Spent(MAX_PIXELS).frame(image.width, image.height)
            image.load()
            return source.form.name, pages(image)[0][1]
    except MediaError:
        raise
    except BROKEN_PICTURE as error:
        raise MediaError(f"broken picture: {error}") from error


@dataclass(frozen=True)
class _Source:
    """A picture's file: its format, what is decoded of it, whether its pixels are what is shown."""

    form: Format
    data: bytes
    plain: bool
    rows: Rows | None = None  # of a PNG's pixels, where they are as they should be

    @classmethod
    def of(cls, data: bytes) -> _Source:
        form = format_of(data, "image")
        demand_whole(data, form.name)
        strip = _STRIPPED.get(form.name)
        found = strip(data) if strip else stripped.Stripped(data, False)
        rows = rows_of(found.data) if form.name == "PNG" else None
        return cls(form, found.data, found.plain, rows)

    @functools.cached_property
    def quick(self) -> bytes:
        """The same for Pillow, as far as possible without compression."""
        return self.data if self.rows is None else stored(self.data, self.rows)

    def opened(self) -> ImageFile.ImageFile:
        """For Pillow, which may try this one format and no other."""
        return Image.open(io.BytesIO(self.quick), formats=[self.form.decoder])

    def read_whole(self, longest: int) -> bool:
        """Whether this is a PNG that can be sent as it is, all of which was read already.

        What is left to do, undoing the filters of its rows, cannot fail: only pixels come of it.
        """
        if self.rows is None or not self.data.startswith(b"IEND", self.rows.end + 4):
            return False
        try:
            with Image.open(io.BytesIO(self.data), formats=[self.form.decoder]) as image:
                Spent(MAX_PIXELS).frame(image.width, image.height)
                noted = "exif" in image.info  # it may say which way up it is
                return self._can_be_sent(image, longest) and not noted and self.rows.readable
        except BROKEN_PICTURE as error:
            raise MediaError(f"broken picture: {error}") from error

    def decoded(self, wanted: Collection[int], longest: int) -> tuple[int, list[Frame], bool]:
        """How many frames there are (a header's count may lie), those `wanted` by their index, and
        whether there is one that can be sent as it is."""
        chosen: list[Frame] = []
        spent, elapsed = Spent(MAX_MOVING_PIXELS), 0.0
        try:
            with whole_pictures(), self.opened() as image:
                for index in itertools.count():
                    try:
                        image.seek(index)
                    except EOFError:  # the end
                        break
                    spent.frame(image.width, image.height)
                    sent = index == 0 and self._can_be_sent(image, longest)
                    if sent and self.form.name == "JPEG" and upright(image):
                        image.draft(image.mode, (1, 1))
                    image.load()
                    # What follows a PNG's pixels may say which way up they are.
                    if sent and upright(image):
                        return 1, [], True
                    milliseconds = image.info.get("duration")
                    timed = isinstance(milliseconds, (int, float))  # a PNG may hold any text there
                    if index in wanted:
                        seen = pages(image, longest)
                        jpegs = tuple((page, shrunk(shown, longest)) for page, shown in seen)
                        chosen.append(Frame(elapsed if timed else None, jpegs))
                    elapsed += milliseconds / 1000 if timed else 0.0
        except MediaError:
            raise
        except BROKEN_PICTURE as error:
            raise MediaError(f"broken picture: {error}") from error
        return spent.frames, chosen, False

    def _can_be_sent(self, image: ImageFile.ImageFile, longest: int) -> bool:
        """By its header, if it turns out to be whole and upright."""
        return (
            self.plain
            and len(self.data) <= SENT_BYTES
            and max(image.size) <= longest
            and image.mode in _SENT_MODES.get(self.form.name, ())
        )


# lmms-eval sets Pillow's LOAD_TRUNCATED_IMAGES. Off here, where a cut-off picture is an error.
_lock = threading.Lock()
_within = 0
_before = False


@contextlib.contextmanager
def whole_pictures() -> Iterator[None]:
    """Within, Pillow raises OSError on a truncated file; from several threads at once, too."""
    global _within, _before
    with _lock:
        if _within == 0:
            _before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        _within += 1
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if _within == 0:
                ImageFile.LOAD_TRUNCATED_IMAGES = _before
