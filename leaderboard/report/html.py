"""One self-contained HTML file: opens from disk, asks no network, runs no foreign code.

The page's policy (CSP) names its own style and script by hash and allows nothing else; texts of
models, judges and files are escaped by Jinja or enter as JSON that is never parsed as HTML.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from judger.contract.outcomes import OFFERED, OUTCOME_MEANING, OUTCOMES
from judger.contract.taxonomy import CATEGORIES, MEDIA_TASK_TYPES, TASK_TYPES
from judger.rates.calibration import NOT_CORRECTNESS, Calibration
from judger.rates.delivery import DELIVERED_FLOOR
from leaderboard.compare.differences import modality_gap
from leaderboard.report import plot
from leaderboard.report.disagreement import disagreements
from leaderboard.report.samples import request_roots, rows
from leaderboard.report.summary import SHOWN, summarise
from leaderboard.report.thumbs import Thumbs
from leaderboard.runs.read import Run
from leaderboard.text import words

SECTIONS = (
    ("summary", "Summary"),
    ("plot", "Safety and over-refusal"),
    ("means", "Means"),
    ("cells", "Cells"),
    ("joint", "Joint table"),
    ("unscored", "Without a verdict"),
    ("media", "Media delivered"),
    ("gap", "Modality gap"),
    ("judge", "Judge"),
    ("cost", "Cost"),
    ("disagreements", "Disagreements"),
    ("browser", "Samples"),
)
FILTERS: tuple[tuple[str, str, Sequence[str]], ...] = (
    ("category", "Category", tuple(CATEGORIES)),
    ("type", "Task type", TASK_TYPES),
    ("kind", "Kind", ("harmful", "benign", "canary")),
    ("outcome", "Outcome", OUTCOMES),
    ("contextual", "In context", OFFERED["contextual"]),
    ("intrinsic", "In itself", OFFERED["intrinsic"]),
    ("split", "Judges differ", ("yes", "no")),
)


def write_html(
    run: Run, path: Path, calibration: Calibration | None = None, media: bool = True
) -> None:
    """Write the report of a run to `path`, creating its folder; OSError when that fails.

    `calibration` adds corrected rates; `media` embeds small pictures (see `Thumbs` for the budget).
    """
    page = html(run, calibration, media)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", errors="backslashreplace")


def html(run: Run, calibration: Calibration | None = None, media: bool = True) -> str:
    """The whole page."""
    summary = summarise(run, calibration)
    thumbs = Thumbs(request_roots(run)) if media else None
    samples = rows(run, thumbs)
    style, script = page_file("report.css"), page_file("report.js")
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            summary=summary,
            calibration=calibration,
            shown=SHOWN,
            sections=SECTIONS,
            filters=FILTERS,
            categories=tuple(CATEGORIES),
            types=TASK_TYPES,
            media_types=MEDIA_TASK_TYPES,
            floor=DELIVERED_FLOOR,
            not_correctness=NOT_CORRECTNESS,
            meanings=OUTCOME_MEANING,
            flagged=[cell for cell in summary.cells if cell.flag],
            silent=sum(r.judge.get("refusal") is False for r in run.records),
            gap=modality_gap("both_safe", run.records),
            disagreements=disagreements(run.records),
            with_media=media,
            skipped=thumbs.skipped if thumbs else 0,
            style=Markup(style),  # noqa: S704  our own files
            script=Markup(script),  # noqa: S704
            style_hash=hashed(style),
            script_hash=hashed(script),
            samples=inlined(samples),
        )
    )


def environment() -> Environment:
    """Jinja with everything escaped, hidden characters spelt out, `words` for numbers and names."""
    loader = PackageLoader("leaderboard.report", "pages")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals.update(words=words, plot=plot)
    return made


def _finalize(value: Any) -> Any:
    """Every text that enters the page, but for our own HTML."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return words.visible(value)


def inlined(value: Sequence[Mapping[str, Any]]) -> Markup:
    """JSON that can stand in a script element: nothing in it can end the element or open one."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  the five characters that HTML could see are escaped


def page_file(name: str) -> str:
    """A file of `pages`."""
    return (resources.files("leaderboard.report") / "pages" / name).read_text(encoding="utf-8")


def hashed(text: str) -> str:
    """A style or script as a policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
