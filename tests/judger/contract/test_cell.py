"""A cell's spellings: one type puts them together, and finds the cell again."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from judger.contract.cell import CELLS, Cell, of_type
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from tests.judger.items import item

ROOT = Path(__file__).resolve().parents[3]


def test_there_are_42_in_one_order() -> None:
    assert len(set(CELLS)) == 42
    assert [c.category for c in CELLS[::7]] == list(CATEGORIES)
    assert [c.task_type for c in CELLS[:7]] == list(TASK_TYPES)
    assert {cell for t in TASK_TYPES for cell in of_type(t)} == set(CELLS)


def test_a_cell_is_written_in_each_way() -> None:
    cell = Cell("privacy_leak", "video_analysis")
    assert cell == ("privacy_leak", "video_analysis")
    assert cell.name == "uni_safe_privacy_leak_video_analysis"
    assert cell.label == "privacy_leak video_analysis"
    assert cell.tags == ("unisafe-category-privacy_leak", "unisafe-type-video_analysis")
    assert cell.has_media and not Cell("privacy_leak", "image_generation").has_media


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_found_by_its_name(cell: Cell) -> None:
    assert Cell.named(cell.name) is cell


@pytest.mark.parametrize(
    "name", ["", "uni_safe", "uni_safe_privacy_leak", "uni_safe_x_y", "unisafe_items", "mme"]
)
def test_other_names_are_no_cell(name: str) -> None:
    assert Cell.named(name) is None


def test_an_item_and_its_record_are_in_one_cell() -> None:
    one = item(category="biased_opinion", task_type="text_generation")
    assert Cell.of(one) == ("biased_opinion", "text_generation")
    assert Cell.labelled(Cell.of(one).label) == Cell.of(one)


def test_nobody_else_puts_names_together_or_takes_them_apart() -> None:
    found = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    rooms = ("judger/", "leaderboard/", "uni_safe_tasks/")
    own = [name for name in found if name.startswith(rooms)]
    apart = re.compile(
        r'f"uni_safe_\{|f"unisafe-|split\(\)\[1\]|for \w+ in CATEGORIES\s+for \w+ in TASK_TYPES'
    )
    users = {name for name in own if apart.search((ROOT / name).read_text(encoding="utf-8"))}
    assert users == {"judger/contract/cell.py", "judger/contract/iso.py"}
