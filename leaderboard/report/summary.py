"""From the records of a run to every number that a report shows. Pure; nothing is formatted here.

The same summary feeds the terminal table and the HTML file, so the two cannot disagree.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.rates.calibration import Calibration
from judger.rates.metrics import METRICS
from judger.rates.statistics import (
    DELIVERED_FLOOR,
    Mean,
    Rate,
    joint_rates,
    joint_table,
    macro_mean,
    rate_of,
)
from leaderboard.report.spent import spent
from leaderboard.runs.calibrated import corrected_means, corrected_rates
from leaderboard.runs.read import Run
from leaderboard.text.secrets import redacted

#: The metrics of a safety table, in the order in which they are read.
SHOWN: tuple[str, ...] = (
    "both_safe",
    "contextual_unsafe",
    "intrinsic_unsafe",
    "contextual_refusal",
    "over_refusal",
)


@dataclass(frozen=True)
class Cell:
    """One category x task type: its rates, and whether its media reached the model.

    `corrected` and `noise` need a calibration: rates freed from the judge's known errors, and the
    metrics whose rate false alarms alone could make.
    """

    category: str
    task_type: str
    items: int
    rates: Mapping[str, Rate]
    corrected: Mapping[str, Rate]
    noise: frozenset[str]

    @property
    def flag(self) -> str:
        """Why the cell cannot be ranked, "" if nothing stands against it."""
        if self.task_type not in MEDIA_TASK_TYPES or not self.items:
            return ""
        delivered = self.rates["media_delivered"]
        if delivered.smallest is None or not delivered.n:
            return "no canary was scored"
        if delivered.smallest < DELIVERED_FLOOR:  # a canary without a reply proves no delivery
            return f"media delivered below {DELIVERED_FLOOR:.0%}"
        return ""


@dataclass(frozen=True)
class Line:
    """One line of a table of means: a category, a task type, or everything.

    `corrected` are the same means over cells, freed from the judge's known errors.
    """

    name: str
    means: Mapping[str, Mean]
    corrected: Mapping[str, Mean]


@dataclass(frozen=True)
class Summary:
    """Everything a report says in numbers. `outcomes` counts those other than `scored`.

    `over_refusal` is over all harmless twins, as `joint` is over all harmful items; of these,
    `blind` have a judge that cannot tell a refusal: it said `safe` of both.
    """

    model: str
    folders: tuple[str, ...]
    items: int
    overall: Line
    categories: tuple[Line, ...]
    types: tuple[Line, ...]
    cells: tuple[Cell, ...]
    joint: Mapping[tuple[str, str], int]
    joint_rates: Mapping[tuple[str, str], Rate]
    over_refusal: Rate
    blind: int
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    judges: tuple[tuple[Mapping[str, Any], int], ...]
    spent: Mapping[str, float]
    data_versions: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    phases: tuple[Mapping[str, Any], ...]
    limited: bool

    @property
    def calibrated(self) -> bool:
        """Has the accuracy of every judge of this run been measured?"""
        return bool(self.judges) and all(
            judge.get("calibrated") is True for judge, _ in self.judges
        )

    def cell(self, category: str, task_type: str) -> Cell:
        """The cell of that name; the table is complete, missing cells have no items."""
        return next(c for c in self.cells if (c.category, c.task_type) == (category, task_type))


def summarise(run: Run, calibration: Calibration | None = None) -> Summary:
    """All numbers of a run; a few seconds of bootstrap at most for 2,520 items."""
    records = run.records
    joint = joint_table(records)
    return Summary(
        model=" + ".join(dict.fromkeys(p["model"] for p in _phases(run))) or run.model,
        folders=tuple(str(folder) for folder in run.folders),
        items=len(records),
        overall=_line("overall", records, calibration, len(CATEGORIES) * len(TASK_TYPES)),
        categories=_lines("category", CATEGORIES, records, calibration, len(TASK_TYPES)),
        types=_lines("task_type", TASK_TYPES, records, calibration, len(CATEGORIES)),
        cells=_cells(records, calibration),
        joint=joint,
        joint_rates=joint_rates(joint, rate_of("both_safe", records).unscored),
        over_refusal=rate_of("over_refusal", records),
        blind=sum(map(_blind, records)),
        outcomes=Counter(r.outcome for r in records if r.outcome != "scored"),
        reasons=_reasons(records),
        judges=_judges(records, measured=calibration is not None),
        spent=spent(run),
        data_versions=tuple(sorted({str(r.data_version or "unknown") for r in records})),
        templates=_templates(records),
        phases=_phases(run),
        limited=any(phase["limit"] is not None for phase in _phases(run)),
    )


def _lines(
    key: str,
    names: Iterable[str],
    records: Sequence[Record],
    calibration: Calibration | None,
    of: int,
) -> tuple[Line, ...]:
    inside: dict[str, list[Record]] = {name: [] for name in names}
    for record in records:
        inside.get(str(getattr(record, key)), []).append(record)
    return tuple(_line(name, mine, calibration, of) for name, mine in inside.items())


def _line(name: str, records: Sequence[Record], calibration: Calibration | None, of: int) -> Line:
    """The means over a scope of `of` cells, run or not."""
    means = {metric: macro_mean(metric, records, of=of) for metric in SHOWN}
    return Line(name, means, corrected_means(calibration, records, means))


def _cells(records: Sequence[Record], calibration: Calibration | None) -> tuple[Cell, ...]:
    inside: dict[tuple[str, str], list[Record]] = {
        (category, task_type): [] for category in CATEGORIES for task_type in TASK_TYPES
    }
    for record in records:
        inside.get((record.category, record.task_type), []).append(record)
    cells = []
    for (category, task_type), mine in inside.items():
        rates = {metric: rate_of(metric, mine) for metric in METRICS}
        noise = {m for m in SHOWN if calibration and calibration.below_noise(m, rates[m])}
        corrected = corrected_rates(calibration, {metric: rates[metric] for metric in SHOWN})
        cells.append(Cell(category, task_type, len(mine), rates, corrected, frozenset(noise)))
    return tuple(cells)


def _blind(record: Record) -> bool:
    """A scored harmful item whose judge cannot tell a refusal from a safe reply."""
    judged = record.kind == "harmful" and record.outcome == "scored"
    return judged and record.judge.get("refusal") is False


def _reasons(records: Sequence[Record]) -> tuple[tuple[str, str, int], ...]:
    """(outcome, reason, how often), the most frequent first."""
    seen = Counter((str(r.outcome), str(r.reason)[:200]) for r in records if r.outcome != "scored")
    return tuple((outcome, reason, count) for (outcome, reason), count in seen.most_common())


def _judges(records: Sequence[Record], measured: bool) -> tuple[tuple[Mapping[str, Any], int], ...]:
    """Every judge of the run with the number of items it judged.

    A judge that was not measured when it judged may be `measured` by now.
    """
    seen = Counter(json.dumps(r.judge, sort_keys=True) for r in records if r.judge)
    now = {"calibrated": True} if measured else {}
    return tuple((json.loads(judge) | now, count) for judge, count in seen.most_common())


def _templates(records: Sequence[Record]) -> tuple[tuple[str, str], ...]:
    """(axis, hash) of every judge template that was used."""
    used = {pair for r in records for pair in r.template_sha256.items()}
    return tuple(sorted(used))


def _phases(run: Run) -> tuple[Mapping[str, Any], ...]:
    """Date, model (without secrets among its arguments) and limit of each result file."""
    phases = []
    for result in run.results:
        config = result.get("config") or {}
        arguments = redacted(str(config.get("model_args") or ""))
        model = f"{config.get('model') or ''} {arguments}".strip()
        phases.append({"date": result.get("date"), "model": model, "limit": config.get("limit")})
    return tuple(phases)
