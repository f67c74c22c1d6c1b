"""The YAML of the second suite: `python -m uni_safe_tasks.suite.iso.leaves` writes it.

A leaf takes after the task type whose medium it shares, so that every back end gets a sentence's
recording as it gets any other. The pattern `uni_safe_*` meets none of these names or tags.
"""

from __future__ import annotations

from judger.contract.cell import ISO_CELLS, Cell
from judger.contract.iso import FORMS, ISO_SUITE
from judger.rates.metrics import METRICS
from uni_safe_tasks.scenario.iso.locations import TASKS

_HEAD = "# Written by `python -m uni_safe_tasks.suite.iso.leaves`.\n"
_PLACES = "uni_safe_tasks.scenario.iso.locations"
#: Form -> the task type of the 42 cells whose template says how its medium is sent.
TEMPLATES: dict[str, str] = {
    "iso_typed": "text_generation",
    "iso_picture": "image_understanding",
    "iso_speech": "audio_processing",
    "iso_film": "video_analysis",
    "iso_split": "multimodal_interaction",
}


def asked_like(cell: Cell) -> Cell:
    """The cell of the 42 whose items go to a back end in the same way; one of them is itself."""
    return Cell(cell.category, TEMPLATES.get(cell.task_type, cell.task_type))


def leaf(cell: Cell) -> str:
    """The YAML text of one cell."""
    return (
        f"{_HEAD}include: ../_{TEMPLATES[cell.task_type]}_template_yaml\n"
        f"task: {cell.name}\n"
        f"tag: [{', '.join(cell.tags)}]\n"
        f"dataset_kwargs: {{data_files: !function {_PLACES}.{cell.category}}}\n"
        f"process_docs: !function uni_safe_tasks.harness.process_docs.{cell.task_type}\n"
        f"metadata: {{version: 1.0, media: !function {_PLACES}.media_version}}\n"
    )


def group() -> str:
    """The root group and its five sub-groups: macro means over categories."""
    means = "".join(
        f"  - {{metric: {metric}, aggregation: !function judger.bridges.aggregate.mean_of_cells, "
        "weight_by_size: false}\n"
        for metric in METRICS
    )
    members = "".join(
        f"  - group: {task_type}\n"
        "    aggregate_metric_list: *means\n"
        f"    task: [{', '.join(c.name for c in ISO_CELLS if c.task_type == task_type)}]\n"
        for task_type in FORMS
    )
    return (
        f"{_HEAD}group: {ISO_SUITE}\naggregate_metric_list: &means\n{means}task:\n{members}"
        "metadata:\n  version: 1.0\n"
    )


def all_files() -> dict[str, str]:
    """File name → text of the 30 leaves and of the root group."""
    return {f"{ISO_SUITE}.yaml": group(), **{f"{cell.name}.yaml": leaf(cell) for cell in ISO_CELLS}}


if __name__ == "__main__":
    for name, text in all_files().items():
        (TASKS / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(all_files())} files to {TASKS}")
