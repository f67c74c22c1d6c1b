"""The glue to lmms-eval and lm-eval: what the tasks' YAML names as `process_results`.

How it works. The harness calls `process_results` document by document and keeps what it returns in
two places: merged into the logged sample, and appended to one list per metric. Aggregations run
after *all* documents of *all* tasks, samples are written after that. So `process_results` hands the
reply to the judge's session and returns at once with empty dicts; the first aggregation waits for
every verdict and fills those dicts in place: list and sample hold the same objects.

Across processes both places travel by pickle before any aggregation. Each process judges what it
generated, and a dict that is still empty waits for its own verdict when it is pickled
(`__reduce__`): what arrives is plain and full, and tells what that process has spent and asked.

Both entry points are total: lmms-eval tries a function that raises five times and then loses the
whole run. What cannot be judged becomes a record with a typed outcome.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from pydantic import ValidationError

from judger.bridges import usage_log
from judger.contract.environment import unread
from judger.contract.item import Item
from judger.contract.record import Record
from judger.contract.texts.surrogates import replace_surrogates
from judger.engine.current import current
from judger.engine.session import Session
from judger.offline.batch import faulty
from judger.rates.metrics import METRICS_OF_KIND, PAPER_NAMES, score
from judger.reply.readings import readings


class Handed:
    """One reply in a judge's hands, and the ends that wait for it.

    Without closures and instance dictionaries: a run holds thousands of these until its end, and
    Python's collector walks all of them again and again while the judge works.
    """

    __slots__ = ("_future", "item", "session")

    def __init__(self, session: Session, item: Item, future: Future[Record]) -> None:
        self.session, self.item, self._future = session, item, future

    def record(self) -> Record:
        """Waits for it; a fault of ours is the judge's error, never a verdict."""
        self.session.progress.show()
        error = self._future.exception()
        if error is None:
            return self._future.result()
        why = f"{type(error).__name__}: {error}"[:300]
        return faulty(self.session.judge, self.item, "judge_error", why)


class Pending(dict[str, Any]):
    """A record, or one metric of it, that is empty until the judge has spoken.

    `metric` is "" for the record itself; for others `of` is the record's own.
    """

    __slots__ = ("_handed", "_metric", "_of")

    def __init__(self, handed: Handed, metric: str = "", of: Pending | None = None) -> None:
        super().__init__()
        self._handed, self._metric, self._of = handed, metric, of

    @property
    def session(self) -> Session:
        """Whose verdict it is."""
        return self._handed.session

    def settle(self) -> None:
        """Wait for the verdict and become an ordinary dict."""
        if self:
            return
        if self._of is not None:
            self._of.settle()  # the sample's own record is full before any of its metrics is
        judged = self._handed.record()
        if not self._metric:
            # A judge's own words may hold half a character: no file could be written with it.
            self.update(replace_surrogates(judged.to_json()))
            return
        self.update(item_id=self._handed.item.item_id, outcome=judged.outcome)
        # No `score` key where nothing may be counted: the harness crashes on a None.
        if (value := score(self._metric, judged)) is not None:
            self["score"] = value

    def __reduce__(self) -> tuple[Any, ...]:
        self.settle()
        return (usage_log.arrived, (dict(self), usage_log.shipped(self.session)))


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
    raw = replace_surrogates(results[0]) if results else ""
    session = current()
    try:
        item = Item.from_doc(doc)
        future = session.submit(item, readings.get(item.item_id, raw) or raw)
    except (ValidationError, OSError, ValueError) as error:
        # A broken document is named in its record; raising here would lose everybody's work.
        kept: dict[str, Any] = {**_NAMELESS, **_texts(doc)}
        item = Item.model_construct(**kept)
        future = Future()
        future.set_exception(error)
    session.state.waiting.append(future)
    handed = Handed(session, item, future)
    record = Pending(handed)
    metrics = names or {metric: metric for metric in METRICS_OF_KIND[item.kind]}
    values = {name: Pending(handed, metric, record) for name, metric in metrics.items()}
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


def preflight() -> None:
    """Is there a judge? Called when tasks are built, before any generation is paid for.

    UNI_JUDGER_PREFLIGHT=off leaves it out, for a judge that is started only after generation.
    """
    session = current()
    if not session.state.reached and os.environ.get("UNI_JUDGER_PREFLIGHT") != "off":
        for line in unread():
            print(f"Uni-Judger: {line}", file=sys.stderr)
        session.preflight(reach=True)
        session.state.reached = True
