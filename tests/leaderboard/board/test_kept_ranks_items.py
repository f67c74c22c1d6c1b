"""What is the same for all rows is kept, too: who stands above whom, and the suite's items."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from judger.rates.dominance import Axis, above
from leaderboard.board import ranking, suite_items
from leaderboard.board.kept import Kept
from leaderboard.board.ranking import board
from leaderboard.board.site import making
from leaderboard.board.site.build import build
from leaderboard.board.suite_items import at_hand
from leaderboard.submission import manifest
from leaderboard.submission.verdicts import Asked
from tests.leaderboard.board.rows import row
from tests.leaderboard.board.site.test_site import files
from tests.leaderboard.board.test_kept import submissions
from tests.leaderboard.submissions import TEXT_ONLY, make, verdict_lines


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered of the suite's items."""
    nothing: dict[str, Asked] = {}
    monkeypatch.setattr(manifest, "_remembered", lambda: nothing)


def test_a_site_made_cold_warm_and_with_one_new_is_a_fresh_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MANY", 2)  # other processes help
    root = submissions(tmp_path / "s", 0, 1, 2)
    make(root, 7, model="org/whole", name="Whole")
    cache = tmp_path / "cache"
    for seed in (3, 4):
        build(root, tmp_path / "fresh", cache=None)
        for _ in range(2):
            assert len(build(root, tmp_path / "site", cache=cache).rows) == seed + 1
            assert files(tmp_path / "site") == files(tmp_path / "fresh")
        make(root, seed, model=f"org/m{seed}", name=f"M {seed}", modalities=TEXT_ONLY)


def test_ranks_are_kept_until_a_letter_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(axes: list[Axis]) -> object:
        asked.append(len(axes))
        return above(axes)

    monkeypatch.setattr(ranking, "above", counted)
    rows = [row(safe=safe, seed=seed, modalities=TEXT_ONLY) for seed, safe in enumerate((0.3, 0.9))]
    kept = Kept(tmp_path)
    first = board("text", rows, kept)
    assert board("text", rows, kept) == first == board("text", rows)
    assert len(asked) == 2  # the second had them from the first
    lines = verdict_lines(0.3, seed=0, modalities=TEXT_ONLY)
    scored = next(x for x in lines if x["contextual"] == "unsafe")
    scored["contextual"] = "safe"
    board("text", [row(lines, modalities=TEXT_ONLY), rows[1]], kept)
    assert len(asked) == 3


@pytest.mark.parametrize("damage", [b"", b"[]", b"[[1],[1]]", b"[[1,2],[1]]"])
def test_damaged_ranks_are_made_again(tmp_path: Path, damage: bytes) -> None:
    rows = [row(safe=safe, seed=seed, modalities=TEXT_ONLY) for seed, safe in enumerate((0.3, 0.9))]
    first = board("text", rows, Kept(tmp_path))
    (name,) = tmp_path.glob("ranks-*")
    name.write_bytes(damage)
    assert board("text", rows, Kept(tmp_path)) == first


@pytest.mark.usefixtures("unread")
def test_the_items_that_were_kept_are_those_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = dict(manifest.items())
    at_hand(Kept(tmp_path))
    monkeypatch.setattr(manifest, "_rendered", lambda: pytest.fail("rendered again"))
    at_hand(Kept(tmp_path))
    assert dict(manifest.items()) == rendered
    assert list(manifest.items()) == list(rendered)


@pytest.mark.usefixtures("unread")
def test_other_media_have_the_items_rendered_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "one.png").write_bytes(b"A")
    monkeypatch.setattr(suite_items, "DATA", tmp_path)
    monkeypatch.setattr(suite_items, "settled", lambda said: True)
    kept = Kept(tmp_path / "kept")
    at_hand(kept)
    os.utime(tmp_path / "media" / "one.png", (1, 1))
    at_hand(kept)
    assert not manifest._remembered()
    at_hand(kept)
    assert manifest._remembered()
