"""The YAML of the paper's suite: small pure functions; `python -m uni_safe_tasks.paper.leaves`.

A leaf is a category's index × a task's documents; the group's members are looked up when it is
asked for, because not every cell has items (three have none in the published composition).
"""

from __future__ import annotations

from pathlib import Path

from judger.contract.taxonomy import CATEGORIES
from judger.rates.metrics import PAPER_NAMES
from uni_safe_tasks.paper.protocol import SUITE, TASKS, leaf_name

FOLDER = Path(__file__).resolve().parent / "tasks"
_HEAD = "# Written by `python -m uni_safe_tasks.paper.leaves`.\n"


def leaf(task: str, category: str) -> str:
    """The YAML text of one cell."""
    template = "media" if task != "malicious_text_generation" else "text"
    return (
        f"{_HEAD}include: _paper_{template}_template_yaml\n"
        f"task: {leaf_name(task, category)}\n"
        f"dataset_kwargs: {{data_files: !function uni_safe_tasks.paper.cells.data_{category}}}\n"
        f"process_docs: !function uni_safe_tasks.harness.process_docs.{task}\n"
    )


def group() -> str:
    """The YAML text of the root group: totals over all items, each task a group of its own."""
    members = "".join(f"  - !function uni_safe_tasks.paper.cells.group_{task}\n" for task in TASKS)
    totals = "".join(
        f"  - {{metric: {name}, aggregation: !function judger.bridges.aggregate.mean_of_items, "
        "weight_by_size: true}\n"
        for name in PAPER_NAMES
    )
    return (
        f"{_HEAD}group: {SUITE}\naggregate_metric_list:\n{totals}task:\n{members}"
        "metadata:\n  version: 1.0\n"
    )


def all_files() -> dict[str, str]:
    """File name → text of the 42 leaves and the group."""
    leaves = {
        f"{leaf_name(task, category)}.yaml": leaf(task, category)
        for task in TASKS
        for category in CATEGORIES
    }
    return {f"{SUITE}.yaml": group(), **leaves}


if __name__ == "__main__":
    for name, text in all_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(all_files())} files to {FOLDER}")
