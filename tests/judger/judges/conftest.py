"""Real media for the questions that show them."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from PIL import Image

from judger.media.files import MediaKind
from tests.judger.films import film


@pytest.fixture
def media(tmp_path: Path) -> dict[MediaKind, Path]:
    """A picture, a sound and a silent film, each a whole file."""
    picture, sound = tmp_path / "picture.png", tmp_path / "sound.wav"
    Image.new("RGB", (32, 32), "navy").save(picture)
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\0\x20" * 1600)
    return {"image": picture, "audio": sound, "video": film(tmp_path / "film.mp4")}
