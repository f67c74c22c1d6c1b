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

from judger.statistics import Mean, Rate
from judger.taxonomy import CATEGORIES, TASK_TYPES
from leaderboard.boards import ABOUT, BOARDS
from leaderboard.manifest import CELLS
from leaderboard.report import words
from leaderboard.row import HARMFUL, Row
from leaderboard.site.data import slug

#: Runs before anything is drawn: with a script, tabs that are not open are never laid out.
EARLY = 'document.documentElement.classList.add("js")'


def page(template: str, up: str = "", **facts: Any) -> str:
    """Render one page; `up` leads from it to the top folder."""
    return environment().get_template(template).render(up=up, **facts)


@functools.lru_cache(maxsize=1)
def environment() -> Environment:
    """Jinja with autoescape for every template, and what all pages share."""
    loader = PackageLoader("leaderboard.site", "pages")
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
        "metrics": (*HARMFUL, "over_refusal"),
        "style": Markup(_source("style.css")),  # noqa: S704 our own file
        "script": Markup(_source("app.js")),  # noqa: S704 our own file
        "early": Markup(EARLY),  # noqa: S704 our own words
        "early_hash": _hash(EARLY),
        "style_hash": _hash(_source("style.css")),
        "script_hash": _hash(_source("app.js")),
        "bar": bar,
        "heat_rows": heat_rows,
        "slug": slug,
        "missing": missing,
        "code": code,
    }
    return made


def _source(name: str) -> str:
    return (files("leaderboard.site") / "pages" / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def bar(made: Mean | Rate) -> Markup:
    """A rate with its interval as a small drawing of numbers only; "" without a rate."""
    if made.value is None or made.low is None or made.high is None:
        return Markup("")
    low, value, high = (round(100 * x, 1) for x in (made.low, made.value, made.high))
    return Markup(  # noqa: S704 numbers only
        '<svg class="bar" viewBox="0 0 100 8" aria-hidden="true"><path class="axis" d="M0 4H100"/>'
        f'<path class="span" d="M{low} 4H{high}"/><path class="tick" d="M{value} 0V8"/></svg>'
    )


def missing(columns: Sequence[int]) -> str:
    """`12 cells: 6 of audio processing, 6 of video analysis`."""
    by_type = Counter(CELLS[column][1] for column in columns)
    parts = [f"{by_type[t]} of {words.plain(t)}" for t in TASK_TYPES if by_type[t]]
    return f"{len(columns)} cells: {', '.join(parts)}"


def code(text: str) -> Markup:
    """A sentence in which `backticks` mark code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part
        for index, part in enumerate(parts)
    )


def heat_rows(row: Row, metric: str, better_high: bool) -> list[tuple[str, Markup]]:
    """(category, its cells of a heat map) for each category."""
    made = [
        heat_cell(row.cells[column][metric], better_high, column in row.flags)
        if cell.status == "scored"
        else Markup('<td class="none">{}</td>').format(cell.status)
        for column, cell in enumerate(row.submission.cells)
    ]
    wide = len(TASK_TYPES)
    return [
        (category, Markup("").join(made[wide * index : wide * (index + 1)]))
        for index, category in enumerate(CATEGORIES)
    ]


@functools.lru_cache(maxsize=100_000)  # the same few rates stand in every row's maps
def heat_cell(made: Rate, better_high: bool, flagged: bool) -> Markup:
    """A cell of a heat map: rate, interval, n."""
    inner = Markup("<b>no verdict</b>")
    if made.n:
        parts = words.percent(made.value), words.interval(made)
        inner = Markup("<b>{}</b><span>{}</span>").format(*parts)
    kind = heat(made.value, better_high) + (" flag" if flagged else "")
    n = f"n {made.n}" + (f", {made.unscored} unscored" if made.unscored else "")
    return Markup('<td class="{}">{}<span>{}</span></td>').format(kind, inner, n)


def heat(value: float | None, better_high: bool = True) -> str:
    """The class of a heat map's cell: `h0` (good) to `h9` (bad), `none` without a rate."""
    if value is None:
        return "none"
    bad = 1 - value if better_high else value
    return f"h{min(9, int(bad * 10))}"
