"""Pages from templates: everything escaped; style and script are inlined, allowed by hash only."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from judger.contract.protocol import HALF_TOLD
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.calibration.flips import unsteady
from leaderboard.board.numbers import SHOWN as METRICS
from leaderboard.board.ranking import HOW
from leaderboard.board.site import facets, figures
from leaderboard.board.site.data import slug
from leaderboard.board.site.lines import missing
from leaderboard.submission.boards import ABOUT, BOARDS
from leaderboard.submission.facts import Protocol
from leaderboard.text import words

#: How to read a rate: on a board, and on a row's own page.
LEGEND = (
    "Rates are as judged, means over cells, each with its 95 % interval (sampling only); "
    "“corrected” is the rate corrected for the judge's errors, with the uncertainty of its "
    "calibration. Items are harmful requests + harmless twins that were scored. What unscored "
    "items could make of a rate, and every cell, is on the row's page."
)
LEGEND_OF_A_ROW = (
    "Each rate is as judged; under it its 95 % interval (sampling only), n scored items and, where "
    "items are unscored, {what they could make of it}; “corrected” is the rate corrected for the "
    "judge's errors, the uncertainty of its calibration in the interval. Means are over cells; "
    "intervals are Wilson's, of means for as many independent items as would vary as much."
)
#: What a sample is.
SAMPLE = (
    "A sample is a run that shows the instrument and this site: its model or its judge is a "
    "stand-in, or it asked only a part of the data, so it is no result and is ranked nowhere."
)
PAPER = "https://arxiv.org/abs/2604.00547"
#: Runs before anything is drawn: with a script, the controls are there from the start.
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
        "legend_of_a_row": LEGEND_OF_A_ROW,
        "sample_is": SAMPLE,
        "samples_page": "samples",
        "slug": slug,
        "missing": missing,
        "standing": facets.standing,
        "unsteady": unsteady,
        "judge_of": facets.judge,
        "half_told": HALF_TOLD,
        "size_of": facets.size_words,
        "code": code,
        "protocol": _protocol,
        "paper": PAPER,
        "repository": "",
        "landing": "",
        "here": "",
    }
    return made


def _protocol(it: Protocol) -> Markup:
    """A protocol in words, made once for all rows that share it."""
    same, text = _protocols().get(it.id, (None, Markup("")))
    if same != it:
        parts: Any = environment().get_template("parts.html.jinja").module
        text = parts.protocol(it)
        _protocols()[it.id] = it, text
    return text


@functools.lru_cache(maxsize=1)
def _protocols() -> dict[str, tuple[Protocol, Markup]]:
    """What `_protocol` made last for each id."""
    return {}


def _script() -> str:
    return _source("paired.js") + _source("compare.js") + _source("app.js")


def _source(name: str) -> str:
    return (files("leaderboard.board.site") / "pages" / name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def code(text: str) -> Markup:
    """A sentence in which `backticks` mark code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if index % 2 else part
        for index, part in enumerate(parts)
    )
