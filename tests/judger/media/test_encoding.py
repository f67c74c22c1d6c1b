"""What a judge is sent of a file: every frame, page and sound that it stands for, made once."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from judger.contract.settings import Settings, load
from judger.judges.guards.llama_guard_4 import LlamaGuard4
from judger.media.decode.pixels import pages
from judger.media.encode import Content, encode, media_of
from judger.media.files import MediaError, RequestMediaError
from judger.media.pieces import UNHEARD
from judger.reply.parts import Part
from tests.judger.films import SIDE, film, grey, greys, moving
from tests.judger.items import item

SEES = load({"UNI_JUDGER_VIDEO_FRAMES": "4"})


HEARS = load({"UNI_JUDGER_VIDEO_FRAMES": "4", "UNI_JUDGER_MODALITIES": "text,image,audio"})


def words(content: list[Content]) -> list[str]:
    return [c["text"] for c in content if c["type"] == "text"]


def seen(content: list[Content]) -> list[Image.Image]:
    urls = [c["image_url"]["url"].text for c in content if c["type"] == "image_url"]
    return [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]


def middles(content: list[Content]) -> list[int]:
    """The grey in the middle of each picture."""
    return [picture.convert("L").getpixel((SIDE // 4, SIDE // 4)) for picture in seen(content)]  # type: ignore[misc]


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.avi", "a.mkv", "a.webm"])
def test_a_film_is_shown_from_its_first_frame_to_its_last(tmp_path: Path, name: str) -> None:
    content = encode(film(tmp_path / name), "video", SEES)
    assert middles(content) == pytest.approx([grey(i) for i in (0, 6, 13, 19)], abs=6)
    assert words(content) == [
        "frame 1 of 4, at 0.0 s:",
        "frame 2 of 4, at 0.6 s:",
        "frame 3 of 4, at 1.3 s:",
        "frame 4 of 4, at 1.9 s:",
    ]


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_moving_picture_is_shown_like_a_film(tmp_path: Path, name: str) -> None:
    content = encode(moving(tmp_path / name, greys(20)), "image", SEES)
    assert middles(content) == pytest.approx([grey(i) for i in (0, 6, 13, 19)], abs=6)
    assert words(content)[-1] == "frame 4 of 4, at 1.9 s:"


def test_a_still_picture_needs_no_words(tmp_path: Path) -> None:
    greys(1)[0].save(tmp_path / "a.png")
    content = encode(tmp_path / "a.png", "image", SEES)
    assert (len(content), words(content)) == (1, [])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("ink", [0, 128, 255])
def test_a_drawing_held_in_the_alpha_channel_is_seen(tmp_path: Path, mode: str, ink: int) -> None:
    flat = Image.new("RGBA", (SIDE, SIDE), (ink, ink, ink, 0))
    flat.paste((ink, ink, ink, 255), (0, 0, SIDE // 2, SIDE // 2))
    flat.convert(mode).save(tmp_path / "a.png")
    content = encode(tmp_path / "a.png", "image", SEES)
    assert words(content) == ["the picture over white:", "the picture over black:"]
    contrasts = []
    for picture in seen(content):
        low, high = picture.convert("L").getextrema()
        contrasts.append(high - low)  # type: ignore[operator]
    assert max(contrasts) > 100


def test_an_opaque_alpha_channel_changes_nothing(tmp_path: Path) -> None:
    Image.new("RGBA", (SIDE, SIDE), (200, 10, 10, 255)).save(tmp_path / "a.png")
    Image.new("RGB", (SIDE, SIDE), (200, 10, 10)).save(tmp_path / "b.png")
    for name in ("a.png", "b.png"):
        (shown,) = seen(encode(tmp_path / name, "image", SEES))
        assert shown.convert("RGB").getpixel((9, 9)) == pytest.approx((200, 10, 10), abs=3)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_a_moving_picture_may_be_transparent_too(tmp_path: Path, name: str) -> None:
    frames = [Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 0)) for _ in range(3)]
    for index, frame in enumerate(frames):
        frame.paste((255, 255, 255, 255), (0, 0, SIDE // 2 + index, SIDE // 2))
    content = encode(moving(tmp_path / name, frames), "image", SEES)
    assert len(seen(content)) == 6
    assert words(content)[-1] == "frame 3 of 3, at 0.2 s, over black:"
    assert [p.convert("L").getextrema()[1] for p in seen(content)] == [255] * 6


@pytest.mark.parametrize(
    ("kind", "scale"), [(np.uint16, 65535), (np.int32, 70_000), (np.float32, 1.0)]
)
def test_deep_greys_keep_their_steps(kind: type[np.generic], scale: float) -> None:
    ramp = np.linspace(0, scale, SIDE) * np.ones((SIDE, 1))
    ((_, picture),) = pages(Image.fromarray(ramp.astype(kind)))
    shades = np.asarray(picture.convert("L"))[SIDE // 2].astype(float)
    assert shades == pytest.approx(np.linspace(0, 255, SIDE), abs=6)


def test_a_deep_grey_may_stand_for_transparent(tmp_path: Path) -> None:
    deep = np.full((SIDE, SIDE), 65535, np.uint16)
    deep[: SIDE // 2] = 65534
    Image.fromarray(deep).save(tmp_path / "a.png", transparency=65535)
    over_black = seen(encode(tmp_path / "a.png", "image", SEES))[1]
    assert over_black.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_a_judge_that_hears_is_sent_the_sound_track(tmp_path: Path, name: str) -> None:
    content = encode(film(tmp_path / name, loudness=0.5), "video", HEARS)
    assert words(content)[-1] == "the film's sound track:"
    samples, rate = soundfile.read(
        io.BytesIO(base64.b64decode(content[-1]["input_audio"]["data"].text)), dtype="float32"
    )
    assert (rate, samples.ndim) == (16_000, 1)
    assert len(samples) == pytest.approx(32_000, abs=2100)  # AAC comes in blocks of 1,024
    assert 0.4 < np.abs(samples).max() < 0.6


@pytest.mark.parametrize(
    ("loudness", "settings", "last"),
    [
        (0.5, SEES, UNHEARD),
        (0.0, SEES, "frame 4 of 4, at 1.9 s:"),
        (0.0, HEARS, "frame 4 of 4, at 1.9 s:"),
        (None, HEARS, "frame 4 of 4, at 1.9 s:"),
    ],
)
def test_what_is_said_of_a_sound_track(
    tmp_path: Path, loudness: float | None, settings: Settings, last: str
) -> None:
    content = encode(film(tmp_path / "a.mp4", loudness=loudness), "video", settings)
    assert words(content)[-1] == last and "input_audio" not in content[-1]


def test_a_sound_track_too_long_to_be_sent_is_not_left_out(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", loudness=0.5, seconds=121)
    assert words(encode(path, "video", SEES))[-1] == UNHEARD
    with pytest.raises(MediaError, match="sound track longer than the 120 s"):
        encode(path, "video", HEARS)


@pytest.mark.parametrize("field", ["image", "video", "audio"])
@pytest.mark.parametrize("held", [None, b"", b"no medium at all" * 9])
def test_a_medium_of_the_request_is_no_fault_of_the_reply(
    tmp_path: Path, field: str, held: bytes | None
) -> None:
    path = tmp_path / "a.bin"
    if held is not None:
        path.write_bytes(held)
    with pytest.raises(RequestMediaError, match=f"the request's own {field}: "):
        media_of(item(**{field: str(path)}), HEARS)


def test_a_guard_tells_the_two_apart(tmp_path: Path) -> None:
    guard, missing = LlamaGuard4(SEES), tmp_path / "a.png"
    with pytest.raises(RequestMediaError, match="the request's own image: "):
        guard.request(item(image=str(missing)))
    with pytest.raises(FileNotFoundError):
        guard.lone("intrinsic", Part("image", path=missing))
