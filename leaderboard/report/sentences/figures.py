"""From the sentences of a run to every number that their report shows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judger.contract.protocol import told
from leaderboard.compare.gaps.modality import Gap, modality_gap
from leaderboard.report import origin
from leaderboard.report.summary import SHOWN
from leaderboard.runs.own_judge import own_judge
from leaderboard.runs.read import Run


@dataclass(frozen=True)
class Sentences:
    """`gaps` are those of every shown metric; `outcomes` count all but `scored`."""

    name: str
    items: int
    gaps: tuple[Gap, ...]
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    judges: tuple[tuple[Mapping[str, Any], int], ...]
    own_judge: str
    data_versions: tuple[str, ...]
    protocols: tuple[str, ...]
    dates: tuple[str, ...]
    folders: tuple[str, ...]
    limited: bool


def gaps_of(run: Run) -> tuple[Gap, ...]:
    """The gap in every shown metric; none where the run holds no sentences."""
    records = run.said
    return tuple(modality_gap(metric, records) for metric in SHOWN) if records else ()


def figures(run: Run) -> Sentences:
    """All numbers of a run's sentences."""
    records = run.said
    return Sentences(
        name=origin.name(run),
        items=len(records),
        gaps=gaps_of(run),
        outcomes=Counter(r.outcome for r in records if r.outcome != "scored"),
        reasons=origin.reasons(records),
        judges=origin.judges(records, None),
        own_judge=own_judge(run),
        data_versions=tuple(sorted({r.data_version or "unknown" for r in records})),
        protocols=tuple(sorted({told(r.protocol) for r in records})),
        dates=origin.dates(origin.phases(run)),
        folders=tuple(map(str, run.folders)),
        limited=run.limited,
    )
