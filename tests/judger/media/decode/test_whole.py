"""A file that was cut off is a fault, wherever the cut is; a whole or a streamed one is not."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from judger.media.decode.film import film_pieces
from judger.media.decode.picture import BROKEN_PICTURE, picture_shots
from judger.media.decode.sound import sound_pieces
from judger.media.files import MediaError
from tests.judger.films import film, greys, moving
from tests.judger.media.decode.sounds import sound, tone

SOUNDS = ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.opus", "a.m4a"]
FILMS = ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi"]
MOVING = ["a.gif", "a.webp", "a.png"]
STILL = ["b.gif", "b.webp", "b.png", "b.jpg", "b.bmp"]
CUTS = [0.02, 0.3, 0.6, 0.9, 0.98, 0.999]


def made(path: Path) -> bytes:
    """A file by its name: a still picture is `b`."""
    if path.name in SOUNDS:
        sound(path, tone(2.0))
    elif path.name in FILMS:
        film(path, loudness=0.5 if path.suffix in (".mp4", ".mkv") else None)
    elif path.name in MOVING:
        moving(path, [Image.effect_noise((64, 64), 60 + i).convert("RGB") for i in range(9)])
    else:
        Image.effect_noise((64, 64), 80).convert("RGB").save(path)
    return path.read_bytes()


def read(name: str, data: bytes) -> object:
    if name in SOUNDS:
        return sound_pieces(data)
    return film_pieces(data, 4, 64, True) if name in FILMS else picture_shots(data, 4, 64)


@pytest.mark.parametrize("name", [*SOUNDS, *FILMS, *MOVING, *STILL])
def test_a_file_is_whole_or_a_fault(tmp_path: Path, name: str) -> None:
    data = made(tmp_path / name)
    assert read(name, data)
    for kept in CUTS:
        with pytest.raises(MediaError):
            read(name, data[: int(len(data) * kept)])
    with pytest.raises(MediaError):
        read(name, data[:-1])


@pytest.mark.parametrize("riff", [0, 0xFFFFFFFF, None])
@pytest.mark.parametrize("samples", [0, 0xFFFFFFFF, 0x7FFFF000])
def test_a_wav_that_was_written_as_it_was_sent_is_whole(
    tmp_path: Path, riff: int | None, samples: int
) -> None:
    data = bytearray(made(tmp_path / "a.wav"))
    if riff is not None:
        struct.pack_into("<I", data, 4, riff)
    struct.pack_into("<I", data, data.index(b"data") + 4, samples)
    (piece,) = sound_pieces(bytes(data))
    (whole,) = sound_pieces((tmp_path / "a.wav").read_bytes())
    assert piece == whole


def test_a_live_film_is_whole_unless_it_is_cut_through_a_block(tmp_path: Path) -> None:
    import av

    path = tmp_path / "live.webm"
    with (
        (tmp_path / "live.webm").open("wb") as file,
        av.open(_Unseekable(file), "w", format="webm") as container,
    ):
        stream = container.add_stream("libvpx", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for picture in greys(20):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    data = path.read_bytes()
    assert film_pieces(data, 4, 64, False)
    with pytest.raises(MediaError):
        film_pieces(data[:-3], 4, 64, False)


class _Unseekable:
    """A file that can only be written on, as a socket can."""

    def __init__(self, file: object) -> None:
        self.write = file.write  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["b.png", "b.jpg", "b.gif", "b.bmp"])
def test_what_follows_the_end_of_a_picture_is_no_part_of_it(tmp_path: Path, name: str) -> None:
    data = made(tmp_path / name)
    (shown,) = picture_shots(data, 4, 64)
    (padded,) = picture_shots(data + b"\0" * 7 + data, 4, 64)
    assert shown.data == padded.data


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0, "quality": 50}])
def test_a_jpeg_is_broken_for_us_where_it_is_for_a_viewer(how: dict[str, int]) -> None:
    """It goes out as it is, and its pixels are not worked out: that must let nothing more pass."""
    buffer, chance = io.BytesIO(), random.Random(5)
    Image.effect_noise((96, 96), 60).save(buffer, "JPEG", **how)
    size = buffer.getvalue().index(b"\xff\xc2" if "progressive" in how else b"\xff\xc0")
    seen = set()
    for _ in range(100):
        data = bytearray(buffer.getvalue())
        end = chance.choice((700, len(data) - 2))  # half of them in its tables
        places = {*range(2, end)} - {*range(size - 9, size + 9)}  # none in its size
        place = chance.choice(sorted(places))
        data[place : place + chance.choice((1, 1, 9))] = bytes([chance.randrange(256)])
        ours, theirs = (is_whole(bytes(data), reader) for reader in (shown, viewed))
        assert theirs or not ours
        seen.add(theirs)
    assert seen == {True, False}


def is_whole(data: bytes, reader: Callable[[bytes], object]) -> bool:
    try:
        reader(data)
    except (MediaError, *BROKEN_PICTURE):
        return False
    return True


def shown(data: bytes) -> object:
    return picture_shots(data, 4, 512)


def viewed(data: bytes) -> object:
    return Image.open(io.BytesIO(data), formats=["JPEG"]).load()
