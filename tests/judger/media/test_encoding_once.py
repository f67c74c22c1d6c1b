"""A file is decoded once, however many ask; what is kept is bounded."""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.settings import load
from judger.media import encode as encoding
from judger.media.encode import Content, encode, media_of
from judger.media.files import FileFacts, MediaError, MediaKind, RequestMediaError, facts_of
from judger.media.pool import decoded
from judger.media.single_flight import Once
from tests.judger.films import SIDE, film, greys
from tests.judger.items import item

SEES = load({"UNI_JUDGER_VIDEO_FRAMES": "4"})


HEARS = load({"UNI_JUDGER_VIDEO_FRAMES": "4", "UNI_JUDGER_MODALITIES": "text,image,audio"})


def words(content: list[Content]) -> list[str]:
    return [c["text"] for c in content if c["type"] == "text"]


def seen(content: list[Content]) -> list[Image.Image]:
    urls = [c["image_url"]["url"].text for c in content if c["type"] == "image_url"]
    return [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]


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
