"""Two runs side by side in one self-contained HTML file: differences, then the items in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.paired import Paired
from leaderboard.compare.caveats import caveats
from leaderboard.compare.differences import Comparison
from leaderboard.compare.tables import FAMILY, LEFT_OUT
from leaderboard.report import origin, page
from leaderboard.report.html import PLACES, Filter
from leaderboard.report.items.pairs import CHANGES, counts, pairs
from leaderboard.report.items.payload import payload
from leaderboard.report.items.rows import request_roots
from leaderboard.report.summary import Summary, summarise
from leaderboard.runs.read import Run
from leaderboard.text.words import difference, percent, title


@dataclass(frozen=True)
class Side:
    """One of the two runs: what people call its model (told apart by its folder where both are
    called the same), its summary, its run."""

    name: str
    summary: Summary
    run: Run


def write_compared(
    first: Run, second: Run, made: Sequence[Comparison], path: Path, media: bool = True
) -> None:
    """Write the page of `second` against `first` to `path`; `made` are their comparisons, the
    metric to break down first. OSError when that fails."""
    page.write(html(first, second, made, media), path)


def html(first: Run, second: Run, made: Sequence[Comparison], media: bool = True) -> str:
    """The whole page."""
    sides = _sides(first, second)
    names = [side.name for side in sides]
    shown = pairs(first, second)
    roots = dict.fromkeys((*request_roots(first), *request_roots(second)))
    found = payload(shown, tuple(roots), media)
    changes = {name: words.format(*names) for name, words in CHANGES.items()}
    seen = counts(one.row for one in shown)
    labels = {**changes, "any": "any difference"}
    change: Filter = ("change", "Difference", ("any", *seen))
    return page.rendered(
        "compare.html.jinja",
        ("dom.js", "samples.js", "compare.js"),
        [one.metric for one in made],
        sides=sides,
        made=made,
        main=made[0],
        said=says(names, made[0]),
        caveats=caveats({side.name: side.run.records for side in sides}),
        notes={"family": FAMILY, "left_out": LEFT_OUT},
        changes=changes,
        counts=seen,
        filters=(change, *PLACES),
        labels=labels,
        preset="any",
        categories=tuple(CATEGORIES),
        types=TASK_TYPES,
        with_media=media,
        payload=found,
    )


def _sides(first: Run, second: Run) -> tuple[Side, Side]:
    names = [origin.name(run) for run in (first, second)]
    if names[0] == names[1]:
        names = [
            f"{name} ({', '.join(map(str, run.folders))})"
            for name, run in zip(names, (first, second), strict=True)
        ]
    return Side(names[0], summarise(first), first), Side(names[1], summarise(second), second)


def says(names: Sequence[str], made: Comparison) -> str:
    """The difference in the main metric in one sentence, and whether it carries a claim."""
    found = made.overall
    if found.difference is None:
        return f"{names[0]} and {names[1]} share no judged item: nothing can be compared."
    rates = f"{percent(found.second)} against {percent(found.first)}"
    return (
        f"{title(made.metric)}: {names[1]} {rates} of {names[0]} on the {found.n:,} items that "
        f"both were judged on, a difference of {difference(found)} points; {_claim(found)}."
    )


def _claim(found: Paired) -> str:
    p = found.adjusted_p
    if p is None:
        return "that is too little to tell it from chance"
    told = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    beyond = (
        "that is more than chance would do" if p < 0.05 else "that is no more than chance could do"
    )
    return f"{beyond} ({told}, adjusted for all rows over several cells)"
