"""What a viewer or a player would show is what a judge gets: upright, first, in true colours."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from judger.media.bounds import SENT_BYTES
from judger.media.decode.film import film_shots
from judger.media.decode.frames import Shot
from judger.media.decode.picture import picture_shots
from judger.media.files import MediaError
from tests.judger.films import film

WIDE, HIGH = 64, 32


def marked() -> Image.Image:
    """A wide picture, black but for its upper left corner."""
    image = Image.new("RGB", (WIDE, HIGH))
    image.paste((255, 255, 255), (0, 0, WIDE // 2, HIGH // 2))
    return image


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def corners(shot: Shot) -> tuple[bool, str]:
    """Whether it is wide, and which corners are bright, row by row."""
    image = Image.open(io.BytesIO(shot.data)).convert("L")
    right, below = image.width - 4, image.height - 4
    bright = [image.getpixel((x, y)) for y in (3, below) for x in (3, right)]
    return image.width > image.height, "".join("X" if b > 128 else "." for b in bright)  # type: ignore[operator]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_says(form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    (shot,) = picture_shots(saved(marked(), form, exif=exif), 4, 512)
    turned = marked()
    turned.getexif()[0x0112] = orientation
    (expected,) = picture_shots(saved(ImageOps.exif_transpose(turned), "PNG"), 4, 512)
    assert corners(shot) == corners(expected)


def test_a_deep_picture_is_turned_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    deep = Image.fromarray(np.asarray(marked().convert("L")).astype(np.uint16) * 257)
    (shot,) = picture_shots(saved(deep, "PNG", exif=exif), 4, 512)
    assert corners(shot) == (False, ".X..")


#: The matrix of a film's track, and how the marked picture then looks in a player.
MATRICES = {
    "as it is": ((1, 0, 0, 1), (True, "X...")),
    "a quarter to the right": ((0, 1, -1, 0), (False, ".X..")),
    "upside down": ((-1, 0, 0, -1), (True, "...X")),
    "a quarter to the left": ((0, -1, 1, 0), (False, "..X.")),
    "mirrored": ((-1, 0, 0, 1), (True, ".X..")),
    "flipped": ((1, 0, 0, -1), (True, "..X.")),
    "over the diagonal": ((0, 1, 1, 0), (False, "X...")),
    "over the other": ((0, -1, -1, 0), (False, "...X")),
}


@pytest.mark.parametrize(("matrix", "seen"), MATRICES.values(), ids=MATRICES)
@pytest.mark.parametrize("scale", [1, 2])
def test_a_film_is_turned_as_its_track_says(
    tmp_path: Path, matrix: tuple[int, ...], seen: tuple[bool, str], scale: int
) -> None:
    data = film(tmp_path / "a.mp4", frames=3, pictures=[marked()] * 3).read_bytes()
    a, b, c, d = (value * scale * 65536 for value in matrix)
    place = data.index(b"tkhd") + 44  # behind its name, flags, times, layer and volume
    turned = data[:place] + struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30) + data[place + 36 :]
    assert {corners(shot) for shot in film_shots(turned, 3, 512)} == {seen}


def test_a_films_pixels_may_be_wider_than_high(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", frames=2, pictures=[marked()] * 2, aspect=(2, 1))
    shot = film_shots(path.read_bytes(), 2, 512)[0]
    assert Image.open(io.BytesIO(shot.data)).size == (2 * WIDE, HIGH)


def test_of_a_phones_two_pictures_the_first_is_shown() -> None:
    other = Image.new("RGB", (WIDE // 2, HIGH // 2), "red")
    data = saved(marked(), "MPO", save_all=True, append_images=[other])
    (shot,) = picture_shots(data, 4, 512)
    assert (corners(shot), shot.words) == ((True, "X..."), "")


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"tEXt"])
def test_a_pngs_texts_stop_nobody(kind: bytes) -> None:
    told = b"about\0\0" + zlib.compress(b"x" * 80_000_000)
    text = b"about\0\x01\0\0\0" + zlib.compress(b"x" * 80_000_000)
    body = {b"zTXt": told, b"iTXt": text, b"tEXt": b"about\0" + b"x" * 9_000_000}[kind]
    chunk = struct.pack(">I", len(body)) + kind + body
    chunk += struct.pack(">I", zlib.crc32(kind + body))
    plain = saved(marked(), "PNG")
    for place in (33, len(plain) - 12):  # behind the header, before the end
        (shot,) = picture_shots(plain[:place] + chunk + plain[place:], 4, 512)
        assert shot == Shot("", plain, "png")


def test_a_gamma_that_only_viewers_heed_is_heeded() -> None:
    # A pattern so dark that it looks black, unless the file's gamma is followed.
    dark = marked().point(lambda value: 6 if value else 0)
    data = bytearray(saved(dark, "PNG"))
    body = b"gAMA" + (300_000).to_bytes(4, "big")
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    (shot,) = picture_shots(bytes(data[:33]) + chunk + bytes(data[33:]), 4, 512)
    assert corners(shot) == (True, "X...")


@pytest.mark.parametrize(("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("JPEG", "RGB")])
def test_colours_are_shown_by_their_own_profile(form: str, mode: str) -> None:
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = usual.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    red = Image.new(mode, (9, 9), "red")
    found = []
    for profile in (usual, swapped, b"no profile at all"):
        shot = picture_shots(saved(red, form, icc_profile=profile), 4, 512)[0]
        pixel = Image.open(io.BytesIO(shot.data)).convert("RGB").getpixel((4, 4))
        assert isinstance(pixel, tuple)
        found.append(pixel.index(max(pixel)))
    assert found == [0, 2, 0]


AS_IT_IS = [
    ("PNG", "RGB", {}),
    ("PNG", "L", {}),
    ("PNG", "P", {}),
    ("PNG", "1", None),
    ("PNG", "RGBA", None),
    ("PNG", "I;16", None),
    ("JPEG", "RGB", {}),
    ("JPEG", "L", {}),
    ("JPEG", "CMYK", None),
    ("JPEG", "RGB", {"progressive": True}),
    ("GIF", "P", None),
    ("WEBP", "RGB", None),
    ("BMP", "RGB", None),
]


@pytest.mark.parametrize(("form", "mode", "options"), AS_IT_IS)
def test_what_a_judge_takes_goes_out_as_it_is(
    form: str, mode: str, options: dict[str, Any] | None
) -> None:
    image = Image.fromarray(np.full((8, 8), 300, np.uint16)) if mode == "I;16" else None
    data = saved(image or marked().convert(mode), form, **(options or {}))
    (shot, *_) = picture_shots(data, 4, 512)
    assert (shot.data == data) is (options is not None)
    assert shot.form == (form.lower() if options is not None else "jpeg")


def test_what_is_too_large_for_a_judge_is_made_smaller() -> None:
    (shot,) = picture_shots(saved(marked().resize((1025, 9)), "PNG"), 4, 1024)
    assert Image.open(io.BytesIO(shot.data)).size == (1024, 9)
    noise = saved(Image.effect_noise((1024, 1024), 99).convert("RGB"), "PNG")
    assert len(noise) > SENT_BYTES
    (shot,) = picture_shots(noise, 4, 1024)
    assert shot.form == "jpeg" and len(shot.data) < SENT_BYTES


def test_what_a_camera_noted_is_not_sent() -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home, 12 Elm Road"
    told = PngInfo()
    told.add_text("parameters", "the whole prompt")
    told.add_itxt("more", "of it")
    for data in (
        saved(marked(), "PNG", pnginfo=told),
        saved(marked(), "JPEG", comment=b"the whole prompt"),
    ):
        (shot,) = picture_shots(data, 4, 512)
        assert b"prompt" in data and b"prompt" not in shot.data
        assert Image.open(io.BytesIO(shot.data)).size == (WIDE, HIGH)


def chunks(data: bytes) -> list[bytes]:
    """The chunks of a PNG, without what stands before them."""
    found, place = [], 8
    while place < len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4], "big")
        found.append(data[place:end])
        place = end
    return found


@pytest.mark.parametrize(
    "order",
    [[0, 0, 1, 2], [1, 0, 2], [0, 1, 2, 1], [0, 2], [0, 1, "other", 1, 2]],
    ids=["two headers", "late header", "data after the end", "no data", "data in two places"],
)
def test_a_png_in_which_two_viewers_could_see_two_pictures(order: list[Any]) -> None:
    data = saved(marked(), "PNG")
    text = saved(marked(), "PNG", pnginfo=_told())
    (other,) = [chunk for chunk in chunks(text) if chunk[4:8] == b"tEXt"]
    parts = chunks(data)
    built = data[:8] + b"".join(other if part == "other" else parts[part] for part in order)
    if order == [0, 1, 2, 1]:  # nobody reads what follows the end
        assert picture_shots(built, 4, 512)[0].data == data
        return
    with pytest.raises(MediaError, match="broken picture"):
        picture_shots(built, 4, 512)


def _told() -> PngInfo:
    told = PngInfo()
    told.add_text("a", "b")
    return told
