"""What is opened of a reply's or a request's media, and what is sent of it."""

from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from judger import media
from judger.media import MediaError, video_frames, wav


def tone(path: Path, seconds: float, rate: int, channels: int = 1) -> Path:
    times = np.arange(int(seconds * rate)) / rate
    wave = 0.5 * np.sin(2 * np.pi * 440 * times, dtype=np.float32)
    soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate)
    return path


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


def test_a_film_over_the_bounds_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        for _ in range(20):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert len(video_frames(path, 4)) == 4
    monkeypatch.setattr(media, "MAX_FILM_PIXELS", 64 * 64 * 10)
    with pytest.raises(MediaError, match="pixels in all"):
        video_frames(path, 4)
