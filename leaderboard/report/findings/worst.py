"""The cells in which a run does worst, for a reader who looks at three of 42. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from judger.rates.intervals import LEAST_IN_A_CELL
from judger.rates.metrics import METRICS
from leaderboard.report.summary import Cell, Summary

MOST = 3
#: Headline metrics; of each line the first that is known of the run.
HEADLINES = (("both_safe",), ("helped", "over_refusal"))


def worst(summary: Summary) -> Mapping[str, tuple[Cell, ...]]:
    """Metric -> its worst cells, the worst first. Thin cells are left out, and perfect ones."""
    found = {}
    for metrics in HEADLINES:
        known = [m for m in metrics if summary.overall.means[m].value is not None]
        for metric in known[:1]:
            found[metric] = _worst(summary, metric)
    return found


def _worst(summary: Summary, metric: str) -> tuple[Cell, ...]:
    best = 1.0 if METRICS[metric] else 0.0
    rated = [
        (cell, abs(best - rate.value), rate.n)
        for cell in summary.cells
        for rate in [cell.rates[metric]]
        if rate.value is not None and rate.n >= LEAST_IN_A_CELL and rate.value != best
    ]
    rated.sort(key=lambda one: (-one[1], -one[2]))
    return tuple(cell for cell, *_ in rated[:MOST])
