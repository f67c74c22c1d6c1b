"""What is opened at all: by its bytes, whatever it is called; nothing that points elsewhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from judger.media.decode.film import film_pieces
from judger.media.decode.picture import picture_shots
from judger.media.decode.sound import sound_pieces
from judger.media.files import MediaError
from tests.judger.films import film, greys
from tests.judger.media.decode.sounds import sound


def picture(form: str) -> bytes:
    buffer = io.BytesIO()
    greys(2)[1].save(buffer, form)
    return buffer.getvalue()


#: What Pillow or FFmpeg would open, and what only looks like a medium.
ELSEWHERE = {
    "ffconcat": b"ffconcat version 1.0\nfile secret.mp4\n",
    "ffconcat without its head": b"file 'secret.mp4'\n",
    "HLS": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.ts\n#EXT-X-ENDLIST\n",
    "DASH": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
    "SDP": b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 49170 RTP/AVP 0\n",
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='secret.png'/></svg>",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EOF\n",
    "PDF": b"%PDF-1.4\n",
    "XPM": b"/* XPM */\nstatic char *a[] = {};",
    "PPM": b"P6 1 1 255 abc",
    "MPEG-TS": b"G" + b"\0" * 187 + b"G" + b"\0" * 187,
    "SWF": b"FWS\x05\0\0\0\0",
    "subtitles": b"1\n00:00:00,000 --> 00:00:09,000\nwords\n",
    "a script": b"#!/bin/sh\nexit\n",
    "text": b"no medium at all",
    "nothing": b"",
    "one byte": b"\x89",
}


@pytest.mark.parametrize("data", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_points_elsewhere_or_is_no_medium_is_not_opened(data: bytes) -> None:
    for read in (
        lambda: picture_shots(data, 4, 512),
        lambda: film_pieces(data, 4, 512, True),
        lambda: sound_pieces(data),
    ):
        with pytest.raises(MediaError, match="of a form that is opened"):
            read()


@pytest.mark.parametrize("form", ["TIFF", "ICO", "TGA", "PCX", "PPM", "EPS", "PDF", "JPEG2000"])
def test_of_pictures_only_those_that_every_viewer_shows_are_opened(form: str) -> None:
    with pytest.raises(MediaError):
        picture_shots(picture(form), 4, 512)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_those_are_opened(form: str) -> None:
    (shot,) = picture_shots(picture(form), 4, 512)
    shown = Image.open(io.BytesIO(shot.data)).convert("L").getpixel((9, 9))
    assert shown == pytest.approx(10, abs=3)


@pytest.mark.parametrize(
    ("kind", "made"), [("picture", "a.mp4"), ("picture", "a.wav"), ("film", "a.wav"),
                       ("film", "a.png"), ("sound", "a.mp4"), ("sound", "a.png"),
                       ("sound", "a.avi"), ("picture", "a.mkv")]
)  # fmt: skip
def test_a_file_of_another_kind_than_it_is_handed_over_as(
    tmp_path: Path, kind: str, made: str
) -> None:
    path = tmp_path / made
    if path.suffix in (".mp4", ".avi", ".mkv"):
        film(path, loudness=0.5 if path.suffix == ".mp4" else None)
    elif path.suffix == ".wav":
        sound(path)
    else:
        path.write_bytes(picture("PNG"))
    with pytest.raises(MediaError, match=f"where a {kind} is named"):
        data = path.read_bytes()
        if kind == "picture":
            picture_shots(data, 4, 512)
        elif kind == "film":
            film_pieces(data, 4, 512, True)
        else:
            sound_pieces(data)
