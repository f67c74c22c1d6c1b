"""What a judge is sent of a file: every frame, page and sound that it stands for, made once."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from judger.contract.settings import Settings, load
from judger.judges.guards.llama_guard_4 import LlamaGuard4
from judger.media import encode as encoding
from judger.media.decode.pixels import pages
from judger.media.encode import Content, encode, media_of
from judger.media.files import FileFacts, MediaError, MediaKind, RequestMediaError, facts_of
from judger.media.pieces import UNHEARD
from judger.media.pool import decoded
from judger.media.single_flight import Once
from judger.reply.parts import Part
from tests.judger.films import SIDE, film, grey, greys, moving
from tests.judger.items import item

SEES = load({"UNI_JUDGER_VIDEO_FRAMES": "4"})
HEARS = load({"UNI_JUDGER_VIDEO_FRAMES": "4", "UNI_JUDGER_MODALITIES": "text,image,audio"})


def words(content: list[Content]) -> list[str]:
    return [c["text"] for c in content if c["type"] == "text"]


def seen(content: list[Content]) -> list[Image.Image]:
    urls = [c["image_url"]["url"] for c in content if c["type"] == "image_url"]
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
        io.BytesIO(base64.b64decode(content[-1]["input_audio"]["data"])), dtype="float32"
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


def test_each_file_is_decoded_once_however_many_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def counted(facts: FileFacts, kind: MediaKind, request: Mapping[str, Any]) -> bytes | bytearray:
        made.append(facts.path)
        return decoded(facts, kind, request)

    monkeypatch.setattr(encoding, "decoded", counted)
    paths = [tmp_path / f"{index}.png" for index in range(48)]
    for index, path in enumerate(paths):
        Image.new("RGB", (SIDE, SIDE), (index, 77, 133)).save(path)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(encode, path, "image", SEES) for path in paths * 2 + paths]
        assert all(len(future.result()) == 1 for future in asked)
    assert sorted(made) == sorted(paths)


def test_the_requests_media_are_made_once_on_a_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = HEARS.model_copy(update={"cache": str(tmp_path / "cache")})
    path = film(tmp_path / "a.mp4", loudness=0.5)
    encoding._encoded._entries.clear()
    first = media_of(item(video=str(path)), settings)
    encoding._encoded._entries.clear()  # another process, another model
    monkeypatch.setattr(encoding, "decoded", _fails)
    assert media_of(item(video=str(path)), settings) == first
    with pytest.raises(RequestMediaError):  # another form of it was not kept
        media_of(item(video=str(path)), settings.model_copy(update={"image_side": 512}))


def test_a_file_that_changed_since_it_was_read_is_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    greys(3)[1].save(path)
    was = facts_of(path).sha256
    assert encode(path, "image", SEES, was)
    greys(3)[2].save(path)
    with pytest.raises(MediaError, match="changed since it was read"):
        encode(path, "image", SEES, was)


def test_those_who_wait_share_what_is_being_made() -> None:
    once: Once[str] = Once(len, 10)
    started, finish = threading.Event(), threading.Event()
    made = []

    def slow() -> str:
        made.append("made")
        started.set()
        finish.wait(10)
        return "value"

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(once.get, "key", slow)]
        started.wait(10)
        once.get("more than is kept", lambda: "x" * 11)
        asked += [pool.submit(once.get, "key", slow) for _ in range(3)]
        finish.set()
        assert {future.result() for future in asked} == {"value"}
    assert (made, once.held) == (["made"], 5)


def test_what_is_kept_is_bounded_and_a_failure_is_not_kept() -> None:
    once: Once[str] = Once(len, 10)
    for key in range(20):
        once.get(key, lambda: "four")
    assert once.held <= 10
    for _ in range(2):
        with pytest.raises(MediaError):
            once.get("bad", _fails)
    assert once.get("bad", lambda: "good") == "good"


def _fails(*_: object) -> Any:
    raise MediaError("broken")
