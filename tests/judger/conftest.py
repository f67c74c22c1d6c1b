"""A folder as a back end that draws, films and speaks leaves it behind."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file of each kind, where a back end may write; one file lies outside it."""
    folder = tmp_path / "out"
    (folder / "t2i").mkdir(parents=True)
    Image.new("RGB", (8, 8), "navy").save(folder / "a.png")
    for name in ("my a.png", "a picture that my model has made.png"):
        Image.new("RGB", (8, 8), "navy").save(folder / name)
    Image.new("RGB", (8, 8), "olive").save(folder / "b.png")
    Image.new("RGB", (8, 8), "teal").save(folder / "t2i" / "0003_s42.png")
    Image.new("RGB", (8, 8), "red").save(tmp_path / "outside.png")
    (folder / "film.mp4").write_bytes(b"not decoded here")
    (folder / "empty.png").write_bytes(b"")
    with wave.open(str(folder / "word.wav"), "wb") as sound:
        sound.setparams((1, 2, 16000, 0, "NONE", ""))
        sound.writeframes(b"\0\x20" * 800)
    monkeypatch.setenv("UNI_JUDGER_MEDIA_ROOTS", str(folder))
    monkeypatch.chdir(folder)
    return folder
