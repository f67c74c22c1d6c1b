"""What is given without waiting, and what is left to who can wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.settings import load
from judger.media import encode as encoding
from judger.media.at_hand import SMALL, Basket, NotAtHand, at_hand_only
from judger.media.encode import encode, media_of
from judger.media.files import MediaError, facts_of, facts_of_own, looked_at_once
from tests.judger.items import item

SEES = load({})
Prepare = Callable[[Path], object]


def nothing(path: Path) -> object:
    return path


def hashed(path: Path) -> object:
    return facts_of(path)


def shown(path: Path) -> object:
    return encode(path, "image", SEES)


@pytest.mark.parametrize(
    ("ask", "size", "before", "given"),
    [
        (facts_of, SMALL, nothing, True),
        (facts_of, SMALL + 1, nothing, False),
        (facts_of, SMALL + 1, hashed, True),
        (shown, 0, nothing, False),
        (shown, 0, hashed, False),
        (shown, 0, shown, True),
    ],
)
def test_what_is_known_is_given(
    tmp_path: Path, ask: Prepare, size: int, before: Prepare, given: bool
) -> None:
    path = tmp_path / f"{ask.__name__}.png"
    Image.new("RGB", (8, 8), (size % 251, len(before.__name__), 0)).save(path)
    with path.open("ab") as file:
        file.write(b"\0" * (size - path.stat().st_size))
    before(path)
    if given:
        with at_hand_only():
            assert ask(path)
    else:
        with pytest.raises(NotAtHand), at_hand_only():
            ask(path)
        assert ask(path)  # who can wait is given it


def test_what_was_kept_of_the_suites_media_is_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = SEES.model_copy(update={"cache": str(tmp_path / "cache")})
    Image.new("RGB", (9, 9), (1, 2, 3)).save(tmp_path / "a.png")
    about = item(image=str(tmp_path / "a.png"))
    first = media_of(about, settings)
    encoding._encoded._entries.clear()  # another process

    def fails(*_: object) -> Any:
        raise AssertionError("decoded again")

    monkeypatch.setattr(encoding, "decoded", fails)
    with at_hand_only():
        assert media_of(about, settings) == first
    with at_hand_only(), pytest.raises(FileNotFoundError):  # is said at once
        encode(tmp_path / "b.png", "image", settings)


def test_what_was_brought_in_vain_is_said_where_it_was_asked_for(tmp_path: Path) -> None:
    path, basket = tmp_path / "a.png", Basket()
    path.write_bytes(b"no picture")
    with pytest.raises(NotAtHand) as lacking, at_hand_only(basket):
        encode(path, "image", SEES)
    basket.bring(lacking.value)
    with at_hand_only(basket), pytest.raises(MediaError, match=r"a\.png"):
        encode(path, "image", SEES)


def test_a_requests_file_is_looked_at_once(tmp_path: Path) -> None:
    path, other = tmp_path / "a.png", tmp_path / "b.png"
    path.write_bytes(b"first")
    other.symlink_to(path)
    with looked_at_once():
        first = facts_of_own(path)
        assert facts_of_own(str(other)).sha256 == first.sha256
        path.write_bytes(b"second")
        assert facts_of_own(str(path)) is first
        # What is shown of it is of those bytes, or it is said that they are others now.
        with pytest.raises(MediaError, match="changed since it was read"):
            media_of(item(image=str(path)), SEES)
        with pytest.raises(FileNotFoundError):
            facts_of_own(tmp_path / "none.png")
    assert facts_of_own(path).sha256 != first.sha256
