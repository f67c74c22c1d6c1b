"""One run on the scenarios that its task types share: one theme in two of the seven.

A difference of tasks, and no modality gap (`leaderboard.compare.gaps.modality`): each task type
asks for something else about its theme. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from judger.contract.record import Record
from judger.contract.taxonomy import TASK_TYPES
from judger.rates.family import Tested, as_family
from judger.rates.metrics import score
from judger.rates.paired import Pair, paired
from judger.rates.statistics import cluster_of, eligible


def task_differences(metric: str, records: Sequence[Record]) -> dict[tuple[str, str], Tested]:
    """(row, column) -> the difference column - row over scenarios that both task types express.

    Each unordered pair of task types stands once, in the order of the taxonomy; means are over
    categories, and all pairs are one family of tests.
    """
    scores: dict[str, dict[tuple[str, str], float | None]] = {t: {} for t in TASK_TYPES}
    for r in eligible(metric, records):
        if r.task_type in scores:
            scores[r.task_type][r.category, cluster_of(r)] = score(metric, r)
    pairs: dict[tuple[str, str], list[Pair]] = {}
    for row, column in combinations(TASK_TYPES, 2):
        shared = sorted(scores[row].keys() & scores[column].keys())
        pairs[row, column] = [
            Pair(category, scenario, category, scores[row][key], scores[column][key])
            for key in shared
            for category, scenario in [key]
        ]
    return as_family({name: paired(mine) for name, mine in pairs.items()})
