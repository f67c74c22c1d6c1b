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
from leaderboard.board.row import Row
from leaderboard.board.site import figures
from leaderboard.board.site.data import METRICS, slug
from leaderboard.submission.boards import ABOUT, BOARDS
from leaderboard.submission.manifest import CELLS
from leaderboard.text import words

#: How to read a rate.
LEGEND = (
    "Under each rate: its 95 % interval, n scored items and, where items are unscored, {what they "
    "could make of it}. Means are over cells, their intervals by bootstrap over scenarios; those "
    "of a cell are Wilson's."
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
        "legend": LEGEND,
        "samples_show": (*((name, "both_safe") for name in BOARDS), ("unified", "over_refusal")),
        "slug": slug,
        "missing": missing,
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
