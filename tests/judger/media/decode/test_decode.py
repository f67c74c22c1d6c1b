"""What is opened of a reply's or a request's media, and what is sent of it."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest
import soundfile
from PIL import Image, ImageFile
from PIL.PngImagePlugin import PngInfo

from judger.media.decode import film as films
from judger.media.decode import frames, picture
from judger.media.decode.film import film_shots, sound_track
from judger.media.decode.frames import spaced
from judger.media.decode.picture import first_picture, picture_shots
from judger.media.decode.sound import sound_pieces
from judger.media.files import MediaError
from tests.judger.films import SIDE, film, grey, greys, moving


def tone(path: Path, seconds: float, rate: int, channels: int = 1) -> Path:
    times = np.arange(int(seconds * rate)) / rate
    wave = 0.5 * np.sin(2 * np.pi * 440 * times, dtype=np.float32)
    soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate)
    return path


def wav(path: Path) -> bytes:
    """The one sound that is sent of a file."""
    (piece,) = sound_pieces(path.read_bytes())
    return base64.b64decode(piece.data)


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 1), (44100, 2), (48000, 6)])
def test_a_sound_is_sent_as_16_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    sent, own = soundfile.read(io.BytesIO(wav(tone(tmp_path / "a.wav", 1.5, rate, channels))))
    assert (own, sent.ndim) == (16_000, 1)
    assert len(sent) == pytest.approx(24_000, abs=40)
    heard = np.abs(np.fft.rfft(sent[4000:20000]))
    assert heard.argmax() == pytest.approx(440, abs=1) and 0.4 < np.abs(sent).max() < 0.6


@pytest.mark.parametrize(
    ("seconds", "rate", "channels", "words"),
    [
        (121, 8000, 1, "longer than the 120 s that a judge is sent"),
        (301, 8000, 1, "longer than 300 s"),
        (20, 192_000, 8, "of over 30000000 samples"),
    ],
)
def test_a_sound_over_the_bounds_is_not_opened(
    tmp_path: Path, seconds: float, rate: int, channels: int, words: str
) -> None:
    path = tmp_path / "a.flac"
    tone(path, seconds, rate, channels)
    with pytest.raises(MediaError, match=words):
        wav(path)


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
@pytest.mark.parametrize(
    ("module", "bound", "value", "words"),
    [
        (films, "MAX_FILM_PIXELS", SIDE * SIDE * 10, "pixels in all"),
        (films, "MAX_SECONDS", 1.0, "longer than 1 s"),
        (films, "MAX_PIXELS", SIDE * SIDE - 1, "too large"),
        (frames, "MAX_PIXELS", SIDE * SIDE - 1, "too large"),
        (frames, "MAX_FRAMES", 19, "more than 19 frames"),
    ],
)
def test_a_film_over_the_bounds_is_not_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    module: ModuleType,
    bound: str,
    value: float,
    words: str,
) -> None:
    path = film(tmp_path / name)
    assert len(film_shots(path.read_bytes(), 4, SIDE)) == 4
    monkeypatch.setattr(module, bound, value)
    with pytest.raises(MediaError, match=words):
        film_shots(path.read_bytes(), 4, SIDE)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
@pytest.mark.parametrize(
    ("module", "bound", "value", "words"),
    [
        (picture, "MAX_MOVING_PIXELS", SIDE * SIDE * 10, "pixels in all"),
        (frames, "MAX_PIXELS", SIDE * SIDE - 1, "too large"),
        (frames, "MAX_FRAMES", 19, "more than 19 frames"),
    ],
)
def test_a_moving_picture_over_the_bounds_is_not_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    module: ModuleType,
    bound: str,
    value: float,
    words: str,
) -> None:
    path = moving(tmp_path / name, greys(20))
    assert len(picture_shots(path.read_bytes(), 4, SIDE)) == 4
    monkeypatch.setattr(module, bound, value)
    with pytest.raises(MediaError, match=words):
        picture_shots(path.read_bytes(), 4, SIDE)


@pytest.mark.parametrize("stated", [0, 1, 5, 19, 21, 2**31 - 1])
def test_a_header_may_state_a_wrong_count(tmp_path: Path, stated: int) -> None:
    path = film(tmp_path / "a.avi")
    held = bytearray(path.read_bytes())
    length = held.index(b"strh") + 8 + 32  # dwLength, after the name and size of the chunk
    assert struct.unpack_from("<I", held, length) == (20,)
    struct.pack_into("<I", held, length, stated)
    path.write_bytes(held)
    assert [shot.words for shot in film_shots(path.read_bytes(), 2, SIDE)] == [
        "frame 1 of 2, at 0.0 s:",
        "frame 2 of 2, at 1.9 s:",
    ]


@pytest.mark.parametrize(
    ("total", "count", "indices"),
    [
        (0, 8, set()),
        (1, 8, {0}),
        (3, 8, {0, 1, 2}),
        (20, 1, {0}),
        (20, 2, {0, 19}),
        (20, 4, {0, 6, 13, 19}),
        (10**12, 3, {0, 5 * 10**11, 10**12 - 1}),
        (-5, 8, set()),
    ],
)
def test_frames_are_evenly_spaced(total: int, count: int, indices: set[int]) -> None:
    assert spaced(total, count) == indices


@pytest.mark.parametrize(
    ("pictures_", "sounds", "words"),
    [(2, 0, "2 tracks of pictures, 0 of sound"), (1, 2, "1 tracks of pictures, 2 of sound")],
)
def test_a_film_with_more_than_a_judge_is_given_is_not_judged(
    tmp_path: Path, pictures_: int, sounds: int, words: str
) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("mpeg4", rate=10) for _ in range(pictures_)]
        for stream in streams:
            stream.width = stream.height = SIDE
            stream.pix_fmt = "yuv420p"
        tracks = [container.add_stream("aac", rate=16_000, layout="mono") for _ in range(sounds)]
        container.start_encoding()
        for stream in streams:
            picture = av.VideoFrame.from_ndarray(np.zeros((SIDE, SIDE, 3), np.uint8))
            container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
        for track in tracks:
            heard = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            heard.sample_rate = 16_000
            container.mux(track.encode(heard))
            container.mux(track.encode(None))
    for opened in (sound_track, lambda data: film_shots(data, 4, SIDE)):
        with pytest.raises(MediaError, match=words):
            opened(path.read_bytes())


def test_a_film_of_sound_alone_is_none(tmp_path: Path) -> None:
    path = tone(tmp_path / "a.wav", 0.5, 16_000)
    with pytest.raises(MediaError, match="a file of the form WAV where a film is named"):
        film_shots(path.read_bytes(), 4, SIDE)


def test_a_picture_may_hold_any_text_where_times_stand(tmp_path: Path) -> None:
    told = PngInfo()
    told.add_text("duration", "for ever")
    greys(1)[0].save(tmp_path / "a.png", pnginfo=told)
    (shot,) = picture_shots((tmp_path / "a.png").read_bytes(), 4, SIDE)
    assert shot.words == ""


def test_one_picture_to_look_at_is_the_first_over_white(tmp_path: Path) -> None:
    path = moving(tmp_path / "a.gif", greys(3))
    form, shown = first_picture(path.read_bytes())
    assert (form, shown.getpixel((0, 0))) == ("GIF", (grey(0),) * 3)
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    form, shown = first_picture((tmp_path / "a.png").read_bytes())
    assert (form, shown.getpixel((0, 0))) == ("PNG", (255, 255, 255))


def test_half_a_picture_is_broken_though_lmms_eval_makes_up_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    noise = Image.effect_noise((256, 256), 80)
    noise.save(tmp_path / "whole.png")
    held = (tmp_path / "whole.png").read_bytes()
    (tmp_path / "half.png").write_bytes(held[: len(held) // 2])
    for read in (first_picture, lambda data: picture_shots(data, 8, 512)):
        assert read((tmp_path / "whole.png").read_bytes())
        with pytest.raises(MediaError, match="broken picture"):
            read((tmp_path / "half.png").read_bytes())
    assert ImageFile.LOAD_TRUNCATED_IMAGES
