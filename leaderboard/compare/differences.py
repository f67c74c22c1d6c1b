"""Two runs on the items they share.

Unification cost: a unified model against its base language model, or against its sibling that only
understands or only generates. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from judger.contract.cell import CELLS, Cell
from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.family import Tested, as_family, margins, one_sided_pairs_needed
from judger.rates.metrics import score
from judger.rates.paired import Pair, Paired, paired
from judger.rates.statistics import cell_of, cluster_of, eligible

NOT_RUN = "not run"


@dataclass(frozen=True)
class Comparison:
    """`second` against `first` in one metric; names of cells are `category task_type`.

    `overall`, `categories` and `types` are one family of tests (Holm): their intervals and adjusted
    p belong to it. The `cells` are a family of their own, and descriptive: `needed` discordant
    items, all on one side, would carry a claim about one of them.

    `only_first` and `only_second` say which cells just one side has verdicts in, and why the other
    has none; `apart` says why no item of a cell has verdicts on both sides, where it is neither's
    cell alone. They are listed and enter no mean. `changed` counts, cell by cell, the items that
    had another prompt: they are left out, and `unpaired` as much as those without a verdict.
    """

    metric: str
    overall: Paired
    categories: Mapping[str, Paired]
    types: Mapping[str, Paired]
    cells: Mapping[str, Tested]
    needed: int
    only_first: Mapping[str, str]
    only_second: Mapping[str, str]
    apart: Mapping[str, str]
    changed: Mapping[str, int]


def compare(metric: str, first: Sequence[Record], second: Sequence[Record]) -> Comparison:
    """All differences `second` - `first` in a metric, on shared items with the same prompt.

    Args:
        metric: one of `judger.METRICS`.
        first, second: records of two runs, such as a base model's and a unified one's.

    Returns: differences (-1..1) with 95 % intervals: overall, by category, task type, cell.
    """
    why_first, why_second = _why_empty(metric, first), _why_empty(metric, second)
    only_first = {c: why_second[c] for c in _cells() if not why_first[c] and why_second[c]}
    only_second = {c: why_first[c] for c in _cells() if why_first[c] and not why_second[c]}
    neither = {
        c: f"no verdict on either side: {why_first[c]}; {why_second[c]}"
        for c in _cells()
        if why_first[c] and why_second[c] and {why_first[c], why_second[c]} != {NOT_RUN}
    }
    every, changes = pairs_of_models(metric, first, second)
    shared = [c for c in _cells() if not why_first[c] and not why_second[c]]
    pairs = [p for p in every if p.cell in shared]
    changed = {c: changes[c] for c in shared if changes[c]}
    by_cell = {c: paired([p for p in pairs if p.cell == c]) for c in shared}
    cells = as_family({c: made for c, made in by_cell.items() if made.n})
    overall, (categories, types) = margins(
        paired(pairs),
        split(pairs, CATEGORIES, lambda pair: pair.stratum),
        split(pairs, TASK_TYPES, lambda pair: Cell.labelled(pair.cell).task_type),
    )
    return Comparison(
        metric=metric,
        overall=overall,
        categories=categories,
        types=types,
        cells=cells,
        needed=one_sided_pairs_needed(max(1, len(cells))),
        only_first=only_first,
        only_second=only_second,
        apart=unshared(pairs, changed) | neither,
        changed=changed,
    )


def pairs_of_models(
    metric: str, first: Sequence[Record], second: Sequence[Record]
) -> tuple[list[Pair], Counter[str]]:
    """All items of two runs as pairs, and how many in each cell had another prompt.

    A side that has no verdict on an item, or not the item, is None; so are both where prompts
    differ.
    """
    ours, theirs = ({r.item_id: r for r in eligible(metric, run)} for run in (first, second))
    pairs, changed = [], Counter[str]()
    for item_id, record in (theirs | ours).items():
        one, other = ours.get(item_id), theirs.get(item_id)
        place = record.category, cluster_of(record), cell_of(record)
        if one and other and one.prompt_sha256 != other.prompt_sha256:
            changed[place[2]] += 1
            pairs.append(Pair(*place, None, None))
        else:
            values = (score(metric, r) if r else None for r in (one, other))
            pairs.append(Pair(*place, *values))
    return pairs, changed


def unshared(pairs: Sequence[Pair], changed: Mapping[str, int]) -> dict[str, str]:
    """The cells of these pairs in which none has verdicts on both sides, and why."""
    whole = {p.cell for p in pairs if p.first is not None and p.second is not None}
    return {
        cell: "no shared scored item"
        + (f"; the prompts of {changed[cell]} shared items differ" if changed.get(cell) else "")
        for cell in sorted({p.cell for p in pairs} - whole)
    }


def _cells() -> list[str]:
    return [cell.label for cell in CELLS]


def split(
    pairs: Sequence[Pair], names: Sequence[str] | Mapping[str, str], key: Callable[[Pair], str]
) -> dict[str, Paired]:
    """The paired differences of each category, or of each task type."""
    return {name: paired([p for p in pairs if key(p) == name]) for name in names}


def _why_empty(metric: str, records: Sequence[Record]) -> dict[str, str]:
    """For each cell, "" if it has a verdict for the metric, else why it has none."""
    seen: dict[str, Counter[str]] = {cell: Counter() for cell in _cells()}
    for record in eligible(metric, records):
        counts = score(metric, record) is not None
        lost = "its judge tells no refusals" if record.outcome == "scored" else record.outcome
        seen.get(cell_of(record), Counter())["" if counts else lost] += 1
    return {
        cell: "" if outcomes[""] else (", ".join(sorted(filter(None, outcomes))) or NOT_RUN)
        for cell, outcomes in seen.items()
    }
