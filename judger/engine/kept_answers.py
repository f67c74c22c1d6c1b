"""Did the model that is asked answer anything at all? A silent back end ends a run with a score."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import Future

from judger.contract.item import Item
from judger.contract.outcomes import OUTCOME_MEANING
from judger.contract.record import Record

#: Outcomes in which nothing of the model's came back.
SILENT = frozenset({"no_output", "target_error"})


class Answers:
    """Counts the outcomes of what was asked. Safe to call from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outcomes: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}

    def count(self, item: Item, future: Future[Record]) -> None:
        """One judgement is finished; what the model was never asked does not count."""
        if item.unsupported or future.cancelled() or future.exception() is not None:
            return
        record = future.result()
        with self._lock:
            self._outcomes[record.outcome] += 1
            self._reasons.setdefault(record.outcome, record.reason)

    def forget(self) -> None:
        """Begin anew: the next phase asks another back end."""
        with self._lock:
            self._outcomes.clear()
            self._reasons.clear()

    def silence(self) -> str:
        """What came in place of answers, if none came: "6 items, no answer: …"; else ""."""
        with self._lock:
            asked = self._outcomes.total()
            if not asked or set(self._outcomes) - SILENT:
                return ""
            most = self._outcomes.most_common(1)[0][0]
            why = self._reasons[most] or OUTCOME_MEANING[most]
            return f"none of {asked} items was answered ({most}: {why})"
