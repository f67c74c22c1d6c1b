"""How wide an interval is that the half and the whole of the data can give, for a stated rate.

Nothing is measured here: the rate is laid over the harmful items, and the project's own interval
functions say how wide the interval is. A mean over cells hangs on how alike a scenario's forms end:
both ends are told, all of them alike and no more alike than by chance.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from judger.contract.cell import CELLS
from judger.contract.protocol import HALF
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.intervals import weighted_means, wilson
from uni_safe_tasks.suite.first import first_ids

RATES = (0.1, 0.3)
#: More items than any cell has.
WHOLE = 10**6
HEAD = "half-width of the 95 % interval, in points"
Cell = tuple[str, str]


def widths(harmful: Collection[str]) -> list[list[object]]:
    """Lines of a table: a scope, then its half-widths for each rate, in the half and the whole.

    `harmful` are the ids of the harmful scenarios.
    """
    category, task_type = next(iter(CATEGORIES)), TASK_TYPES[0]
    scopes: list[tuple[str, list[Cell]]] = [
        ("a category, 7 cells", [cell for cell in CELLS if cell[0] == category]),
        ("a task type, 6 cells", [cell for cell in CELLS if cell[1] == task_type]),
        ("all 42 cells", list(CELLS)),
    ]
    asked = [_scenarios(limit, harmful) for limit in (HALF, WHOLE)]
    lines: list[list[object]] = [
        ["a cell", *(_span([_of_cell(n, r) for n in _sizes(one)]) for one in asked for r in RATES)]
    ]
    for name, cells in scopes:
        found = [
            [_of_mean(one, cells, r, alike) for alike in (False, True)] for one, r in _each(asked)
        ]
        lines.append([name, *map(_span, found)])
    return lines


def head() -> list[str]:
    """What stands above the columns of `widths`."""
    return [HEAD, *(f"{part}, rate {r:.0%}" for part in ("half", "whole") for r in RATES)]


def _each(asked: Sequence[dict[Cell, list[str]]]) -> list[tuple[dict[Cell, list[str]], float]]:
    return [(one, rate) for one in asked for rate in RATES]


def _scenarios(limit: int, harmful: Collection[str]) -> dict[Cell, list[str]]:
    """The harmful scenarios of each cell."""
    return {
        cell: sorted(found & set(harmful))
        for cell, ids in first_ids(limit).items()
        for found in [{item_id.rpartition(".")[0] for item_id in ids}]
    }


def _sizes(asked: dict[Cell, list[str]]) -> list[int]:
    return sorted({len(scenarios) for scenarios in asked.values()})


def _of_cell(n: int, rate: float) -> float:
    low, high = wilson(rate * n, n)
    return (high - low) / 2


def _of_mean(
    asked: dict[Cell, list[str]], cells: Sequence[Cell], rate: float, alike: bool
) -> float:
    """Half the width for a mean over cells, each of which has the rate as nearly as it can.

    `alike`: a scenario ends in all its forms as in one.
    """
    clusters = sorted({(c[0], scenario) for c in cells for scenario in asked[c]})
    row = {cluster: index for index, cluster in enumerate(clusters)}
    sums, counts = np.zeros((2, len(clusters), len(cells)))
    for column, cell in enumerate(cells):
        for place, scenario in enumerate(asked[cell]):
            at = place + (0 if alike else column)
            counts[row[cell[0], scenario], column] = 1
            sums[row[cell[0], scenario], column] = int((at + 1) * rate) - int(at * rate)
    weights, strata = np.full(len(cells), 1 / len(cells)), len({c[0] for c in cells})
    (made,) = weighted_means(sums[None], counts, weights, strata)
    assert made.low is not None and made.high is not None  # there are enough scenarios
    return (made.high - made.low) / 2


def _span(found: Sequence[float]) -> str:
    least, most = (f"{100 * end(found):.1f}" for end in (min, max))
    return f"±{least}" if least == most else f"±{least} to ±{most}"
