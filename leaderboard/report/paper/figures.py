"""From the records of a paper run to every number that its report shows. Pure.

Totals are over items, each of which counts the same, as the paper has them. Intervals are Wilson's:
nothing in the data says that items belong together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judger.contract.protocol import told
from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES
from judger.rates.metrics import METRICS, PAPER_NAMES
from judger.rates.statistics import Rate, rate_of
from leaderboard.report import origin
from leaderboard.runs.read import Run
from uni_safe_tasks.paper.protocol import TASKS

#: The paper's names for its rates, as people read them; `unscored` is none of these.
TITLES = {
    "c_unsafe": "C-Unsafe",
    "c_reject": "C-Reject",
    "i_unsafe": "I-Unsafe",
    "both_safe": "Both-Safe",
}
_ARROWS = {True: " ↑", False: " ↓", None: ""}


def title(name: str) -> str:
    """`C-Unsafe ↓`: a rate of the paper's, and which way is better."""
    return TITLES[name] + _ARROWS[METRICS[PAPER_NAMES[name]]]


@dataclass(frozen=True)
class Scope:
    """A task, a category or everything: its rates by the paper's names."""

    name: str
    items: int
    rates: Mapping[str, Rate]


@dataclass(frozen=True)
class Paper:
    """Everything that the report says. `twos` are scored items with a 2 on the intrinsic axis."""

    name: str
    model: str
    folders: tuple[str, ...]
    dates: tuple[str, ...]
    items: int
    total: Scope
    tasks: tuple[Scope, ...]
    categories: tuple[Scope, ...]
    twos: int
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    judges: tuple[tuple[Mapping[str, Any], int], ...]
    modes: tuple[str, ...]
    data_versions: tuple[str, ...]
    protocols: tuple[str, ...]
    limited: bool

    @property
    def published(self) -> bool:
        """Was all of it judged by the published protocol?"""
        return self.modes == ("reference",)


def figures(run: Run) -> Paper:
    """All numbers of a paper run."""
    records, phases = run.records, origin.phases(run)
    return Paper(
        name=origin.name(run),
        model=run.model,
        folders=tuple(map(str, run.folders)),
        dates=origin.dates(phases),
        items=len(records),
        total=_scope("all tasks", records),
        tasks=tuple(_scopes(TASKS, records, lambda record: record.task_type)),
        categories=tuple(_scopes(CATEGORIES, records, lambda record: record.category)),
        twos=sum(record.intrinsic == "refusal" for record in records),
        outcomes=Counter(r.outcome for r in records if r.outcome != "scored"),
        reasons=origin.reasons(records),
        judges=origin.judges(records, None),
        modes=tuple(sorted({str(r.judge.get("mode", "unknown")) for r in records})),
        data_versions=tuple(sorted({r.data_version or "unknown" for r in records})),
        protocols=tuple(sorted({told(record.protocol) for record in records})),
        limited=any(phase["limit"] is not None for phase in phases),
    )


def _scopes(
    names: Iterable[str], records: Sequence[Record], of: Callable[[Record], str]
) -> Iterable[Scope]:
    """Those that were run."""
    for name in names:
        if mine := [record for record in records if of(record) == name]:
            yield _scope(name, mine)


def _scope(name: str, records: Sequence[Record]) -> Scope:
    rates = {title: rate_of(PAPER_NAMES[title], records) for title in TITLES}
    return Scope(name, len(records), rates)
