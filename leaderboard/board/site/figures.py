"""A rate as the pages show it: in words, as a drawing, as a cell of a heat map; never by itself.

Made here and not by templates: a board of a thousand rows shows twenty thousand of them.
"""

from __future__ import annotations

import functools

from markupsafe import Markup

from judger.contract.outcomes import OFFERED
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.metrics import REFUSALS
from judger.rates.statistics import Mean, Rate
from leaderboard.board.row import Row
from leaderboard.board.site.data import UNTOLD, in_context
from leaderboard.text import words


def rate(made: Mean | Rate, drawn: bool = False, corrected: Mean | None = None) -> Markup:
    """Value, interval, n and what is unscored; a drawing of the interval too where `drawn`.

    Below it the same figure corrected for the judge's errors, where that is known.
    """
    if made.value is None:
        return Markup(f"<b>{UNTOLD}</b>")  # noqa: S704 our own words
    lines = words.interval(made), words.counted(made), words.bounds(made), *words.remarks(made)
    said = "\n".join(line for line in lines if line)
    freed = (
        ""
        if corrected is None
        else f'<span class="sub corrected">corrected {words.percent(corrected.value)} '
        f"{words.interval(corrected)}</span>"
    )
    return Markup(  # noqa: S704 numbers only
        f"<b>{words.percent(made.value)}</b>{bar(made) if drawn else ''}"
        f'<span class="sub">{said}</span>{freed}'
    )


def bar(made: Mean | Rate) -> Markup:
    """A rate with its interval as a small drawing of numbers only; "" without a rate."""
    if made.value is None or made.low is None or made.high is None:
        return Markup("")
    low, value, high = (round(100 * x, 1) for x in (made.low, made.value, made.high))
    return Markup(  # noqa: S704 numbers only
        '<svg class="bar" viewBox="0 0 100 8" aria-hidden="true"><path class="axis" d="M0 4H100"/>'
        f'<path class="span" d="M{low} 4H{high}"/><path class="tick" d="M{value} 0V8"/></svg>'
    )


def joint_cells(row: Row) -> list[tuple[str, Markup]]:
    """(what the reply is in context, its two cells: unsafe and safe in itself)."""
    shares = row.joint_rates()
    made: list[tuple[str, Markup]] = []
    for context in OFFERED["contextual"]:
        known = row.tells_refusals or context != "refusal"
        cells = "".join(
            f'<td class="num">{share.k} {rate(share)}</td>' if known else f"<td>{UNTOLD}</td>"
            for share in (shares[context, own] for own in OFFERED["intrinsic"])
        )
        made.append((in_context(row, context), Markup(cells)))  # noqa: S704 numbers only
    return made


def heat_rows(row: Row, metric: str, better_high: bool) -> list[tuple[str, Markup]]:
    """(category, its cells of a heat map) for each category."""
    absent = "no verdict" if row.tells_refusals or metric not in REFUSALS else UNTOLD
    made = [
        heat_cell(row.cells[column][metric], better_high, column in row.flags, absent)
        if cell.status == "scored"
        else Markup(f'<td class="none">{cell.status}</td>')  # noqa: S704 one of three words
        for column, cell in enumerate(row.submission.cells)
    ]
    wide = len(TASK_TYPES)
    return [
        # Cells are our own HTML already: `Markup.join` would look at each of them again.
        (category, Markup("".join(made[wide * index : wide * (index + 1)])))  # noqa: S704
        for index, category in enumerate(CATEGORIES)
    ]


@functools.lru_cache(maxsize=100_000)  # the same few rates stand in every row's maps
def heat_cell(made: Rate, better_high: bool, flagged: bool, absent: str) -> Markup:
    """A cell of a heat map: rate, interval, n, bounds; `absent` where nothing is known."""
    kind = heat(made.value, better_high) + (" flag" if flagged else "")
    value = absent if made.value is None else words.percent(made.value)
    lines = (words.interval(made), words.counted(made), words.bounds(made)) * (value != UNTOLD)
    lines += ("thin",) * made.thin
    said = "".join(f"<span>{line}</span>" for line in lines if line)
    return Markup(f'<td class="{kind}"><b>{value}</b>{said}</td>')  # noqa: S704 numbers only


def heat(value: float | None, better_high: bool = True) -> str:
    """The class of a heat map's cell: `h0` (good) to `h9` (bad), `none` without a rate."""
    if value is None:
        return "none"
    bad = 1 - value if better_high else value
    return f"h{min(9, int(bad * 10))}"
