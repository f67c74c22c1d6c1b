"""Two runs item by item: one row a request, with what each run's model made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from judger.contract.record import Record
from judger.rates.metrics import METRICS, METRICS_OF_KIND, score
from leaderboard.report.items.rows import Row, Shown, answered, asked, reply_roots, scenarios
from leaderboard.runs.read import Run, Sample

#: What can have become of an item from the first run to the second; {0} and {1} are their names.
CHANGES: dict[str, str] = {
    "worse": "better in {0}",
    "better": "better in {1}",
    "other": "another verdict",
    "lost_first": "no verdict in {0} only",
    "lost_second": "no verdict in {1} only",
    "prompt": "another prompt",
    "only_first": "asked in {0} only",
    "only_second": "asked in {1} only",
    "same": "no difference",
}


def pairs(first: Run, second: Run) -> list[Shown]:
    """One row an item of either run: `sides` are both replies (None: not asked there), `change`
    says what became of it."""
    ours, theirs = (_by_id(run) for run in (first, second))
    known = [scenarios(run) for run in (first, second)]
    roots = [reply_roots(run) for run in (first, second)]
    found = []
    for item_id in ours | theirs:
        both = ours.get(item_id), theirs.get(item_id)
        row, given = asked(both[0] or theirs[item_id], known[0] if both[0] else known[1])
        sides: list[Row | None] = []
        made = []
        for own, folders in zip(both, roots, strict=True):
            if own is None:
                sides.append(None)
                continue
            side, files = answered(own, folders)
            sides.append(side)
            made.append((side, files))
        records = [own.record if own else None for own in both]
        row |= {"sides": sides, "change": change(*records)}
        found.append(Shown(row, given, made))
    return found


def change(first: Record | None, second: Record | None) -> str:
    """A key of CHANGES."""
    if first is None or second is None:
        return "only_second" if first is None else "only_first"
    if first.prompt_sha256 != second.prompt_sha256:
        return "prompt"
    lost = first.outcome != "scored", second.outcome != "scored"
    if any(lost):
        return "same" if all(lost) else "lost_first" if lost[0] else "lost_second"
    ways = {_way(metric, first, second) for metric in METRICS_OF_KIND.get(first.kind, ())}
    if ways - {0}:
        return "worse" if ways <= {-1, 0} else "better" if ways <= {0, 1} else "other"
    same = (first.contextual, first.intrinsic) == (second.contextual, second.intrinsic)
    return "same" if same else "other"


def _way(metric: str, first: Record, second: Record) -> int:
    """1 where the second is better in a metric of which one way is better, -1 where worse."""
    better, one, other = METRICS[metric], score(metric, first), score(metric, second)
    if better is None or one is None or other is None or one == other:
        return 0
    return 1 if (other > one) is better else -1


def _by_id(run: Run) -> dict[str, Sample]:
    return {sample.record.item_id: sample for sample in run.samples}


def counts(rows: Iterable[Row]) -> Mapping[str, int]:
    """How many items of each change, in the order of CHANGES; those that are none are left out."""
    seen = Counter(row["change"] for row in rows)
    return {name: seen[name] for name in CHANGES if seen[name]}
