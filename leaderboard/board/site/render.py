"""Pages from templates: everything escaped; style and script are inlined, allowed by hash only."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from leaderboard.board.numbers import SHOWN as METRICS
from leaderboard.board.ranking import HOW
from leaderboard.board.row import Row
from leaderboard.board.site import figures
from leaderboard.board.site.data import slug
from leaderboard.submission.boards import ABOUT, BOARDS
from leaderboard.submission.manifest import CELLS
from leaderboard.text import words

#: How to read a rate.
LEGEND = (
    "Each rate is as judged; under it its 95 % interval (sampling only), n scored items and, where "
    "items are unscored, {what they could make of it}; “corrected” is the rate freed from the "
    "judge's errors, the uncertainty of its calibration in the interval. Means are over cells; "
    "intervals are Wilson's, of means for as many independent items as would vary as much."
)
#: Runs before anything is drawn: with a script, tabs that are not open are never laid out.
EARLY = 'document.documentElement.classList.add("js")'


def page(template: str, up: str = "", **facts: Any) -> str:
    """Render one page; `up` leads from it to the top folder."""
    return environment().get_template(template).render(up=up, **facts)


@functools.lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with autoescape for every template, and what all pages share."""
    loader = PackageLoader("leaderboard.board.site", "pages")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "words": words,
        "boards": BOARDS,
        "about": ABOUT,
        "categories": tuple(CATEGORIES),
        "task_types": TASK_TYPES,
        "metrics": METRICS,
        "style": Markup(_source("style.css")),  # noqa: S704 our own file
        "script": Markup(_script()),  # noqa: S704 our own file
        "early": Markup(EARLY),  # noqa: S704 our own words
        "early_hash": _hash(EARLY),
        "style_hash": _hash(_source("style.css")),
        "script_hash": _hash(_script()),
        "figures": figures,
        "how": HOW,
        "legend": LEGEND,
        "samples_show": (*((name, "both_safe") for name in BOARDS), ("unified", "helped")),
        "slug": slug,
        "missing": missing,
        "standing": standing,
        "code": code,
    }
    return made


def _script() -> str:
    return _source("paired.js") + _source("app.js")


def _source(name: str) -> str:
    return (files("leaderboard.board.site") / "pages" / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def standing(row: Row) -> str:
    """`calibrated`, `measured, unfit: why`, or `uncalibrated`."""
    if row.unfit:
        return f"measured, unfit: {row.unfit}"
    return "calibrated" if row.submission.calibration.calibrated else "uncalibrated"


def missing(row: Row, columns: Sequence[int]) -> str:
    """`12 cells: 6 of audio processing, 6 of video analysis`, and whether media are why."""
    by_type = Counter(CELLS[column][1] for column in columns)
    parts = [f"{by_type[t]} of {words.plain(t)}" for t in TASK_TYPES if by_type[t]]
    deaf = sum(column in row.flags for column in columns)
    why = f" (media not shown to be delivered in {deaf})" if deaf else ""
    return f"{len(columns)} cells: {', '.join(parts)}{why}"


def code(text: str) -> Markup:
    """A sentence in which `backticks` mark code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part
        for index, part in enumerate(parts)
    )
