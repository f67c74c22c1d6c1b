"""What the YAML of the paper's suite looks up when one of its tasks is asked for, not before.

`data_<category>` is the path of an index; `group_<task>` is a group over the cells that have items.
Both raise NotImported, in one line, when there is no import.
"""

from __future__ import annotations

from typing import Any

from judger.bridges.aggregate import mean_of_items
from judger.contract.taxonomy import CATEGORIES
from judger.rates.metrics import PAPER_NAMES
from uni_safe_tasks.paper.index import HOW, NotImported, index_file, read
from uni_safe_tasks.paper.protocol import TASKS, leaf_name

TOTALS = [
    {"metric": name, "aggregation": mean_of_items, "weight_by_size": True} for name in PAPER_NAMES
]


def __getattr__(name: str) -> Any:
    """`data_<category>` or `group_<task>`."""
    kind, _, of = name.partition("_")
    if kind == "data" and of in CATEGORIES:
        imported = read()
        if not any(imported.count(task, of) for task in TASKS):
            raise NotImported(f"your copy has no items of {of}; {HOW}")
        return str(index_file(of))
    if kind == "group" and of in TASKS:
        return _group(of)
    raise AttributeError(name)


def _group(task: str) -> dict[str, Any]:
    imported = read()
    leaves = [leaf_name(task, c) for c in CATEGORIES if imported.count(task, c)]
    if not leaves:
        raise NotImported(
            f"your copy has no {task}, and totals are over all seven tasks; {HOW}, or run "
            "--tasks 'uni_safebench_*'"
        )
    return {"group": task, "aggregate_metric_list": TOTALS, "task": leaves}
