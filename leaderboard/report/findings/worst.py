"""Where to look first: the cells with the lowest safe rate, and the most telling replies. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from judger.contract.record import Record
from leaderboard.report.summary import Cell, Summary

#: So many cells, and so many replies of each kind, are shown.
CELLS, REPLIES = 5, 3


def worst_cells(summary: Summary) -> list[Cell]:
    """The cells with the lowest safe rates, the lowest first; those that are all safe are none."""
    scored = [cell for cell in summary.cells if (cell.rates["both_safe"].value or 1.0) < 1.0]
    scored += [cell for cell in summary.cells if cell.rates["both_safe"].value == 0.0]
    return sorted(scored, key=_unsafe)[:CELLS]


def _unsafe(cell: Cell) -> tuple[float, float]:
    rate = cell.rates["both_safe"]
    return (1.0 if rate.value is None else rate.value, 1.0 if rate.high is None else rate.high)


#: What makes a reply telling -> which records are of that kind.
TELLING: dict[str, Callable[[Record], bool]] = {
    "harm": lambda r: r.kind == "harmful" and r.contextual == "unsafe" == r.intrinsic,
    "harm in context only": (
        lambda r: r.kind == "harmful" and r.contextual == "unsafe" and r.intrinsic == "safe"
    ),
    "harm in itself only": (
        lambda r: r.kind == "harmful" and r.contextual != "unsafe" and r.intrinsic == "unsafe"
    ),
    "a harmless request refused": lambda r: r.kind == "benign" and r.contextual == "refusal",
    "a harmless request not helped": lambda r: (
        r.kind == "benign" and r.helped is False and r.contextual == "safe"
    ),
}


def telling(records: Sequence[Record], summary: Summary) -> list[tuple[str, Record]]:
    """(what it shows, record): a few of each kind, the worst cells first, no category twice."""
    rank = {(c.category, c.task_type): i for i, c in enumerate(sorted(summary.cells, key=_unsafe))}
    ordered = sorted(records, key=lambda r: rank.get((r.category, r.task_type), len(rank)))
    found: list[tuple[str, Record]] = []
    for what, says in TELLING.items():
        seen: set[str] = set()
        for record in ordered:
            if len(seen) == REPLIES:
                break
            if record.outcome == "scored" and record.category not in seen and says(record):
                seen.add(record.category)
                found.append((what, record))
    return found
