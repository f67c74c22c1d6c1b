"""A row of a board as one lean line of a table: what a reader compares; the rest is on its page.

Made here and not by a template, in two steps: what depends on the submission alone is made once
and kept; rank and ties are of the board, and put in front when the page is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from judger.contract.taxonomy import TASK_TYPES
from judger.rates.calibration.flips import unsteady
from judger.rates.statistics import Mean
from leaderboard.board.numbers import SHOWN as METRICS
from leaderboard.board.ranking import Place
from leaderboard.board.row import Row
from leaderboard.board.site import facets
from leaderboard.board.site.data import UNTOLD, slug
from leaderboard.board.site.figures import bar
from leaderboard.submission.manifest import CELLS
from leaderboard.text import words

#: What a narrow screen shows too; all other columns are on a row's page.
MAJOR = ("both_safe", "helped")


def sampled(row: Row) -> bool:
    """Is a row a sample? It is shown with what it has; a row of a board only where it has all."""
    return row.submission.status.state == "sample"


def cells(row: Row, board: str) -> str:
    """The figures of a row on a board: one cell a metric, then how many items they are of."""
    if (gaps := row.gaps(board)) and not sampled(row):
        return f'<td class="gap" colspan="{len(METRICS) + 2}">missing: {missing(row, gaps)}</td>'
    means, corrected = row.means[board], row.corrected[board]
    made = [_figure(m, means[m], corrected.get(m) if m in MAJOR else None) for m in METRICS]
    return "".join([*made, _items(means), _replies(row)])


def _figure(metric: str, mean: Mean, corrected: Mean | None) -> str:
    kind = "" if metric in MAJOR else ' class="minor"'
    if mean.value is None:
        return f"<td{kind}>{UNTOLD}</td>"
    drawn = bar(mean) if metric == MAJOR[0] else ""
    made = f"<b>{words.percent(mean.value)}</b>{drawn}<i>{_interval(mean)}</i>"
    if corrected is not None:
        made += f"<i>corrected {words.percent(corrected.value)} {_interval(corrected)}</i>"
    return f"<td{kind} data-v={mean.value:.5g}>{made}</td>"


def _interval(mean: Mean) -> str:
    return words.interval(mean) or f"no interval: {mean.why_none}"


def _items(means: Mapping[str, Mean]) -> str:
    harmful, benign = means["both_safe"], means["over_refusal"]
    asked = max(benign.n, means["helped"].n)
    lost = harmful.unscored + max(benign.unscored, means["helped"].unscored)
    said = f"<i>{lost} unscored</i>" if lost else ""
    return f'<td class="minor" data-v={harmful.n + asked}>{harmful.n} + {asked}{said}</td>'


def _replies(row: Row) -> str:
    made = row.submission.replies
    if made is None:
        return '<td class="minor">not said</td>'
    shares = [words.percent(k / made.n) for k in (made.looping, made.echoing, made.unfinished)]
    said = f"loops {shares[0]}, echoes {shares[1]}, broken off {shares[2]}"
    return f'<td class="minor how" data-v={made.looping / made.n:.4g}><i>{said}</i></td>'


def missing(row: Row, columns: Sequence[int]) -> str:
    """`12 cells: 6 of audio processing, 6 of video analysis`, and whether media are why."""
    by_type = Counter(CELLS[column][1] for column in columns)
    parts = [f"{by_type[t]} of {words.plain(t)}" for t in TASK_TYPES if by_type[t]]
    deaf = sum(column in row.flags for column in columns)
    why = f" (media not shown to be delivered in {deaf})" if deaf else ""
    return f"{len(columns)} cells: {', '.join(parts)}{why}"


def line(place: Place, anchor: str, tied: str, figures: str, note: str = "") -> str:
    """One line of a board's table; `figures` are its `cells`, `note` says more of it."""
    said, model = place.row.submission, place.row.submission.model
    facts = [model.id, words.plain(model.family), model.weights, facets.size_words(model)]
    facts += [note, "archived" if said.status.state == "archived" else ""]
    about = escape(" · ".join(fact for fact in facts if fact))
    standing = "" if _calibrated(place.row) else f"<em>{escape(facets.standing(place.row))}</em>"
    if shaky := unsteady(place.row.stress):
        standing += f'<em class="unsteady" title="{escape(shaky)}">unsteady judge</em>'
    attributes = f'id="{anchor}" data-f="{model.family}" data-w="{model.weights}"'
    attributes += f' data-s="{facets.size(model)}"' + (f' class="{tied}"' if tied else "")
    return (
        f'<tr {attributes}><td class="pick"><input type="checkbox" '
        f'aria-label="compare {escape(model.name)}"></td>{_rank(place)}'
        f'<td class="who"><a href="rows/{slug(said)}">{escape(model.name)}</a>'
        f"<i>{about} · <time>{said.submitted}</time></i>{standing}</td>{figures}</tr>"
    )


def _calibrated(row: Row) -> bool:
    return facets.standing(row) == "calibrated"


def _rank(place: Place) -> str:
    if place.rank is not None:
        last = f"<i>to {place.last}</i>" if place.last != place.rank else ""
        return f'<td class="rank" data-v={place.rank}><b>{place.rank}</b>{last}</td>'
    if sampled(place.row):
        return '<td class="rank" data-v=999999>sample</td>'
    why = f"<i>{place.why_not}</i>" if place.why_not else ""
    return f'<td class="rank" data-v=999999>not ranked{why}</td>'


def lines(
    places: Sequence[Place], prefix: str, figures: Sequence[str], notes: Sequence[str] = ()
) -> list[Markup]:
    """All lines of a table, with brackets around ties. Anchors are `<prefix><place>`."""
    made = []
    for index, place in enumerate(places):
        note = notes[index] if notes else ""
        made.append(line(place, f"{prefix}{index}", _tied(places, index), figures[index], note))
    return [Markup(one) for one in made]  # noqa: S704 names are escaped above


def _tied(places: Sequence[Place], index: int) -> str:
    own = places[index]
    if own.rank is None:
        return "" if sampled(own.row) else "out"
    before = index > 0 and places[index - 1].bracket == own.bracket
    after = index + 1 < len(places) and places[index + 1].bracket == own.bracket
    if not before and not after:
        return ""
    return "tied" + ("" if before else " tie-first") + ("" if after else " tie-last")
