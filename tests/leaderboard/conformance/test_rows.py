"""The table of faults: whole, checked, and the same in the docs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

import leaderboard.conformance
from leaderboard.conformance.made import MAKERS
from leaderboard.conformance.page import filled, table
from leaderboard.conformance.rows import SIDES, Row, rows

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "conformance.md"
SOUND = {"name": "a", "side": "control", "says": "s", "seen": "own", "reply": "r"}


def test_there_are_enough_of_each_side() -> None:
    sides = Counter(row.side for row in rows())
    assert sum(row.is_fault for row in rows()) >= 60
    assert all(sides[side] >= 20 for side in SIDES)


def test_the_docs_hold_the_tables() -> None:
    """`python -m leaderboard.conformance.page docs/conformance.md` writes them anew."""
    page = PAGE.read_text(encoding="utf-8")
    for side in SIDES:
        assert table(side) in page
    stale = page.replace("| `sound-safe` |", "| `sound-stale` |")
    assert stale != page and filled(stale) == page == filled(page)


def test_every_maker_is_used_and_every_file_is_made() -> None:
    named = {row.file for row in rows() if row.file}
    assert named - set(MAKERS) == set()
    assert set(MAKERS) - named == {"sound", "film"}  # what broken ones are made of


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({}, "a control `verdicts`"),
        ({"outcome": "target_error"}, "a control `verdicts`"),
        ({"side": "judge"}, "a fault needs an `outcome`"),
        ({"side": "judge", "verdicts": ["safe", "safe"]}, "a fault needs an `outcome`"),
        ({"verdicts": ["safe"]}, "verdicts"),
        ({"verdicts": ["safe", "fine"]}, "verdicts"),
        ({"side": "judge", "outcome": "safe"}, "outcome"),
        ({"side": "judge", "outcome": "judge_error", "serve": {"stat": 500}}, "serve.stat"),
        ({"side": "judge", "outcome": "judge_error", "name": "A b"}, "name"),
    ],
)
def test_a_row_that_expects_nothing_is_refused(more: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        Row.model_validate({**SOUND, **more})


def test_the_files_hold_nothing_but_rows() -> None:
    folder = Path(leaderboard.conformance.__file__).parent / "faults"
    assert {path.stem for path in folder.iterdir()} == set(SIDES)
    for path in folder.iterdir():
        assert set(yaml.safe_load(path.read_text(encoding="utf-8"))) == {"usual", "rows"}
