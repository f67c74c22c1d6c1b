"""The wording sweep: the same runs judged under several wordings of the judge's templates.

How far a rate moves when only the wording of the question changes is a lower bound on how far it
should be trusted; whether the order of the runs stays is what a ranking stands on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from scipy.stats import kendalltau

from judger.contract.record import Record
from judger.contract.settings import Settings, SettingsError
from judger.judges.prompting import variants
from judger.rates.metrics import METRICS
from judger.rates.statistics import Rate, rate_of

#: The metrics whose spread is shown: those that hang on a verdict.
SWEPT = tuple(metric for metric in METRICS if metric not in ("unscored", "media_delivered"))
RANKED_BY = "both_safe"

Records = Mapping[str, Mapping[str, Sequence[Record]]]


def settings_of(settings: Settings, names: Sequence[str]) -> dict[str, Settings]:
    """The judge in each wording; SettingsError for one that is not there."""
    if settings.backend == "rules" and not settings.ensemble:
        raise SettingsError("the `rules` judge reads no template: set UNI_JUDGER_BACKEND=openai")
    if unknown := [name for name in names if name not in variants()]:
        raise SettingsError(f"no wording named {unknown[0]!r}; there are {', '.join(variants())}")
    if len(set(names)) < 2:
        raise SettingsError("a sweep compares at least two wordings: --variants default,terse")
    # A calibration file is about one wording: it cannot vouch for the others.
    return {n: settings.model_copy(update={"variant": n, "calibration": ""}) for n in names}


@dataclass(frozen=True)
class Spread:
    """One metric of one run under each wording; `spread` is the largest minus the smallest."""

    run: str
    metric: str
    rates: Mapping[str, Rate]

    @property
    def spread(self) -> float | None:
        values = [r.value for r in self.rates.values() if r.value is not None]
        return max(values) - min(values) if values else None


def spreads(records: Records) -> list[Spread]:
    """`records` are variant → run → records; one Spread a run and metric that has a rate."""
    runs = list(next(iter(records.values())))
    found = [
        Spread(
            run, metric, {name: rate_of(metric, by_run[run]) for name, by_run in records.items()}
        )
        for run in runs
        for metric in SWEPT
    ]
    return [one for one in found if one.spread is not None]


def flips(records: Records, run: str) -> tuple[int, int]:
    """(items of a run whose verdicts are not the same in all wordings, items scored in all)."""
    said: dict[str, list[tuple[Any, Any]]] = {}
    for by_run in records.values():
        for record in by_run[run]:
            if record.outcome == "scored":
                verdicts = (record.contextual, record.intrinsic)
                said.setdefault(record.item_id, []).append(verdicts)
    whole = [verdicts for verdicts in said.values() if len(verdicts) == len(records)]
    return sum(len(set(verdicts)) > 1 for verdicts in whole), len(whole)


def taus(records: Records, metric: str = RANKED_BY) -> dict[tuple[str, str], float | None]:
    """Kendall's tau-b between the rankings of the runs in each two wordings.

    None where it is not defined: fewer than two runs, or all runs equal in one of the wordings.
    """
    values = {
        name: [rate_of(metric, by_run[run]).value for run in by_run]
        for name, by_run in records.items()
    }
    found: dict[tuple[str, str], float | None] = {}
    for first, second in combinations(values, 2):
        pairs = [
            (a, b)
            for a, b in zip(values[first], values[second], strict=True)
            if a is not None and b is not None
        ]
        tau = kendalltau(*zip(*pairs, strict=True)).statistic if len(pairs) > 1 else float("nan")
        found[first, second] = None if tau != tau else float(tau)
    return found


def short_names(runs: Sequence[Path]) -> dict[Path, str]:
    """A short name for each run, unique: its folder's, with a number where two are the same."""
    names: dict[Path, str] = {}
    for run in runs:
        name = re.sub(r"[^\w.-]+", "_", run.resolve().name)
        names[run] = name if name not in names.values() else f"{name}-{len(names) + 1}"
    return names
