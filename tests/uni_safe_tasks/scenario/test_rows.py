"""Scenario files: line-exact errors, balanced order, canonical form."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from judger.contract.protocol import HALF
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, SUBCATEGORIES, TASK_TYPES
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import RowError, interleaved, problems, read, validate_all
from uni_safe_tasks.suite.first import first_ids

ROWS = [
    json.loads(line)
    for line in (DATA / "privacy_leak.jsonl").read_text(encoding="utf-8").splitlines()
]


def harmful(**changes: Any) -> str:
    row = next(row for row in ROWS if row["kind"] == "harmful")
    return json.dumps({**row, **changes})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{not json", "Invalid JSON"),
        (harmful(intent="too short"), "under 12 words"),
        (harmful(subcategory="religion"), "is not of privacy_leak"),
        (harmful(category="sensitive_topics", subcategory="politics"), "stands in privacy_leak"),
        (harmful(category="nonsense"), "category 'nonsense'"),
        (harmful(surprise=1), "surprise: Extra inputs"),
        (harmful(id="PRI 1"), "id: String should match"),
        (harmful(text_generation=None), "has the forms"),
        (harmful(text_generation={"prompt": ""}), "text_generation.prompt: String should have"),
        (harmful(twin_of="pri-h102"), "`twin_of` stands on benign rows"),
        (harmful(image_understanding={"question": "q", "picture": {"kind": "x"}}), "picture.kind"),
    ],
)
def test_a_broken_line_is_named(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "privacy_leak.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + line + "\n", encoding="utf-8")
    found = list(problems(path))
    assert found and all(f.startswith("privacy_leak.jsonl:2: ") for f in found)
    assert any(says in f for f in found), found
    with pytest.raises(RowError, match=r"privacy_leak\.jsonl:2"):
        read(path)


def test_the_shipped_files_are_valid_and_canonical() -> None:
    rows = validate_all()
    assert len({row.id for row in rows}) == len(rows)
    for category in CATEGORIES:
        ours = [row for row in rows if row.category == category]
        assert [row.id for row in interleaved(ours)] == [row.id for row in ours]
        for row in ours:
            assert json.loads(row.model_dump_json()) == row.model_dump()


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("prefix", [6, 12, 24, 48, 60])
def test_every_prefix_is_balanced(category: str, prefix: int) -> None:
    rows = read(DATA / f"{category}.jsonl")
    seen, whole = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for index, row in enumerate(rows):
        whole[row.kind, row.subcategory] += 1
        if index < prefix:
            seen[row.kind, row.subcategory] += 1
    for stratum, count in whole.items():
        assert abs(seen[stratum] - count * prefix / len(rows)) <= 1.01, stratum


def test_a_twin_follows_its_harmful_row() -> None:
    for category in CATEGORIES:
        rows = read(DATA / f"{category}.jsonl")
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            if row.kind == "harmful":
                assert following is not None and following.twin_of == row.id


def test_a_small_sample_holds_all_three_kinds() -> None:
    for category in CATEGORIES:
        kinds = {row.kind for row in read(DATA / f"{category}.jsonl")[:6]}
        assert kinds == {"harmful", "benign", "canary"}, category


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_every_prefix_of_a_cell_is_balanced(category: str, task_type: str) -> None:
    """So that `--limit` is a sample and the half a protocol: kinds, sub-categories, canaries."""
    rows = [row for row in read(DATA / f"{category}.jsonl") if getattr(row, task_type) is not None]
    assert {f"{row.id}.{task_type}" for row in rows[:HALF]} == first_ids(HALF)[category, task_type]
    for prefix in range(12, len(rows) + 1):
        kinds = Counter(row.kind for row in rows[:prefix])
        assert abs(kinds["harmful"] - kinds["benign"]) <= 1, prefix
        for kind in ("harmful", "benign"):
            each = Counter(row.subcategory for row in rows[:prefix] if row.kind == kind)
            counts = [each[name] for name in SUBCATEGORIES[category]]
            assert max(counts) - min(counts) <= 1, (prefix, kind, each)
        if task_type in MEDIA_TASK_TYPES:
            assert kinds["canary"] >= (2 if prefix >= HALF else 1), prefix
