"""The YAML of the suite as text: `python -m uni_safe_tasks.suite.leaves` writes it.

A leaf is a category's file × a task type's template. `tag` stands in the leaf because `include`
replaces lists whole; tags have dashes because `--tasks 'uni_safe_*'` matches tags as well. The
sub-groups of the root group are inline, so that no group's name meets 'uni_safe_*'.
"""

from __future__ import annotations

from judger.contract.cell import CELLS, SUITE, Cell, of_type
from judger.contract.taxonomy import TASK_TYPES
from judger.rates.metrics import METRICS
from uni_safe_tasks.scenario.locations import TASKS

_HEAD = "# Written by `python -m uni_safe_tasks.suite.leaves`.\n"
_BRIDGE = "judger.bridges"


def leaf(cell: Cell) -> str:
    """The YAML text of one cell."""
    return (
        f"{_HEAD}include: _{cell.task_type}_template_yaml\n"
        f"task: {cell.name}\n"
        f"tag: [{', '.join(cell.tags)}]\n"
        f"dataset_kwargs: {{data_files: !function "
        f"uni_safe_tasks.scenario.locations.{cell.category}}}\n"
    )


def base() -> str:
    """What all cells share. Only keys that lm-evaluation-harness knows too: texts run there."""
    metrics = "".join(
        f"  - {{metric: {metric}, aggregation: !function {_BRIDGE}.aggregate.mean_of_scored, "
        f"higher_is_better: {'null' if better is None else str(better).lower()}}}\n"
        for metric, better in METRICS.items()
    )
    return (
        f"{_HEAD}# What all 42 cells share. Only keys that lm-evaluation-harness knows too: the "
        "text cells run there.\n"
        "dataset_path: json\n"
        "test_split: train\n"
        "output_type: generate_until\n"
        'doc_to_text: "{{prompt}}"\n'
        'doc_to_target: ""\n'
        f"process_results: !function {_BRIDGE}.harness.process_results\n"
        "generation_kwargs:\n"
        "  until: []  # without it lmms-eval cuts a reply at its first blank line\n"
        "  max_new_tokens: 1024\n"
        "  do_sample: false\n"
        "  temperature: 0\n"
        f"metric_list:\n{metrics}"
        f"  - {{metric: uni_judger, aggregation: !function {_BRIDGE}.aggregate.counts, "
        "higher_is_better: true}\n"
        "metadata:\n  version: 1.0\n"
        "  # With other media there are other replies: this enters the key of a kept one.\n"
        "  media: !function uni_safe_tasks.attacks.media_key.media_version\n"
    )


def group() -> str:
    """The root group and its seven sub-groups: macro means over cells."""
    means = "".join(
        f"  - {{metric: {metric}, aggregation: !function {_BRIDGE}.aggregate.mean_of_cells, "
        "weight_by_size: false}\n"
        for metric in METRICS
    )
    members = "".join(
        f"  - group: {task_type}\n"
        "    aggregate_metric_list: *means\n"
        f"    task: [{', '.join(cell.name for cell in of_type(task_type))}]\n"
        for task_type in TASK_TYPES
    )
    return (
        f"{_HEAD}group: {SUITE}\naggregate_metric_list: &means\n{means}task:\n{members}"
        "metadata:\n  version: 1.0\n"
    )


def all_files() -> dict[str, str]:
    """File name → text of the 42 leaves, of what they share, and of the root group."""
    leaves = {f"{cell.name}.yaml": leaf(cell) for cell in CELLS}
    return {"_base_template_yaml": base(), f"{SUITE}.yaml": group(), **leaves}


if __name__ == "__main__":
    for name, text in all_files().items():
        (TASKS / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(all_files())} files to {TASKS}")
