"""What a judge hears of a sound: every channel with something of its own, in any readable form."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from judger.media.decode.film import film_pieces
from judger.media.decode.sound import sound_pieces
from judger.media.files import MediaError
from judger.media.pieces import Piece
from tests.judger.films import film
from tests.judger.media.decode.sounds import CODECS, RATE, heard, sound, tone

QUIET = np.zeros(RATE)
LOW, HIGH = tone(frequency=300), tone(frequency=1500)
#: A voice that only the difference of the channels holds, under music that both have.
HIDDEN = (HIGH * 0.8 + LOW * 0.2, HIGH * 0.8 - LOW * 0.2)
#: The same, in one tenth of a second only.
SHORT = (HIGH + LOW * (np.arange(RATE) > RATE * 0.9), HIGH - LOW * (np.arange(RATE) > RATE * 0.9))


def strengths(pieces: list[Piece]) -> list[tuple[float, float]]:
    """Of each sound: how strong 300 Hz and 1500 Hz are in it."""
    found = []
    for piece in pieces:
        if piece.kind == "audio":
            spectrum = np.abs(np.fft.rfft(heard(piece)[:16_000])) / 8000
            found.append((spectrum[290:310].max(), spectrum[1490:1510].max()))
    return found


CHANNELS = [
    ("one for both", (LOW, LOW), [(0.5, 0.0)]),
    ("one upside down", (LOW, -LOW), [(0.5, 0.0)]),
    ("left only", (LOW, QUIET), [(0.5, 0.0)]),
    ("right only", (QUIET, HIGH), [(0.0, 0.5)]),
    ("two", (LOW, HIGH), [(0.5, 0.0), (0.0, 0.5)]),
    ("hidden", HIDDEN, [(0.1, 0.4), (0.1, 0.4)]),
    ("briefly hidden", SHORT, [(0.05, 0.5), (0.05, 0.5)]),
]


@pytest.mark.parametrize(("what", "channels", "expected"), CHANNELS, ids=[c[0] for c in CHANNELS])
@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.m4a"])
def test_no_channel_is_lost(
    tmp_path: Path, name: str, what: str, channels: tuple[Any, ...], expected: list[Any]
) -> None:
    found = sound_pieces(sound(tmp_path / name, *channels).read_bytes())
    assert np.array(strengths(found)) == pytest.approx(np.array(expected), abs=0.04)
    words = [piece.text for piece in found if piece.kind == "text"]
    both = ["the sound, channel 1 of 2:", "the sound, channel 2 of 2:"]
    assert words == (both if len(expected) == 2 else [])


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.m4a", "a.mp3"])
@pytest.mark.parametrize("loudness", [0.0, 0.0005])
def test_a_sound_in_which_nothing_is_heard_is_none(
    tmp_path: Path, name: str, loudness: float
) -> None:
    quiet = sound(tmp_path / name, loudness * LOW)
    with pytest.raises(MediaError, match="nothing is heard"):
        sound_pieces(quiet.read_bytes())
    assert sound_pieces(sound(tmp_path / name, 0.02 * LOW).read_bytes())


def test_nor_is_one_of_a_film(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", channels=(LOW[::3], -LOW[::3]))
    found = film_pieces(path.read_bytes(), 2, 64, True)
    assert np.array(strengths(found)) == pytest.approx(np.array([(0.5, 0.0)]), abs=0.05)
    both = film(tmp_path / "b.mp4", channels=(LOW[::3], HIGH[::3]))
    found = film_pieces(both.read_bytes(), 2, 64, True)
    assert [p.text for p in found if p.kind == "text"][-2:] == [
        "the film's sound track, channel 1 of 2:",
        "the film's sound track, channel 2 of 2:",
    ]


@pytest.mark.parametrize("name", [f"a{suffix}" for suffix in CODECS])
def test_every_form_of_our_list_is_heard(tmp_path: Path, name: str) -> None:
    (piece,) = sound_pieces(sound(tmp_path / name, LOW).read_bytes())
    assert heard(piece).size == pytest.approx(16_000, abs=1200)
    assert strengths([piece])[0] == pytest.approx((0.5, 0.0), abs=0.05)


def written(rate: int, channels: int, width: int, samples: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        size = samples * channels * width
        file.writeframes((bytes(range(256)) * (size // 256 + 1))[:size])
    return buffer.getvalue()


@pytest.mark.parametrize("rate", [1, 7, 99, 999, 1000, 4000, 8000, 96_000, 384_000])
def test_every_rate_is_heard(rate: int) -> None:
    (piece,) = sound_pieces(written(rate, 1, 2, 2 * rate))
    assert heard(piece).size / 16_000 == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize(
    ("rate", "channels", "samples", "words"),
    [
        (8000, 9, 800, "9 channels"),
        (8000, 64, 80, "64 channels"),
        (1_000_000, 1, 8000, "1000000 Hz"),
        (1, 1, 1000, "longer than 300 s"),
        (8000, 1, 8000 * 121, "longer than the 120 s"),
        (8000, 1, 8000 * 301, "longer than 300 s"),
        (192_000, 8, 4_000_000, "over 30000000 samples"),
    ],
)
def test_what_is_over_the_bounds_is_not_heard(
    rate: int, channels: int, samples: int, words: str
) -> None:
    with pytest.raises(MediaError, match=words):
        sound_pieces(written(rate, channels, 2, samples))


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_every_depth_is_heard(width: int) -> None:
    assert sound_pieces(written(8000, 1, width, 8000))


@pytest.mark.parametrize("more", [1, 2, 3])
def test_half_a_sample_at_the_end_is_left_out(more: int) -> None:
    data = bytearray(written(8000, 2, 2, 8000) + b"x" * more)
    struct.pack_into("<I", data, 40, 32_000 + more)
    assert len(heard(sound_pieces(bytes(data))[-1])) == 16_000


def test_an_empty_sound_is_a_fault() -> None:
    data = written(8000, 1, 2, 0)[:44]
    with pytest.raises(MediaError):
        sound_pieces(data)
