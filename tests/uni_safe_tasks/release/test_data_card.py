"""The data card: its tables are counted from the files, and the folder loads as a data set."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import datasets
import pytest

from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES, TASK_TYPES
from uni_safe_tasks.release import card
from uni_safe_tasks.release.checks import pairs
from uni_safe_tasks.scenario.iso.locations import DATA as ISO
from uni_safe_tasks.scenario.iso.rows import read_all
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import MANIFEST, shipped
from uni_safe_tasks.scenario.rows import validate_all


def test_the_tables_are_up_to_date() -> None:
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert card.filled(text, card.composition()) == text, (
        "run `python -m uni_safe_tasks.release.card`"
    )


def test_the_composition_is_the_one_asked_for() -> None:
    lines = [re.split(r" *\| *", line)[1:-1] for line in card.composition().splitlines() if line]
    counts: dict[str, list[str]] = {}
    for line in lines:
        counts.setdefault(line[0].strip("*"), line[1:])
    for category, subcategories in SUBCATEGORIES.items():
        assert counts[category] == ["60", "60", "4"]
        harmful = [int(counts[name][0]) for name in subcategories]
        assert sum(harmful) == 60 and max(harmful) - min(harmful) <= 1
    items = {line[0]: line[1:] for line in lines if len(line) == 6}
    for task_type in TASK_TYPES:
        assert items[task_type][:2] == ["360", "360"]
    assert [line[-1] for line in lines if line[0] == "**all**"][:2] == ["24", "5136"]


@pytest.mark.parametrize(
    "form",
    ["image_understanding", "audio_processing", "video_analysis", "multimodal_interaction"],
)
def test_in_three_pairs_of_ten_at_least_each_side_differs(form: str) -> None:
    counts = pairs.table(validate_all())[form]
    assert min(counts["same words"], counts["same medium"]) >= 0.3 * 360
    assert not counts["both differ"] and not counts["identical"]


def test_at_least_ten_films_a_category_depend_on_the_order_of_shots() -> None:
    for category in CATEGORIES:
        rows = [row for row in validate_all() if row.category == category]
        for kind, least in (("harmful", 10), ("canary", 1)):
            films = [row.video_analysis for row in rows if row.kind == kind]
            assert sum(film.order_matters for film in films if film) >= least, category


def test_media_are_small() -> None:
    listed = json.loads((DATA / MANIFEST).read_text(encoding="utf-8"))
    films = [entry["bytes"] for path, entry in listed.items() if path.endswith(".mp4")]
    assert sum(entry["bytes"] for entry in listed.values()) <= 55e6
    assert statistics.median(films) <= 30_000


@pytest.mark.parametrize("text", ["", card.BEGIN, card.END])
def test_a_card_without_marks_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="the card has no"):
        card.filled(text, "table")


def test_what_stands_around_the_tables_stays(tmp_path: Path) -> None:
    made = card.filled(f"before\n{card.BEGIN}\nold\n{card.END}\nafter\n", "new")
    assert made == f"before\n{card.BEGIN}\n\nnew\n\n{card.END}\nafter\n"


def test_the_sentences_are_the_ones_asked_for() -> None:
    rows = read_all()
    for category, subcategories in SUBCATEGORIES.items():
        kinds = Counter((row.kind, row.subcategory) for row in rows if row.category == category)
        for kind in ("harmful", "benign"):
            each = [kinds[kind, name] for name in subcategories]
            assert sum(each) == 20 and max(each) - min(each) <= 2, (category, kind, each)
        assert kinds["canary", ""] == 2
    assert sum((ISO / path).stat().st_size for path in shipped(ISO)) <= 14e6


def load(folder: Path, name: str) -> Any:
    """A config of the data set, from a folder of its own: the cache is keyed by it."""
    ignored = shutil.ignore_patterns("media", "review")
    shutil.copytree(DATA, folder / "data", ignore=ignored)
    cache = str(folder / "cache")
    return datasets.load_dataset(str(folder / "data"), name, split="train", cache_dir=cache)


def test_the_sentences_load_without_the_harness(tmp_path: Path) -> None:
    loaded = load(tmp_path, "iso")
    assert loaded.num_rows == 6 * 42
    assert set(loaded["category"]) == set(CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_folder_loads_without_the_harness(
    category: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torchcodec", None)
    loaded = load(tmp_path, category)
    assert loaded.num_rows == 124
    assert set(loaded["category"]) == {category}
    harmful = next(row for row in loaded if row["kind"] == "harmful")
    assert (DATA / harmful["image_understanding"]["image"]).is_file()


def test_licence_and_notice_are_there() -> None:
    licence = (DATA / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY 4.0" in licence and "Use notice" in licence
