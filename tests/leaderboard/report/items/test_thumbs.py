"""Small pictures: each once, bounded, made of nothing that lies outside."""

from pathlib import Path

import pytest
from PIL import Image

from judger.media.kept import Kept
from leaderboard.report.items.thumbs import BUDGET, SIDES, Thumbs, sides
from tests.known import known
from uni_safe_tasks.scenario.locations import DATA


def picture(
    path: Path, colour: str | tuple[int, int, int] = "#336699", size: tuple[int, int] = (1200, 800)
) -> str:
    Image.new("RGB", size, colour).save(path)
    return str(path)


def test_thumbnails_are_small_and_bounded(tmp_path: Path) -> None:
    thumbs = Thumbs([tmp_path], budget=5000)
    first = thumbs.of(picture(tmp_path / "a.png"), 256)
    source = thumbs.pictures[known(first.picture)]
    assert source.startswith("data:image/webp;base64,") and len(source) < 5_000
    for number in range(100):
        last = thumbs.of(picture(tmp_path / f"{number}.png", (2 * number, 99, 0)), 256)
        if thumbs.skipped:
            break
    assert last.picture is None and "too large" in last.label
    assert thumbs.of(str(tmp_path / "a.png"), 256) is first  # made once


def test_a_picture_stands_once_however_often_it_is_shown(tmp_path: Path) -> None:
    thumbs = Thumbs([tmp_path])
    one, same, other = (
        thumbs.of(picture(tmp_path / name, colour), 64)
        for name, colour in (("a.png", "red"), ("b.png", "red"), ("c.png", "blue"))
    )
    assert (one.picture, same.picture, other.picture) == (0, 0, 1)
    assert (one.label, same.label) == ("a.png", "b.png")
    assert len(thumbs.pictures) == 2


@pytest.mark.parametrize(
    ("made", "given", "expected"),
    [(0, 0, SIDES[0]), (10, 100, SIDES[0]), (400, 1000, (128, 80)), (9999, 9999, SIDES[-1])],
)
def test_the_more_pictures_the_smaller(made: int, given: int, expected: tuple[int, int]) -> None:
    assert sides(made, given, BUDGET) == expected


def test_small_pictures_are_kept_for_the_next_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path / "a.png")
    first = Thumbs([tmp_path], kept=Kept(tmp_path / "kept"))
    first.of(path, 64)
    monkeypatch.setattr("judger.media.thumb.decoded", lambda *_: pytest.fail("decoded again"))
    second = Thumbs([tmp_path], kept=Kept(tmp_path / "kept"))
    assert second.of(path, 64).picture == 0 and second.pictures == first.pictures


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd.png", "outside the allowed folders"),
        ("../outside.png", "outside the allowed folders"),
        ("link.png", "outside the allowed folders"),
        ("https://example.org/a.png", "not a file path"),
        ("data:image/png;base64,AAAA", "not a file path"),
        ("missing.png", "missing file"),
        ("broken.png", "no picture of a form that is opened"),
        ("empty.png", "file of 0 bytes"),
        ("broken.mp4", "no film of a form that is opened"),
        ("sound.wav", "a recording"),
    ],
)
def test_what_cannot_be_shown_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    inside = tmp_path / "run"
    inside.mkdir()
    monkeypatch.chdir(inside)
    picture(tmp_path / "outside.png")
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    for broken in ("broken.png", "broken.mp4", "sound.wav"):
        (inside / broken).write_bytes(b"no picture at all")
    (inside / "empty.png").touch()
    thumb = Thumbs([inside]).of(name, 64)
    assert thumb.picture is None
    assert said in thumb.label and str(tmp_path) not in thumb.label


def test_a_film_shows_one_frame() -> None:
    film = next((DATA / "media").glob("*/*.mp4"))
    thumbs = Thumbs([DATA])
    assert thumbs.of(str(film), 64).label.startswith("a film: ")
    assert thumbs.pictures[0].startswith("data:image/webp")
