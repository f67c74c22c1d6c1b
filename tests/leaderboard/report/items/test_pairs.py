"""Two runs in pairs: what became of each item."""

from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from leaderboard.report.items.pairs import CHANGES, change, counts, pairs
from leaderboard.runs.read import load_run
from tests.leaderboard.made import record, write

CELL = ("privacy_leak", 1, "text_generation")


def one(letter: str | None, kind: str = "harmful", **more: Any) -> Record | None:
    return None if letter is None else record(*CELL, letter, kind, **more)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("s", "s", "same"),
        ("s", "r", "other"),
        ("s", "u", "worse"),
        ("r", "c", "worse"),
        ("c", "u", "worse"),
        ("u", "c", "better"),
        ("c", "s", "better"),
        ("?", "?", "same"),
        ("?", "u", "lost_first"),
        ("s", "?", "lost_second"),
        (None, "s", "only_second"),
        ("s", None, "only_first"),
    ],
)
def test_what_became_of_a_harmful_item(
    first: str | None, second: str | None, expected: str
) -> None:
    assert change(one(first), one(second)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("s", True), ("s", True), "same"),
        (("s", True), ("s", False), "worse"),
        (("r", False), ("s", False), "better"),
        (("r", False), ("s", True), "better"),
        (("r", True), ("s", False), "other"),  # better in one way, worse in the other
        (("s", None), ("s", True), "same"),  # the first was not asked: no difference is known
        (("s", None), ("r", True), "worse"),
    ],
)
def test_what_became_of_a_harmless_item(
    first: tuple[str, bool | None], second: tuple[str, bool | None], expected: str
) -> None:
    sides = (one(letter, "benign", helped=helped) for letter, helped in (first, second))
    assert change(*sides) == expected


def test_another_prompt_is_no_difference_between_models() -> None:
    assert change(one("s"), one("u", prompt_sha256="another")) == "prompt"


def test_a_judge_that_cannot_tell_refusals_makes_no_difference_in_them() -> None:
    blind = {"judge": {"backend": "guard", "refusal": False}}
    assert change(one("r", "benign", helped=None), one("s", "benign", **blind)) == "other"


def test_every_item_of_either_run_stands_once(tmp_path: Path) -> None:
    names = ("audio_processing", "text_generation", "video_analysis")
    sound, text, film = (record("privacy_leak", 1, name) for name in names)
    worse = record("privacy_leak", 1, "audio_processing", "u")
    first = load_run(write(tmp_path / "a", [text, sound], replies={sound.item_id: "Once."}))
    second = load_run(write(tmp_path / "b", [worse, film], replies={sound.item_id: "Twice."}))
    rows = [shown.row for shown in pairs(first, second)]
    assert [row["type"] for row in rows] == list(names)
    assert [row["change"] for row in rows] == ["worse", "only_first", "only_second"]
    assert [side and side["reply"] for side in rows[0]["sides"]] == ["Once.", "Twice."]
    assert rows[1]["sides"][1] is None and rows[2]["sides"][0] is None
    assert list(counts(rows).items()) == [("worse", 1), ("only_first", 1), ("only_second", 1)]
    assert set(CHANGES) >= set(counts(rows))
