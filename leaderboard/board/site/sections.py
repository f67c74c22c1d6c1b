"""What a board's page holds: for each protocol one drawing and one table, with all that is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from leaderboard.board.ranking import Place, Tab
from leaderboard.board.row import Row
from leaderboard.board.site import facets
from leaderboard.board.site.lines import lines
from leaderboard.board.site.scatter import Point, scatter
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import Protocol

#: A submission's id -> board -> its figures there (`lines.cells`).
Figures = Mapping[str, Mapping[str, str]]
#: So many rows stand in the table from the start, as in `app.js` and `style.css`: a browser takes
#: long to read a thousand. Without a script all others stand in a table below it.
FIRST = 100
#: The name of the page that shows runs which are ranked nowhere.
SAMPLES = "samples"


@dataclass(frozen=True)
class Section:
    """The rows of one protocol on one page; `rest` are those after the first hundred.
    `replies`: some of them say how their replies look."""

    protocol: Protocol
    rows: Sequence[Row]
    lines: Markup
    rest: Markup
    drawing: Markup
    replies: bool


def board_sections(name: str, tabs: Sequence[Tab], figures: Figures) -> list[Section]:
    """One section a protocol: the ranked rows of a board and those below."""
    made = []
    for number, tab in enumerate(tabs):
        places = tab.boards[name].places
        own = [figures[place.row.submission.id][name] for place in places]
        made.append(_section(tab.protocol, places, [name] * len(places), own, number))
    return made


def sample_sections(rows: Sequence[Row], figures: Figures) -> list[Section]:
    """The samples by protocol, each with the figures of the widest board that it covers."""
    by_protocol: dict[str, list[Row]] = {}
    for row in rows:
        by_protocol.setdefault(row.submission.protocol.id, []).append(row)
    made = []
    for number, mine in enumerate(by_protocol.values()):
        boards = [widest(row) for row in mine]
        places = [Place(row, None, None, None, []) for row in mine]
        own = [figures[r.submission.id][b] for r, b in zip(mine, boards, strict=True)]
        notes = [_covers(row, board) for row, board in zip(mine, boards, strict=True)]
        protocol = mine[0].submission.protocol
        made.append(_section(protocol, places, boards, own, number, notes))
    return made


def widest(row: Row) -> str:
    """The board with the most cells that a row covers; the widest of all where it covers none."""
    return next((board for board in BOARDS if not row.gaps(board)), next(iter(BOARDS)))


def _covers(row: Row, board: str) -> str:
    """What the figures of a sample are of: a whole board, or the cells that have a rate."""
    mean = row.means[board]["both_safe"]
    if not row.gaps(board):
        return f"figures of the {board} board"
    return f"figures of {mean.cells} of the {mean.cells + mean.missing} cells"


def landing(tabs: Sequence[Tab], samples: Sequence[Row]) -> str:
    """The page that the site opens on: the first that has something to show."""
    places = {name: [p for tab in tabs for p in tab.boards[name].places] for name in BOARDS}
    ranked = [name for name in BOARDS if any(p.rank is not None for p in places[name])]
    shown = [name for name in BOARDS if places[name]]
    return next(iter([*ranked, *shown, *([SAMPLES] if samples else []), *BOARDS]))


def _section(
    protocol: Protocol,
    places: Sequence[Place],
    boards: Sequence[str],
    figures: Sequence[str],
    number: int,
    notes: Sequence[str] = (),
) -> Section:
    prefix = f"p{number}r"
    points = [
        Point(
            f"{prefix}{index}",
            place.row.submission.model.name,
            place.row.means[board]["both_safe"],
            place.row.means[board]["helped"],
        )
        for index, (place, board) in enumerate(zip(places, boards, strict=True))
        if not place.gaps
    ]
    rows = [place.row for place in places]
    told = any(row.submission.replies for row in rows)
    made = lines(places, prefix, figures, notes)
    first, rest = (Markup("\n").join(some) for some in (made[:FIRST], made[FIRST:]))
    return Section(protocol, rows, first, rest, scatter(points), told)


@dataclass(frozen=True)
class Choices:
    """What the filters of a page offer."""

    families: Sequence[str]
    weights: Sequence[str]
    sizes: Sequence[str]


def choices(sections: Sequence[Section]) -> Choices:
    """What there is among the rows of a page, in a fixed order."""
    models = [row.submission.model for section in sections for row in section.rows]
    sizes = {facets.size(model) for model in models}
    return Choices(
        sorted({model.family for model in models}),
        sorted({model.weights for model in models}),
        [name for name in [*(n for _, n in facets.SIZES), facets.UNKNOWN] if name in sizes],
    )
