"""The 42 leaves: byte for byte, and what the harness makes of them."""

from __future__ import annotations

import fnmatch
import re

import pytest
import yaml
from lmms_eval.tasks import TaskManager

from judger.contract.cell import CELLS, category_tag, type_tag
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.rates.metrics import METRICS
from uni_safe_tasks.harness.patches import discovery
from uni_safe_tasks.scenario.locations import TASKS
from uni_safe_tasks.suite.leaves import all_files


@pytest.fixture(scope="module")
def manager() -> TaskManager:
    assert discovery.install()
    return TaskManager(include_defaults=False)


def test_checked_in_files_are_what_the_function_writes() -> None:
    files = all_files()
    assert len(files) == 44
    for name, text in files.items():
        assert (TASKS / name).read_text(encoding="utf-8") == text, f"{name}: run the generator"
    leaves = {name: text for name, text in files.items() if name.startswith("uni_safe_")}
    assert {p.name for p in TASKS.glob("uni_safe_*.yaml")} == set(leaves)
    assert max(len(text.splitlines()) for text in leaves.values()) <= 6


def test_every_metric_has_its_place_in_cells_and_groups() -> None:
    for name in ("_base_template_yaml", "uni_safe.yaml"):
        told = re.findall(r"metric: (\w+)", all_files()[name])
        assert [metric for metric in told if metric != "uni_judger"] == list(METRICS)


def test_the_pattern_meets_exactly_the_42_leaves(manager: TaskManager) -> None:
    met = manager.match_tasks(["uni_safe_*"])
    assert sorted(met) == sorted(cell.name for cell in CELLS)
    assert {manager.task_index[name]["type"] for name in met} == {"task"}


@pytest.mark.parametrize(
    ("tag", "count"),
    [
        *((category_tag(category), 7) for category in CATEGORIES),
        *((type_tag(task_type), 6) for task_type in TASK_TYPES),
    ],
)
def test_tags(manager: TaskManager, tag: str, count: int) -> None:
    assert manager.match_tasks([tag]) == [tag]
    assert len(manager.task_index[tag]["task"]) == count
    assert not fnmatch.fnmatch(tag, "uni_safe_*")


def test_the_root_group_names_every_leaf_once(manager: TaskManager) -> None:
    class Plain(yaml.SafeLoader):
        """Reads `!function x` as the string x."""

    Plain.add_constructor("!function", lambda loader, node: node.value)
    root = yaml.load((TASKS / "uni_safe.yaml").read_text(encoding="utf-8"), Plain)
    leaves = [leaf for group in root["task"] for leaf in group["task"]]
    assert sorted(leaves) == sorted(cell.name for cell in CELLS)
    assert [group["group"] for group in root["task"]] == list(TASK_TYPES)
    assert "uni_safe" in manager.all_groups


def test_text_leaves_use_only_keys_that_lm_eval_knows() -> None:
    for task_type in set(TASK_TYPES) - set(MEDIA_TASK_TYPES) - {"image_generation"}:
        text = (TASKS / f"_{task_type}_template_yaml").read_text(encoding="utf-8")
        assert {line.split(":")[0] for line in text.splitlines()} == {"include", "process_docs"}
