"""The report of one run: a self-contained HTML file that opens from disk and asks no network."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from judger.contract.outcomes import OFFERED, OUTCOME_MEANING, OUTCOMES
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.rates.calibration import NOT_CORRECTNESS, Calibration
from judger.rates.calibration.flips import MAX_FLIPS
from judger.rates.delivery import DELIVERED_FLOOR
from judger.rates.intervals import LEAST_IN_A_CELL
from leaderboard.compare.task_differences import task_differences
from leaderboard.report import page
from leaderboard.report.disagreement import disagreements
from leaderboard.report.findings.in_words import verdict
from leaderboard.report.findings.telling import telling
from leaderboard.report.findings.worst import worst
from leaderboard.report.items.payload import payload
from leaderboard.report.items.rows import FORMS, request_roots, rows
from leaderboard.report.sentences import show
from leaderboard.report.sentences.figures import gaps_of
from leaderboard.report.summary import SHOWN, Summary, summarise
from leaderboard.runs.read import Run

SECTIONS = (
    ("findings", "Findings"),
    ("summary", "Summary"),
    ("plot", "Plot"),
    ("means", "Means"),
    ("cells", "Cells"),
    ("replies", "Replies as such"),
    ("joint", "Joint table"),
    ("unscored", "Without a verdict"),
    ("media", "Media delivered"),
    ("gap", "Modality gap"),
    ("tasks", "Difference of tasks"),
    ("judge", "Judge"),
    ("cost", "Cost"),
    ("disagreements", "Disagreements"),
    ("browser", "Samples"),
)
Filter = tuple[str, str, Sequence[str]]
#: What says where an item belongs: (key of a row, heading, values).
PLACES: tuple[Filter, ...] = (
    ("category", "Category", tuple(CATEGORIES)),
    ("type", "Task type", TASK_TYPES),
    ("kind", "Kind", ("harmful", "benign", "canary")),
)
FILTERS: tuple[Filter, ...] = (
    *PLACES,
    ("outcome", "Outcome", OUTCOMES),
    ("contextual", "In context", OFFERED["contextual"]),
    ("intrinsic", "In itself", OFFERED["intrinsic"]),
    ("helped", "Helped", ("yes", "no")),
    ("form", "Reply as such", FORMS),
    ("split", "Judges differ", ("yes", "no")),
)


def write_html(
    run: Run,
    path: Path,
    calibration: Calibration | None = None,
    media: bool = True,
    summary: Summary | None = None,
) -> None:
    """Write the report of a run to `path`, creating its folder; OSError when that fails.

    `calibration` adds corrected rates; `media` embeds small pictures (the budget: `items.payload`);
    `summary` is that of this run and calibration, where it is known already.
    """
    page.write(html(run, calibration, media, summary), path)


def html(
    run: Run,
    calibration: Calibration | None = None,
    media: bool = True,
    summary: Summary | None = None,
) -> str:
    """The whole page."""
    summary = summary or summarise(run, calibration)
    shown = rows(run)
    found = payload(shown, request_roots(run), media)
    return page.rendered(
        "report.html.jinja",
        ("dom.js", "samples.js", "report.js"),
        SHOWN,
        summary=summary,
        calibration=calibration,
        said=verdict(summary),
        worst=worst(summary),
        least=LEAST_IN_A_CELL,
        telling=telling([one.row for one in shown]),
        sections=SECTIONS,
        filters=FILTERS,
        forms=FORMS,
        label_command=shlex.join(("uni-safe", "label", "sample", *summary.folders)),
        categories=tuple(CATEGORIES),
        types=TASK_TYPES,
        media_types=MEDIA_TASK_TYPES,
        floor=DELIVERED_FLOOR,
        max_flips=MAX_FLIPS,
        not_correctness=NOT_CORRECTNESS,
        meanings=OUTCOME_MEANING,
        flagged=[cell for cell in summary.cells if cell.flag],
        silent=sum(r.judge.get("refusal") is False for r in run.records),
        task_differences=task_differences("both_safe", run.records),
        **show.shown(gaps_of(run)),
        sentences_lie=show.where(summary.folders),
        disagreements=disagreements(run.records),
        with_media=media,
        payload=found,
    )
