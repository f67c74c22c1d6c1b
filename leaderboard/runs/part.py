"""How much of the suite a run asked: the whole, the half, or another part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from judger.contract.errors import UserError
from judger.contract.protocol import HALF, HALF_TOLD
from judger.contract.record import Record
from uni_safe_tasks.suite.first import first_ids

#: How people are told of a part that is no protocol.
A_PART = "a part of the suite: --limit"


class SeveralPartsError(UserError):
    """Cells of the half beside cells of another part: no row can be both."""


def limit_of(limits: Iterable[float | None], records: Sequence[Record]) -> float | None:
    """The one `--limit` of a run, the least where a sample has several; None for the whole.

    `limits` are those of its results files. A run that names none (replies that were made outside
    the harness) is the half where each of its cells holds just the items of the half.

    Raises:
        SeveralPartsError: some cells were asked with `--limit 60`, others not.
    """
    given = set(limits)
    if given == {HALF} and any(len(ids) > HALF for ids in _cells(records).values()):
        given = {HALF, None}  # judged again, from files of both
    if HALF in given and len(given) > 1:
        others = ", ".join(
            "none" if x is None else f"{x:g}" for x in sorted(given - {HALF}, key=str)
        )
        raise SeveralPartsError(
            f"some cells were run with --limit {HALF}, others with {others}; a run is the half or "
            "the whole: run those cells again"
        )
    named = [float(limit) for limit in given if limit is not None]
    return min(named, default=float(HALF) if _is_half(records) else None)


def told(limits: Iterable[float | None], records: Sequence[Record]) -> str:
    """What a reader is told of it: "" for the whole."""
    try:
        limit = limit_of(limits, records)
    except SeveralPartsError:
        return A_PART
    return "" if limit is None else HALF_TOLD if limit == HALF else A_PART


def _is_half(records: Sequence[Record]) -> bool:
    """Does each cell that was asked hold the items of the half, and no others?"""
    cells = _cells(records)
    if not cells or any(len(ids) != HALF for ids in cells.values()):
        return False  # the data need not be read
    half = first_ids(HALF)
    return all(ids == set(half.get(cell, ())) for cell, ids in cells.items())


def _cells(records: Sequence[Record]) -> dict[tuple[str, str], set[str]]:
    """The items of each cell that was asked, by id."""
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        cells[record.category, record.task_type].add(record.item_id)
    return cells
