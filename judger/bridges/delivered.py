"""What the harness's table does not say of its `media_delivered`: which cells cannot be ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judger.contract.cell import Cell
from judger.contract.iso import FORMS, ISO_TASKS, MEDIA_FORMS
from judger.rates.counts import number
from judger.rates.delivery import Canaries, CellKey, by_type, doubt, undelivered

#: More cells than this are counted, not named.
MANY = 6


def undelivered_cells(results: Mapping[str, Any]) -> list[str]:
    """One line for each reason, by the rule of `rates.delivery`; none where media were delivered.

    `results` are those of a results file: cell -> metric -> value.
    """
    asked: dict[CellKey, Canaries] = {}
    for name, values in results.items():
        cell = Cell.named(name)
        if cell is not None and cell.has_media and isinstance(values, Mapping):
            asked[cell.category, cell.task_type] = _canaries(values)
    why = undelivered(asked)
    places: dict[str, list[str]] = {}
    for (category, task_type), reason in why.items():
        places.setdefault(reason, []).append(Cell(category, task_type).label)
    return [
        f"{reason} ({', '.join(cells) if len(cells) <= MANY else f'{len(cells)} cells'})"
        for reason, cells in places.items()
    ]


def undelivered_forms(results: Mapping[str, Any]) -> list[str]:
    """One line for each form of the second suite whose canaries did not come back."""
    asked = {
        ISO_TASKS[name]: _canaries(values)
        for name, values in results.items()
        if name in ISO_TASKS and isinstance(values, Mapping)
    }
    forms = by_type(asked, MEDIA_FORMS)
    why = ((form, doubt(form, seen)) for form, seen in forms.items())
    return [f"the sentence {FORMS[form]}: {reason}" for form, reason in why if reason]


def _canaries(values: Mapping[str, Any]) -> Canaries:
    counts, share = values.get("uni_judger,none"), values.get("media_delivered,none")
    known = counts.get("n") if isinstance(counts, Mapping) else None
    pair = known.get("media_delivered") if isinstance(known, Mapping) else None
    n = number(pair[0]) if isinstance(pair, (list, tuple)) and pair else 0
    return Canaries(round(float(share) * n) if isinstance(share, float) else 0, n)
