"""How far judging is: a bar on a terminal, elsewhere a line now and then (a log file, CI, a job).

Both say rate, share unscored, cost and time left. When more than a few of the judge's answers are
no verdict, a line says so while there is still something to be done about it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from tqdm import tqdm

from judger.contract.record import Record

#: Seconds until the first line, and between lines.
FIRST, EVERY = 10.0, 30.0
#: The rate is that of the last so many lines.
WINDOW = 5
#: Failed answers are said from this count on, if they are at least this share of the judgements.
FEW, SHARE = 5, 0.02
#: What the judge did wrong, and what helps.
FAILED = {
    "judge_unparsable": "try UNI_JUDGER_STRUCTURED=line or a larger UNI_JUDGER_MAX_TOKENS",
    "judge_refusal": "this judge declines to judge; try another one",
    "judge_error": "look at the judge's server and its log",
}


class Progress:
    """Counts what was handed in and what came back. Safe to call from any thread.

    `first` and `every` are seconds; see above.
    """

    def __init__(self, first: float = FIRST, every: float = EVERY) -> None:
        self.total = self.done = self.unscored = 0
        self.failed: Counter[str] = Counter()
        self._first, self._every = first, every
        self._expected, self._cost, self._next_said = 0, 0.0, FEW
        self._seen: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._lock = threading.Lock()
        self._bar: tqdm[Any] | None = None
        self._lines: threading.Thread | None = None
        self._over = threading.Event()
        self._spoken = False

    def handed_in(self) -> None:
        """One more reply waits for its judgement."""
        with self._lock:
            self.total += 1
            if self._bar is not None:
                self._bar.total = self._all

    def expect(self, total: int) -> None:
        """So many replies will be handed in: the bar knows its end before they are."""
        self._expected = total

    def show(self) -> None:
        """Begin: only while somebody waits, and only in the first process."""
        with self._lock:
            begun = self._bar is not None or self._lines is not None
            if begun or self.done >= self.total or os.environ.get("RANK", "0") != "0":
                return
            if sys.stderr.isatty():
                self._bar = tqdm(total=self._all, initial=self.done, desc="Uni-Judger")
                return
            self._seen.append((time.monotonic(), self.done))
            self._lines = threading.Thread(target=self._say_lines, daemon=True, name="progress")
            self._lines.start()

    def judged(self, future: Future[Record], usage: Mapping[str, float]) -> None:
        """One judgement is finished; one that was lost counts as unscored."""
        if future.cancelled() or future.exception() is not None:
            self.ended("lost", "", usage["cost"])
        else:
            self.ended(future.result().outcome, future.result().reason, usage["cost"])

    def ended(self, outcome: str, reason: str, cost: float) -> None:
        """One judgement ended so; `cost` is what all of them have cost until now."""
        with self._lock:
            self.done += 1
            self.unscored += outcome != "scored"
            self._cost = cost
            if self._bar is not None:
                self._bar.update(1)
                self._bar.set_postfix(unscored=self.unscored, cost=f"{cost:.4f}")
            warning = self._failure(outcome, reason)
        if warning:
            _print(warning)

    def line(self) -> str:
        """Where judging stands, in one line."""
        share = self.unscored / self.done if self.done else 0.0
        percent = f" ({self.done / self._all:.0%})" if self._all else ""
        said = [f"{self.done:,} of {self._all:,} judged{percent}"]
        if rate := self._rate():
            said.append(f"{rate:.1f} a second")
        said.append(f"{share:.1%} unscored")
        said += [f"cost {self._cost:.4f}"] if self._cost else []
        if rate and self.done < self._all:
            said.append(f"about {_duration((self._all - self.done) / rate)} left")
        return f"Uni-Judger: {', '.join(said)}"

    def close(self) -> None:
        """Take the bar away, or say the last line where there were others."""
        self._over.set()
        if self._bar is not None:
            self._bar.close()
        if self._spoken:
            _print(self.line())
            self._spoken = False

    @property
    def _all(self) -> int:
        return max(self.total, self._expected)

    def _rate(self) -> float:
        """Judgements a second since the oldest line that is remembered; 0.0 when unknown."""
        if not self._seen:
            return 0.0
        since, done = self._seen[0]
        passed = time.monotonic() - since
        return (self.done - done) / passed if passed > 0 else 0.0

    def _say_lines(self) -> None:
        wait = self._first
        while not self._over.wait(wait):
            if self.done < self.total:  # nothing is waited for between two runs
                _print(self.line())
                self._spoken = True
            self._seen.append((time.monotonic(), self.done))
            wait = self._every

    def _failure(self, outcome: str, reason: str) -> str:
        """A warning when the judge's failed answers have become more than a few; "" otherwise."""
        if outcome not in FAILED:
            return ""
        self.failed[outcome] += 1
        count = sum(self.failed.values())
        if count < self._next_said or count < SHARE * self.done:
            return ""
        self._next_said = 4 * count
        (most, _), *_ = ranked = self.failed.most_common()
        kinds = ", ".join(f"{n} {name}" for name, n in ranked)
        last = f"; the last: {' '.join(reason.split())[:200]}" if reason else ""
        return (
            f"Uni-Judger: {count} of {self.done:,} judgements have no verdict ({kinds}){last}. "
            f"If it goes on, stop here: {FAILED[most]}."
        )


def _print(line: str) -> None:
    """On stderr, above a bar where there is one."""
    tqdm.write(line, file=sys.stderr)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
