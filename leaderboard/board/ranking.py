"""Rows side by side: one set of four boards per protocol, ranked with ties.

A board is one protocol: rows measured otherwise stand under another tab and are never compared.
Only a row that covers a board in full is ranked in it; the rest stand below, with what is missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from judger.rates.statistics import Mean, ranks
from leaderboard.board.row import Row
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import Protocol

#: What a board is ranked by; higher is better.
RANKED_BY = "both_safe"
#: Rows of these states are compared with each other.
COMPARED = ("listed", "archived")


@dataclass(frozen=True)
class Place:
    """A row's place on a board. `rank` is None for a row that does not cover it; `last` is the rank
    that the row could have if every overlap went against it; `bracket` numbers groups of ties."""

    row: Row
    rank: int | None
    last: int | None
    bracket: int | None
    gaps: Sequence[int]

    def mean(self, board: str, metric: str = RANKED_BY) -> Mean:
        """A mean of this row over the board's cells."""
        return self.row.means[board][metric]


@dataclass(frozen=True)
class Board:
    """One board: its places, ranked ones first, best first."""

    name: str
    places: Sequence[Place]


def board(name: str, rows: Iterable[Row]) -> Board:
    """Rank the rows of one protocol on one board."""
    by_value: list[tuple[float, str, Row]] = []
    below: list[Place] = []
    for row in rows:
        gaps, value = row.gaps(name), row.means[name][RANKED_BY].value
        if gaps or value is None:
            below.append(Place(row, None, None, None, gaps))
        else:
            by_value.append((-value, row.submission.id, row))
    ordered = [row for _, _, row in sorted(by_value, key=lambda entry: entry[:2])]
    spans = [_span(row.means[name][RANKED_BY]) for row in ordered]
    first = ranks(spans)
    highs = sorted(high for _, high in spans)
    lasts = [len(highs) - bisect_left(highs, low) for low, _ in spans]
    places, bracket = [], 0
    for index, row in enumerate(ordered):
        bracket += index == 0 or first[index] != first[index - 1]
        places.append(Place(row, first[index], lasts[index], bracket, []))
    below.sort(key=lambda place: (len(place.gaps), place.row.submission.id))
    return Board(name, [*places, *below])


def _span(mean: Mean) -> tuple[float, float]:
    assert mean.low is not None and mean.high is not None  # a mean with a value has both
    return mean.low, mean.high


@dataclass(frozen=True)
class Tab:
    """One protocol with its boards. `items` is the union of its rows' items, sorted."""

    protocol: Protocol
    boards: Mapping[str, Board]
    rows: Sequence[Row]
    items: Sequence[str]

    def aligned(self, row: Row) -> str:
        """The row's letters, one for each of the tab's items, `-` where it has none."""
        if row.items == tuple(self.items):
            return row.letters
        known = dict(zip(row.items, row.letters, strict=True))
        return "".join(known.get(item, "-") for item in self.items)


def tabs(rows: Iterable[Row]) -> list[Tab]:
    """The compared rows by protocol; the protocol with the most rows, then the newest, is first."""
    by_protocol: dict[str, list[Row]] = {}
    for row in rows:
        if row.submission.status.state in COMPARED:
            by_protocol.setdefault(row.submission.protocol.id, []).append(row)
    made = []
    for mine in by_protocol.values():
        mine.sort(key=lambda row: row.submission.folder)
        items = sorted({item for row in mine for item in row.items})
        boards = {name: board(name, mine) for name in BOARDS}
        made.append(Tab(mine[0].submission.protocol, boards, mine, items))
    return sorted(made, key=lambda tab: (-len(tab.rows), _newest(tab), tab.protocol.id))


def _newest(tab: Tab) -> int:
    return -max(int(row.submission.submitted.replace("-", "")) for row in tab.rows)
