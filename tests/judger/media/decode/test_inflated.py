"""A PNG that was inflated beforehand is the same picture, and a broken one is still Pillow's."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from judger.media.decode.inflated import inflated, rows_of
from judger.media.decode.picture import picture_shots
from judger.media.files import MediaError

pytest.importorskip("isal", reason="no wheel for this platform")

HEAD = b"\x89PNG\r\n\x1a\n"
SIZE = (37, 23)


def file(mode: str, **how: object) -> bytes:
    """A PNG in a mode of Pillow's, in which no two rows are alike."""
    image = Image.linear_gradient("L").rotate(30).resize(SIZE).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **how)
    return buffer.getvalue()


def pixels(png: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))


def made(
    data: bytes, *more: bytes, size: tuple[int, int] = (2, 2), kind: int = 0, lace: int = 0
) -> bytes:
    """A grey PNG of 8 bits whose pixel data is `data`, in one chunk; `more` chunks after it."""
    header = struct.pack(">IIBBBBB", *size, 8, kind, 0, 0, lace)
    return (
        HEAD + chunk(b"IHDR", header) + chunk(b"IDAT", data) + b"".join(more) + chunk(b"IEND", b"")
    )


GREY = bytes((0, 10, 20, 0, 30, 40))  # two rows of two pixels, each after its filter
WHOLE = zlib.compress(GREY)


@pytest.mark.parametrize(
    "png",
    [
        *(file(mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")),
        file("P", bits=2),
        file("RGB", dpi=(99, 99)),
        made(WHOLE),
        made(WHOLE[:9], chunk(b"IDAT", WHOLE[9:])),
        made(WHOLE, chunk(b"tEXt", b"note\0after the pixels")),
    ],
)
def test_it_is_the_same_picture(png: bytes) -> None:
    quick = inflated(png)
    assert quick != png
    assert pixels(quick) == pixels(png)


def test_pixels_of_more_than_one_block() -> None:
    image = Image.effect_noise((300, 301), 90)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    assert pixels(inflated(buffer.getvalue())) == ("L", image.size, image.tobytes())


@pytest.mark.parametrize(
    "png",
    [
        made(WHOLE[:-1] + b"\0"),  # another checksum
        made(WHOLE[:-5]),
        made(b"no zlib stream"),
        made(b""),
        made(zlib.compress(GREY[:-1])),  # too few pixels
        made(zlib.compress(GREY * 100)),  # more than the header states
        made(WHOLE, size=(0, 2)),
        made(WHOLE, size=(2**31 - 1, 2**31 - 1)),
        made(WHOLE, kind=5),
        made(WHOLE, lace=1),
        made(WHOLE, chunk(b"fdAT", b"\0\0\0\1" + WHOLE)),
        HEAD + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)) + chunk(b"IEND", b""),
    ],
)
def test_what_is_not_as_it_should_be_is_left_to_pillow(png: bytes) -> None:
    assert inflated(png) == png


EXIF = Image.Exif()
EXIF[0x0112] = 6
BENT = zlib.compress(bytes((0, 10, 20, 5, 30, 40)))


@pytest.mark.parametrize(
    ("png", "decoded"),
    [
        (file("RGB"), False),
        (file("L"), False),
        (file("P", bits=2), False),
        (made(WHOLE), False),
        (made(WHOLE[:9], chunk(b"IDAT", WHOLE[9:])), False),
        (file("RGBA"), True),
        (file("RGB", exif=EXIF), True),
        (made(WHOLE, chunk(b"sRGB", b"\0")), True),
        (made(BENT), True),
        (made(WHOLE[:-1] + b"\0"), True),
        (made(WHOLE, lace=1), True),
    ],
)
def test_a_png_that_goes_out_as_it_is_needs_its_rows_only(
    png: bytes, decoded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded, real = list[object](), ImageFile.ImageFile.load

    def load(image: ImageFile.ImageFile) -> object:
        loaded.append(image)
        return real(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    try:
        (shot, *_) = picture_shots(png, 4, 512)
    except MediaError:
        assert decoded
        return
    assert bool(loaded) is decoded
    assert decoded or shot.data == png


@pytest.mark.parametrize(("filter_", "readable"), [(0, True), (4, True), (5, False), (255, False)])
def test_a_row_by_a_filter_that_there_is_not_is_a_broken_picture(
    filter_: int, readable: bool
) -> None:
    png = made(zlib.compress(bytes((0, 10, 20, filter_, 30, 40))))
    rows = rows_of(png)
    assert rows is not None and rows.readable is readable
    if readable:
        assert picture_shots(png, 4, 512)[0].data == png
    else:
        with pytest.raises(MediaError, match="broken picture"):
            picture_shots(png, 4, 512)
