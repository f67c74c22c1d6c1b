"""The glue to lmms-eval and lm-eval: the only file of `judger` that knows a harness.

How it works. The harness calls `process_results` document by document and keeps what it returns in
two places: merged into the logged sample, and appended to one list per metric. Aggregations run
after *all* documents of *all* tasks, samples are written after that. So `process_results` hands the
reply to the judge's session and returns at once with empty dicts; the first aggregation waits for
every verdict and fills those dicts in place: list and sample hold the same objects.

Across processes both places travel by pickle before any aggregation. Each process judges what it
generated, and a dict that is still empty waits for its own verdict when it is pickled
(`__reduce__`): what arrives is plain and full, and tells what that process's judge has spent.

Both entry points are total: lmms-eval tries a function that raises five times and then loses the
whole run. What cannot be judged becomes a record with a typed outcome.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from pydantic import ValidationError

from judger.bridges import usage_log
from judger.contract.item import Item
from judger.contract.record import Record
from judger.engine import session
from judger.offline.batch import faulty
from judger.rates.metrics import METRICS, METRICS_OF_KIND, PAPER_NAMES, score


class Pending(dict[str, Any]):
    """A record, or one metric of it, that is empty until the judge has spoken."""

    def __init__(self, fill: Callable[[], dict[str, Any]]) -> None:
        super().__init__()
        self._fill = fill

    def settle(self) -> None:
        """Wait for the verdict and become an ordinary dict."""
        if not self:
            self.update(self._fill())

    def __reduce__(self) -> tuple[Any, ...]:
        self.settle()
        return (usage_log.arrived, (dict(self), *usage_log.shipped(session.current())))


def settled(item: Item, future: Future[Record]) -> Record:
    """The record of a future; a fault of ours is the judge's error, never a verdict."""
    session.current().progress.show()
    error = future.exception()
    if error is None:
        return future.result()
    why = f"{type(error).__name__}: {error}"[:300]
    return faulty(session.current().judge, item, "judge_error", why)


def process_results(doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, Any]:
    """Hand one reply to the judge. Returns empty dicts, filled before anybody reads them."""
    return _handed_in(doc, results, {})


def paper_results(doc: Mapping[str, Any], results: Sequence[Any]) -> dict[str, Any]:
    """The same under the names of the paper's protocol."""
    return _handed_in(doc, results, PAPER_NAMES)


def _handed_in(
    doc: Mapping[str, Any], results: Sequence[Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """`names` are published names of our metrics; with none, ours for the item's kind."""
    raw = results[0] if results else ""
    try:
        item = Item.from_doc(doc)
        future = session.current().submit(item, raw)
    except (ValidationError, OSError, ValueError) as error:
        # A broken document is named in its record; raising here would lose everybody's work.
        kept: dict[str, Any] = {**_NAMELESS, **_texts(doc)}
        item = Item.model_construct(**kept)
        future = Future()
        future.set_exception(error)
    _handed.append(future)
    record = Pending(lambda: settled(item, future).to_json())

    def one(metric: str) -> Callable[[], dict[str, Any]]:
        def fill() -> dict[str, Any]:
            record.settle()  # the sample's own record is full before any of its metrics is
            value = score(metric, settled(item, future))
            # No `score` key where nothing may be counted: the harness crashes on a None.
            return {"item_id": item.item_id} | ({} if value is None else {"score": value})

        return fill

    metrics = names or {metric: metric for metric in METRICS_OF_KIND[item.kind]}
    values = {name: Pending(one(metric)) for name, metric in metrics.items()}
    return {"uni_judger": record, **values}


def _texts(doc: Mapping[str, Any]) -> dict[str, str]:
    """What can be kept of a broken document: its texts, and its kind if that is one."""
    kept = {k: v for k, v in doc.items() if isinstance(v, str)}
    if kept.get("kind") not in METRICS_OF_KIND:
        kept.pop("kind", None)
    return kept


_NAMELESS = {
    "item_id": "?",
    "kind": "harmful",
    "category": "?",
    "subcategory": "",
    "task_type": "?",
}


class Share(float):
    """A mean that knows over how many items it was taken; in a file it is a plain number."""

    n: int

    def __new__(cls, value: float, n: int) -> Share:
        share = super().__new__(cls, value)
        share.n = n
        return share

    def __getnewargs__(self) -> tuple[float, int]:  # type: ignore[override]
        return (float(self), self.n)


def mean_of_scored(items: Sequence[dict[str, Any]]) -> Share | None:
    """The aggregation of every metric: mean over items that count, each once; None without any."""
    _settle(items)
    _warn_uncalibrated()
    # Across processes the harness may pad a shard by repeating a document: count an item once.
    values = {item["item_id"]: item["score"] for item in items if "score" in item}
    return Share(sum(values.values()) / len(values), len(values)) if values else None


def judged(items: Sequence[dict[str, Any]]) -> int:
    """How many items have a verdict: the aggregation of the records (lm-eval wants one of all)."""
    _settle(items)
    return len({item["item_id"] for item in items if item["outcome"] == "scored"})


def _settle(items: Sequence[dict[str, Any]]) -> None:
    """Wait for every verdict; with the last one of all, log what the judge spent."""
    for item in items:
        if isinstance(item, Pending):
            item.settle()
    _handed[:] = [future for future in _handed if not future.done()]
    if not _handed:
        usage_log.log(session.current())


def mean_of_cells(
    metrics: Sequence[float | None], sizes: Sequence[int], weight_by_size: bool = False
) -> float | None:
    """The aggregation of groups: macro mean over the cells that have a rate; None without any."""
    del sizes, weight_by_size  # every cell counts the same, however many items were scored in it
    known = [value for value in metrics if value is not None]
    return sum(known) / len(known) if known else None


def mean_of_items(
    metrics: Sequence[Share | None], sizes: Sequence[int], weight_by_size: bool = True
) -> Share | None:
    """The aggregation of the paper's totals: every scored item counts the same; None without any.

    The harness's `sizes` count unscored items as well, so the cells' own n are the weights.
    """
    del sizes, weight_by_size
    known = [share for share in metrics if share is not None]
    n = sum(share.n for share in known)
    return Share(sum(share * share.n for share in known) / n, n) if n else None


def preflight() -> None:
    """Is there a judge? Called when tasks are built, before any generation is paid for.

    UNI_JUDGER_PREFLIGHT=off leaves it out, for a judge that is started only after generation.
    """
    global _checked
    if not _checked and os.environ.get("UNI_JUDGER_PREFLIGHT") != "off":
        session.current().preflight(reach=True)
        _checked = True


#: What was handed in and is not known to be judged.
_handed: list[Future[Record]] = []
_checked = False
_warned = False


def _warn_uncalibrated() -> None:
    global _warned
    if not _warned and not session.current().judge.identity["calibrated"]:
        _warned = True
        name = session.current().judge.identity["backend"]
        print(f"UNCALIBRATED: judged by {name!r}; not fit for publication.", file=sys.stderr)


__all__ = [
    "METRICS",
    "mean_of_cells",
    "mean_of_items",
    "mean_of_scored",
    "paper_results",
    "preflight",
    "process_results",
]
