"""How far judging is: one line with rate, unscored and cost, on a terminal; silent elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from tqdm import tqdm

from judger.contract.record import Record


class Progress:
    """Counts what was handed in and what came back. Safe to call from any thread."""

    def __init__(self) -> None:
        self.total = self.done = self.unscored = 0
        self._expected = 0
        self._lock = threading.Lock()
        self._bar: tqdm[Any] | None = None

    def handed_in(self) -> None:
        """One more reply waits for its judgement."""
        with self._lock:
            self.total += 1
            if self._bar is not None:
                self._bar.total = max(self.total, self._expected)

    def expect(self, total: int) -> None:
        """So many replies will be handed in: the bar knows its end before they are."""
        self._expected = total

    def show(self) -> None:
        """Start the bar: only while somebody waits, and only on the first process's terminal."""
        with self._lock:
            if self._bar is None and self.done < self.total:
                quiet = not sys.stderr.isatty() or os.environ.get("RANK", "0") != "0"
                self._bar = tqdm(
                    total=max(self.total, self._expected),
                    initial=self.done,
                    desc="Uni-Judger",
                    disable=quiet,
                )

    def judged(self, future: Future[Record], usage: Mapping[str, float]) -> None:
        """One judgement is finished."""
        scored = (
            not future.cancelled()
            and future.exception() is None
            and future.result().outcome == "scored"
        )
        with self._lock:
            self.done += 1
            self.unscored += not scored
            if self._bar is not None:
                self._bar.update(1)
                self._bar.set_postfix(unscored=self.unscored, cost=f"{usage['cost']:.4f}")

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
