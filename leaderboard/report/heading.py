"""What a report of another suite than the 42 cells says of its run: who judged what, and faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from judger.contract.outcomes import OUTCOME_MEANING
from leaderboard.text.words import judge_standing


class Reported(Protocol):
    """Figures of a run, with where they come from."""

    @property
    def items(self) -> int: ...
    @property
    def limited(self) -> bool: ...
    @property
    def dates(self) -> tuple[str, ...]: ...
    @property
    def data_versions(self) -> tuple[str, ...]: ...
    @property
    def judges(self) -> tuple[tuple[Mapping[str, Any], int], ...]: ...
    @property
    def protocols(self) -> tuple[str, ...]: ...
    @property
    def folders(self) -> tuple[str, ...]: ...
    @property
    def outcomes(self) -> Mapping[str, int]: ...


def about(made: Reported, whole: str) -> Iterator[str]:
    """Who judged what, and when; `whole` is what a limited run asked a part of."""
    part = f" (a part of the {whole}: --limit)" if made.limited else ""
    on = f", run {' and '.join(made.dates)}" if made.dates else ""
    yield f"{made.items:,} items{part}, data {', '.join(made.data_versions)}{on}"
    for judge, count in made.judges:
        who = f"{judge.get('backend')} {judge.get('model')}, {judge.get('mode')} mode"
        yield f"judged by {who}, {judge_standing(judge)}, {count:,} items"
    yield f"protocol {', '.join(made.protocols)}"
    yield f"from {', '.join(made.folders)}"


def without_verdict(made: Reported) -> Iterator[str]:
    """A line for each outcome but `scored`, the most frequent first."""
    for outcome, count in sorted(made.outcomes.items(), key=lambda entry: -entry[1]):
        yield f"{count:,} without a verdict: {outcome}, {OUTCOME_MEANING.get(outcome, '')}"
