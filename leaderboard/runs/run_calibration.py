"""The calibration that belongs to a run: of its own judge, asked in the same words, or none.

And what it makes of the run's rates and means.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from judger.contract.record import Record
from judger.contract.settings import SettingsError
from judger.rates.calibration import Calibration, load, who
from judger.rates.calibration.model import By
from judger.rates.statistics import Mean, Rate, macro_mean
from leaderboard.runs.read import Run


def calibration_of(run: Run, path: Path | None = None) -> Calibration | None:
    """Read the calibration at `path`, or at `UNI_JUDGER_CALIBRATION`; None where neither is set.

    SettingsError when the file is none, or measures another judge or other templates than those
    that judged this run: its corrections would be corrections of nothing.
    """
    named = os.environ.get("UNI_JUDGER_CALIBRATION", "")
    if path is None and not named:
        return None
    found = load(path or Path(named))
    for record in run.records:
        judge = record.judge
        if judge and who(judge) != found.judge:
            raise SettingsError(
                f"{path or named} measures the judge {found.judge}, this run was judged by "
                f"{who(judge)}; measure that one with `uni-safe validate-judge`"
            )
        if judge and record.template_sha256 != found.template_sha256:
            raise SettingsError(
                f"{path or named} was measured with other judge templates than this run's; "
                "run `uni-safe validate-judge` again, or `uni-safe rejudge` the run"
            )
    return found


def corrected_rates(
    calibration: Calibration | None, rates: Mapping[str, Rate], category: str, task_type: str
) -> dict[str, Rate]:
    """Metric -> its corrected rate in one cell; metrics that cannot be corrected are absent."""
    if calibration is None:
        return {}
    made = {}
    for metric, rate in rates.items():
        errors = calibration.errors_in(metric, category, task_type)
        made[metric] = calibration.corrected(metric, rate, errors) if errors else None
    return {metric: rate for metric, rate in made.items() if rate is not None}


def corrected_means(
    calibration: Calibration | None, records: Sequence[Record], means: Mapping[str, Mean]
) -> dict[str, Mean]:
    """Metric -> its corrected macro mean over `records`, whose `means` are as judged.

    It is the same mean over cells, and its interval knows that the forms of one scenario are not
    independent. Metrics that cannot be corrected are absent.
    """
    if calibration is None:
        return {}
    made = {}
    for metric, mean in means.items():
        by = calibration.grouping(metric).by
        parts = {by: _parts(metric, records, by)} if by else {}
        made[metric] = calibration.corrected_mean(metric, mean, parts)
    return {metric: mean for metric, mean in made.items() if mean is not None}


def _parts(metric: str, records: Sequence[Record], by: By) -> dict[str, Mean]:
    """The means of each category, or each task type."""
    inside: dict[str, list[Record]] = {}
    for record in records:
        place = record.category if by == "category" else record.task_type
        inside.setdefault(place, []).append(record)
    return {name: macro_mean(metric, mine) for name, mine in inside.items()}


def how_corrected(calibration: Calibration, metrics: Iterable[str]) -> list[str]:
    """What readers must know of the corrections, one sentence a metric whose errors differ."""
    said = []
    for metric in metrics:
        found = calibration.grouping(metric)
        if metric not in calibration.errors or found.by is None:
            continue
        groups = {"category": "categories", "task_type": "task types"}
        what = f"{metric}: the judge's errors differ between {groups[found.by]} (p = {found.p:.4f})"
        if found.usable:
            what += "; it is corrected for each by its own"
        else:
            what += ", and some have too few labels: it is not corrected. Label more of each"
        if found.also:
            what += f". They differ between {groups[found.also]} as well, which is not corrected"
        said.append(what)
    return said
