"""The 42 leaves as text: `python -m uni_safe_tasks.suite.leaves` writes them.

A leaf is a category's file × a task type's template. `tag` stands in the leaf because `include`
replaces lists whole; tags have dashes because `--tasks 'uni_safe_*'` matches tags as well.
"""

from __future__ import annotations

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from uni_safe_tasks.suite.locations import TASKS


def leaf_name(category: str, task_type: str) -> str:
    """The name of a cell, as the harness lists it."""
    return f"uni_safe_{category}_{task_type}"


def leaf(category: str, task_type: str) -> str:
    """The YAML text of one cell."""
    return (
        "# Written by `python -m uni_safe_tasks.suite.leaves`.\n"
        f"include: _{task_type}_template_yaml\n"
        f"task: {leaf_name(category, task_type)}\n"
        f"tag: [unisafe-category-{category}, unisafe-type-{task_type}]\n"
        f"dataset_kwargs: {{data_files: !function uni_safe_tasks.suite.locations.{category}}}\n"
    )


def all_leaves() -> dict[str, str]:
    """File name → text of all 42."""
    return {
        f"{leaf_name(category, task_type)}.yaml": leaf(category, task_type)
        for category in CATEGORIES
        for task_type in TASK_TYPES
    }


if __name__ == "__main__":
    for name, text in all_leaves().items():
        (TASKS / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(all_leaves())} leaves to {TASKS}")
