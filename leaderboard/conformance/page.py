"""docs/conformance.md holds the rows: `python -m leaderboard.conformance.page FILE` fills it."""

from __future__ import annotations

import sys
from pathlib import Path

from leaderboard.conformance.rows import SIDES, STOPPED, Row, Side, rows

_BEGIN, _END = "<!-- {side} -->", "<!-- end of {side} -->"


def table(side: Side) -> str:
    """The rows of one side as a Markdown table."""
    of = [row for row in rows() if row.side == side]
    what = "sound" if side == "control" else "fault"
    lines = [f"| {what} | what it is | seen | ours |", "|---|---|---|---|"]
    for row in of:
        cells = (f"`{row.name}`", row.says, row.seen, _ours(row))
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines)


def _ours(row: Row) -> str:
    if row.verdicts:
        return row.expected
    return "does not begin, and says why" if row.outcome == STOPPED else f"`{row.outcome}`"


def filled(page: str) -> str:
    """A page with every table as the rows have it today."""
    for side in SIDES:
        begin, end = _BEGIN.format(side=side), _END.format(side=side)
        before, _, rest = page.partition(f"{begin}\n")
        page = f"{before}{begin}\n{table(side)}\n{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(filled(target.read_text(encoding="utf-8")), encoding="utf-8")
