"""The site's data as plain JSON and CSV: every number that a page shows, for other programs."""

from __future__ import annotations

import csv
import functools
import io
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from judger.rates.calibration.flips import unsteady
from judger.rates.metrics import REFUSALS
from judger.rates.statistics import Mean, Rate
from leaderboard.board.numbers import SHOWN as METRICS
from leaderboard.board.ranking import Place, Tab
from leaderboard.board.row import Row
from leaderboard.board.site.facets import standing
from leaderboard.submission.boards import ABOUT, BOARDS
from leaderboard.submission.facts import Submission
from leaderboard.submission.manifest import CELLS

#: What the heat maps show of a cell; the rest is in the submission.
SHOWN = ("both_safe", "helped", "over_refusal")
#: Stands for a rate whose cells are covered, but whose judge cannot tell a refusal.
UNTOLD = "not measured"
#: Fractions are written with so many places: more than any interval can carry.
PLACES = 6


def rounded(value: float | None) -> float | None:
    """A fraction as it is written."""
    return None if value is None else round(value, PLACES)


def slug(submission: Submission) -> str:
    """The name of a submission's page: letters, digits, `.`, `_` and `-` only, by its schema."""
    return f"{submission.folder.replace('/', '__')}.html"


@functools.lru_cache(maxsize=100_000)  # the same few rates stand in every row's cells
def _rate(made: Rate | Mean) -> dict[str, Any]:
    """A rate with all that belongs to it. `smallest` and `largest`: what unscored items allow."""
    return dict(zip(PARTS, parts(made), strict=True))


#: What belongs to a rate, in the order of `parts`.
PARTS = (
    *("value", "low", "high", "n", "unscored", "smallest", "largest"),
    *("possible_bias", "thin", "why_none"),
)
#: What belongs to a corrected mean.
CORRECTED = PARTS[:3]


def parts(made: Rate | Mean) -> tuple[float | int | str | None, ...]:
    """The numbers of a rate, as they are written, and what has to be said of it."""
    ends = map(rounded, (made.smallest, made.largest, made.possible_bias))
    numbers = (*map(rounded, (made.value, made.low, made.high)), made.n, made.unscored, *ends)
    return (*numbers, made.thin, made.why_none)


def corrected_parts(made: Mean | None) -> tuple[float | None, ...]:
    """Value and interval of a mean corrected for the judge's errors; None where it is not."""
    if made is None:
        return (None,) * len(CORRECTED)
    return tuple(map(rounded, (made.value, made.low, made.high)))


def in_context(row: Row, verdict: str) -> str:
    """A verdict in context by name: a judge that cannot tell a refusal says `safe` of both."""
    return "safe or refused" if verdict == "safe" and not row.tells_refusals else verdict


def _known(made: Rate | Mean, metric: str, row: Row) -> dict[str, Any] | str:
    return _rate(made) if row.tells_refusals or metric not in REFUSALS else UNTOLD


def row_json(row: Row) -> bytes:
    """A submission and its numbers."""
    said = row.submission
    made = {
        **said.model_dump(include={"id", "status", "model", "people", "generated", "submitted"}),
        "protocol": said.protocol.id,
        "page": f"rows/{slug(said)}",
        "judge_standing": standing(row),
        "judge_unsteady": unsteady(row.stress),
        "replies": None if said.replies is None else said.replies.model_dump(),
        "unscored": dict(row.unscored),
        "joint": {
            f"{in_context(row, c)} in context, {i} in itself": {"k": share.k, **_rate(share)}
            for (c, i), share in row.joint_rates().items()
            if row.tells_refusals or c != "refusal"
        },
        "over_refusal": _known(row.over_refusal(), "over_refusal", row),
        "cells": {
            cell.name: {
                "status": cell.status,
                "flag": row.flags.get(column, ""),
                **{m: _known(row.cells[column][m], m, row) for m in shown},
            }
            for column, cell in enumerate(said.cells)
            for shown in [SHOWN if cell.status == "scored" else ()]
        },
        "boards": {
            b: "missing"
            if row.gaps(b)
            else {m: _known(row.means[b][m], m, row) for m in METRICS}
            | {"corrected": _corrected(row, b)}
            for b in BOARDS
        },
    }
    return to_json(made)


def _corrected(row: Row, board: str) -> dict[str, dict[str, float | None]]:
    found = row.corrected[board].items()
    return {m: dict(zip(CORRECTED, corrected_parts(mean), strict=True)) for m, mean in found}


def place_json(place: Place) -> dict[str, Any]:
    """Where a row stands on a board."""
    missing = [".".join(CELLS[column]) for column in place.gaps]
    return {"id": place.row.submission.id, "rank": place.rank, "last": place.last} | (
        {"missing": missing} if missing else {"not_ranked": place.why_not} if place.why_not else {}
    )


def site_json(made: Sequence[Tab], rows: Iterable[bytes]) -> bytes:
    """All of data.json; `rows` are `row_json` of all rows that the site shows, samples too."""
    boards = {name: {"about": ABOUT[name], "task_types": BOARDS[name]} for name in BOARDS}
    protocols = [
        {
            **tab.protocol.model_dump(),
            "places": {b: [place_json(p) for p in x.places] for b, x in tab.boards.items()},
        }
        for tab in made
    ]
    head = to_json({"boards": boards, "protocols": protocols})
    return head[:-1] + b',"rows":[' + b",\n".join(rows) + b"]}\n"


def csv_numbers(row: Row, board: str) -> str:
    """A row's numbers on a board, as they stand at the end of its line of data.csv."""
    missing = bool(row.gaps(board))
    values: list[object] = [
        "missing" if missing else part
        for metric in METRICS
        for part in parts(row.means[board][metric])
    ]
    values += [
        "missing" if missing else "not corrected" if part is None else part
        for metric in METRICS
        for part in corrected_parts(row.corrected[board].get(metric))
    ]
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


def site_csv(made: Sequence[Tab], known: Mapping[str, Mapping[str, str]]) -> str:
    """One line a row and board; `known` are the `csv_numbers` of submissions, by board."""
    text = io.StringIO()
    writer, ending = csv.writer(text, lineterminator="\n"), csv.writer(text, lineterminator="")
    numbers = [f"{metric}_{part}" for metric in METRICS for part in PARTS]
    numbers += [f"{metric}_corrected_{part}" for metric in METRICS for part in CORRECTED]
    head = ("protocol", "board", "rank", "id", "model", "revision", "name", "family", "weights")
    writer.writerow([*head, "submitted", "missing_cells", *numbers])
    for tab in made:
        for name, shown in tab.boards.items():
            for place in shown.places:
                said = place.row.submission
                model = said.model
                facts = [tab.protocol.id, name, place.rank or "not ranked", said.id, model.id]
                facts += [
                    *map(_cell, (model.revision, model.name)),
                    model.family,
                    model.weights,
                    said.submitted,
                ]
                ending.writerow([*facts, len(place.gaps)])
                text.write(f",{known[said.id][name]}\n")
    return text.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula, blanks and full-width forms aside."""
    seen = unicodedata.normalize("NFKC", text).lstrip(_BLANK + string.whitespace)
    formula = seen.startswith(("=", "+", "-", "@", "|", "%"))
    return f"'{text}" if formula or text[:1] in ("\t", "\r", "\n") else text


#: What some spreadsheets drop before they look for a formula.
_BLANK = "\u00a0\u2000\u2001\u2002\u2003\u2009\u200b\u202f\u205f\u3000\ufeff\u2212"
