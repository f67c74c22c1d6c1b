"""What the tasks' YAML names as aggregations: rates with their n, and means over cells or items."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from judger.bridges import usage_log
from judger.bridges.harness import Pending
from judger.contract.record import Record
from judger.engine.current import current
from judger.rates.calibration import warning
from judger.rates.counts import Counts, Share, Withheld, is_missing, rate


def mean_of_scored(items: Sequence[dict[str, Any]]) -> Share | Withheld | None:
    """The aggregation of every metric: mean over items that count, each once; None without any.

    Withheld where so many items are without a score that the run is failed for it.
    """
    _settle(items)
    _warn_uncalibrated()
    # Across processes the harness may pad a shard by repeating a document: count an item once.
    scores = {item["item_id"]: item["score"] for item in items if "score" in item}
    unscored = {item["item_id"] for item in items if is_missing(item.get("outcome", "scored"))}
    missing = len(unscored - set(scores))
    return rate(sum(scores.values()), len(scores), missing, current().settings.max_unscored)


def counts(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The aggregation of the records: how many items, how many scored, what became of the rest."""
    _settle(items)
    return Counts.over(map(Record.from_json, items)).to_json()


def _settle(items: Sequence[dict[str, Any]]) -> None:
    """Wait for every verdict; with the last one of all, log what the judge spent."""
    for item in items:
        if isinstance(item, Pending):
            item.settle()
    session = current()
    if not session.state.pending():
        usage_log.log(session)
        session.finish()


Mean = float | Withheld | None


def mean_of_cells(
    metrics: Sequence[Mean], sizes: Sequence[int], weight_by_size: bool = False
) -> Mean:
    """The aggregation of groups: macro mean over the cells that have a rate; None without any.

    With a withheld cell among them there is no mean: it would be one over the others.
    """
    del sizes, weight_by_size  # every cell counts the same, however many items were scored in it
    if why := _withheld(metrics):
        return why
    known = [value for value in metrics if isinstance(value, float)]
    return sum(known) / len(known) if known else None


def mean_of_items(
    metrics: Sequence[Share | Withheld | None], sizes: Sequence[int], weight_by_size: bool = True
) -> Share | Withheld | None:
    """The aggregation of the paper's totals: every scored item counts the same; None without any.

    The harness's `sizes` count unscored items as well, so the cells' own n are the weights.
    """
    del sizes, weight_by_size
    if why := _withheld(metrics):
        return why
    known = [share for share in metrics if isinstance(share, Share)]
    n = sum(share.n for share in known)
    return Share(sum(share * share.n for share in known) / n, n) if n else None


def _withheld(metrics: Sequence[Mean]) -> Withheld | None:
    found = sum(isinstance(value, Withheld) for value in metrics)
    return Withheld(f"{found} of {len(metrics)} cells withheld") if found else None


def _warn_uncalibrated() -> None:
    session = current()
    if not session.state.warned and (said := warning(session.judge.identity)):
        session.state.warned = True
        print(said, file=sys.stderr)
