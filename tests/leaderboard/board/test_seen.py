"""A file is taken for what it was only while nothing shows that it was written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from leaderboard.board import seen
from leaderboard.board.kept import Kept
from leaderboard.board.seen import Seen, settled, signature
from leaderboard.board.site import making
from leaderboard.board.site.build import build
from leaderboard.submission.facts import VERDICTS
from leaderboard.submission.validate import listed
from tests.leaderboard.board.site.test_site import files
from tests.leaderboard.board.test_kept import submissions


def nothing(file: Path) -> None:
    pass


def write_the_same_size(file: Path) -> None:
    """As quietly as a program can: in place, with the times of before."""
    times = file.stat()
    with file.open("r+b") as opened:
        opened.write(b"B")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def replace_it(file: Path) -> None:
    other = file.with_name("other")
    other.write_bytes(b"B")
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)


def link_it(file: Path) -> None:
    file.rename(file.parent.parent / "there")
    file.symlink_to(file.parent.parent / "there")


def add_one(file: Path) -> None:
    file.with_name("other").write_bytes(b"")


def take_it_away(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (nothing, "value"),
        (write_the_same_size, ""),
        (replace_it, ""),
        (link_it, ""),
        (add_one, ""),
        (take_it_away, ""),
    ],
)
def test_what_was_known_holds_until_a_file_changes(
    tmp_path: Path, change: Callable[[Path], None], known: str
) -> None:
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.write_bytes(b"A")
    os.utime(file, (1, 1))
    first = Seen(Kept(tmp_path / "kept"))
    first.note("name", signature(listed(file.parent)), "value")
    first.save()
    # A change within a tick of the clock does not show: that is what `settled` is for.
    before = file.stat().st_ctime_ns
    while True:
        (tmp_path / "tick").write_bytes(b"")
        if (tmp_path / "tick").stat().st_ctime_ns > before:
            break
    change(file)
    assert Seen(Kept(tmp_path / "kept")).get("name", signature(listed(file.parent))) == known


def test_what_was_written_just_now_is_not_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"A")
    os.utime(tmp_path / "file", (1, 1))  # the time of change stays now
    said = signature(listed(tmp_path))
    assert not settled(said)
    later = time.time() + seen.GRAIN + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert settled(said)


def test_settled_submissions_are_not_read_again_and_their_pages_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "GRAIN", -3600.0)  # as if made an hour ago
    root = submissions(tmp_path / "s", 0, 1)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    whole = files(tmp_path / "site")
    read: list[str] = []

    def key(root: Path, name: str) -> str:
        read.append(name)
        return ""

    monkeypatch.setattr(making, "_key", key)
    texts = making.Making.texts
    monkeypatch.setattr(making.Making, "texts", lambda self, made: pytest.fail("texts were read"))
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert read == []
    assert files(tmp_path / "site") == whole
    monkeypatch.setattr(making.Making, "texts", texts)
    page = next((tmp_path / "site" / "rows").iterdir())
    page.write_text("by hand")
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert files(tmp_path / "site") == whole
    (next(root.glob("*/*")) / VERDICTS).write_bytes(b"")
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert read == ["org__m0/" + next(root.glob("org__m0/*")).name]


def test_damaged_texts_are_made_again(tmp_path: Path) -> None:
    root = submissions(tmp_path / "s", 0)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    whole = files(tmp_path / "site")
    (kept,) = (tmp_path / "cache").glob("*/*.texts")
    kept.write_bytes(b"")
    next((tmp_path / "site" / "rows").iterdir()).write_text("by hand")
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert files(tmp_path / "site") == whole
