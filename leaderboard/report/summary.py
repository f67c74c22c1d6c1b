"""From the records of a run to every number that a report shows. Pure; nothing is formatted here.

The same summary feeds the terminal table and the HTML file, so the two cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judger.contract.cell import CELLS
from judger.contract.protocol import told as told_version
from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.rates.calibration import Calibration, of_file
from judger.rates.calibration.flips import unsteady
from judger.rates.delivery import Canaries, by_type, canaries, undelivered
from judger.rates.metrics import METRICS
from judger.rates.replies import Replies, replies
from judger.rates.statistics import (
    Mean,
    Rate,
    joint_rates,
    joint_table,
    macro_mean,
    pooled,
    rate_of,
)
from leaderboard.report import origin
from leaderboard.report.findings.drawn import unproven
from leaderboard.report.findings.untold import told
from leaderboard.report.spent import spent
from leaderboard.runs.own_judge import own_judge
from leaderboard.runs.read import Run
from leaderboard.runs.run_calibration import corrected_means, corrected_rates, how_corrected

#: The metrics of a safety table, in the order in which they are read.
SHOWN: tuple[str, ...] = (
    "both_safe",
    "helped",
    "contextual_unsafe",
    "intrinsic_unsafe",
    "contextual_refusal",
    "over_refusal",
)


@dataclass(frozen=True)
class Cell:
    """One category x task type: its rates, and whether its media reached the model.

    `corrected` and `noise` need a calibration: rates freed from the judge's known errors, and the
    metrics whose rate false alarms alone could make. `flag` says why the cell cannot be ranked, ""
    if nothing stands against it (`rates.delivery`). `replies` are facts that no judge says.
    """

    category: str
    task_type: str
    items: int
    rates: Mapping[str, Rate]
    corrected: Mapping[str, Rate]
    noise: frozenset[str]
    flag: str = ""
    replies: Replies = field(default_factory=Replies)


@dataclass(frozen=True)
class Line:
    """One line of a table of means: a category, a task type, or everything.

    `corrected` are the same means over cells, freed from the judge's known errors; `replies` are
    facts that no judge says.
    """

    name: str
    means: Mapping[str, Mean]
    corrected: Mapping[str, Mean]
    replies: Replies = field(default_factory=Replies)


@dataclass(frozen=True)
class Summary:
    """Everything a report says in numbers. `outcomes` counts those other than `scored`.

    `over_refusal` is over all harmless twins, as `joint` is over all harmful items; of these,
    `blind` have a judge that cannot tell a refusal: it said `safe` of both. `canaries` are those of
    each media task type. `unfit`: why a judge that was measured does not count as calibrated.
    `labelled`: on what labels that not people alone gave it was measured, "" where they did.
    `unsteady`: on what the judge flips too often, "" where it does not or nobody measured it.
    `own_judge`: the name by which a judge is the model under test, "" where none is. `attacks`: the
    wrapper that stood around the requests, by name; empty without one. `forms`: in which form
    sounds and films went to judges, and how often. `corrections`: what readers must know of the
    corrected figures. `name` is what people call the model, `model` how the harness was told it,
    `dates` the days on which it was run, `part` which part of the suite was asked ("": all).
    """

    name: str
    model: str
    dates: tuple[str, ...]
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
    canaries: Mapping[str, Canaries]
    unfit: str
    labelled: str
    unsteady: str
    corrections: tuple[str, ...]
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    judges: tuple[tuple[Mapping[str, Any], int], ...]
    own_judge: str
    forms: tuple[tuple[str, int], ...]
    spent: Mapping[str, float]
    data_versions: tuple[str, ...]
    protocols: tuple[str, ...]
    attacks: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    phases: tuple[Mapping[str, Any], ...]
    part: str

    @property
    def limited(self) -> bool:
        """Was only a part of the suite asked (`--limit`)?"""
        return bool(self.part)

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
    """All numbers of a run.

    Args:
        run: as `load_run` reads it.
        calibration: of the run's own judge; one below the floor corrects nothing, and that is said.

    Returns:
        Rates (0..1) with n, 95 % interval and bounds: overall, by category, task type and cell.
    """
    records = run.records
    shaky = "" if calibration is None else unsteady(calibration.stress)
    now = None if calibration is None else of_file(calibration)
    if now is not None and now.unfit:
        calibration = None
    judges, phases = origin.judges(records, now), origin.phases(run)
    return Summary(
        name=origin.name(run),
        model=" + ".join(dict.fromkeys(p["model"] for p in phases)) or run.model,
        dates=origin.dates(phases),
        folders=tuple(str(folder) for folder in run.folders),
        items=len(records),
        overall=_line("overall", records, calibration, len(CATEGORIES) * len(TASK_TYPES)),
        categories=_lines("category", CATEGORIES, records, calibration, len(TASK_TYPES)),
        types=_lines("task_type", TASK_TYPES, records, calibration, len(CATEGORIES)),
        cells=_cells(records, calibration),
        joint=joint_table(records),
        joint_rates=joint_rates(records),
        over_refusal=pooled("over_refusal", records),
        blind=sum(map(_blind, records)),
        canaries=by_type(canaries(records)),
        unfit=next((str(j["unfit"]) for j, _ in judges if j.get("unfit")), ""),
        labelled=next((str(j["labelled"]) for j, _ in judges if j.get("labelled")), ""),
        unsteady=shaky,
        corrections=tuple(how_corrected(calibration, SHOWN)) if calibration else (),
        outcomes=Counter(r.outcome for r in records if r.outcome != "scored"),
        reasons=origin.reasons(records),
        judges=judges,
        own_judge=own_judge(run),
        forms=origin.forms(records),
        spent=spent(run),
        data_versions=tuple(sorted({str(r.data_version or "unknown") for r in records})),
        protocols=tuple(
            sorted({told_version(r.protocol, r.attack, r.attack_sha256) for r in records})
        ),
        attacks=tuple(sorted({r.attack for r in records if r.attack})),
        templates=origin.templates(records),
        phases=phases,
        part=run.part,
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
    means = {m: told(m, macro_mean(m, records, of=of), records) for m in SHOWN}
    return Line(name, means, corrected_means(calibration, records, means), replies(records))


def _cells(records: Sequence[Record], calibration: Calibration | None) -> tuple[Cell, ...]:
    inside: dict[tuple[str, str], list[Record]] = {cell: [] for cell in CELLS}
    for record in records:
        inside.get((record.category, record.task_type), []).append(record)
    asked = canaries(records)
    media = {key: asked.get(key, Canaries(0, 0)) for key, mine in inside.items() if mine}
    flags = undelivered({k: c for k, c in media.items() if k[1] in MEDIA_TASK_TYPES})
    flags |= unproven(records, asked)
    cells = []
    for (category, task_type), mine in inside.items():
        rates = {metric: told(metric, rate_of(metric, mine), mine) for metric in METRICS}
        noise = {m for m in SHOWN if calibration and calibration.below_noise(m, rates[m])}
        shown = {metric: rates[metric] for metric in SHOWN}
        corrected = corrected_rates(calibration, shown, category, task_type)
        flag = flags.get((category, task_type), "")
        about = (rates, corrected, frozenset(noise), flag, replies(mine))
        cells.append(Cell(category, task_type, len(mine), *about))
    return tuple(cells)


def _blind(record: Record) -> bool:
    """A scored harmful item whose judge cannot tell a refusal from a safe reply."""
    judged = record.kind == "harmful" and record.outcome == "scored"
    return judged and record.judge.get("refusal") is False
