"""What judging may cost: `UNI_JUDGER_MAX_CALLS` and `UNI_JUDGER_MAX_COST`, over a whole run.

A run is one command line in one folder with one judge. What it spent is written beside the cache
as it goes, so that a run that was killed, or that its budget ended, goes on where it was when the
same command is given again; the processes of one run share one account. A run that came to its end
closes its account. Without a cache the account lasts as long as the process.
"""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from judger.contract.settings import Settings, SettingsError
from judger.endpoint.faults import JudgeBudgetSpent
from judger.endpoint.grammar.completion import Completion

FILE = "spending.sqlite"
_TABLE = "CREATE TABLE IF NOT EXISTS spending (run TEXT PRIMARY KEY, calls INT, cost REAL)"
#: Book one call, unless the account is at one of the two bounds: then no row changes.
_TAKE = (
    "INSERT INTO spending SELECT ?1, 1, 0.0 WHERE 0 < ?2 AND 0.0 < ?3"
    " ON CONFLICT (run) DO UPDATE SET calls = calls + 1 WHERE calls < ?2 AND cost < ?3"
)
_PAY = "UPDATE spending SET cost = cost + ?2 WHERE run = ?1"


class Budget:
    """The account of one run, shared by all judges of a panel. Without bounds it books nothing."""

    def __init__(self, settings: Settings) -> None:
        self._calls, self._cost = settings.max_calls, settings.max_cost
        self.ended = ""
        self._db: sqlite3.Connection | None = None
        if self._calls is not None or self._cost is not None:
            # Of a panel each member is asked for its own prices (`judger.judges.panel`).
            priced = settings.priced or settings.ensemble or settings.backend == "rules"
            if self._cost is not None and not priced:
                raise SettingsError(
                    "UNI_JUDGER_MAX_COST needs UNI_JUDGER_PRICE_INPUT and UNI_JUDGER_PRICE_OUTPUT: "
                    "without prices no cost is known"
                )
            self._account = _run(settings)
            self._db = _opened(settings.cache_dir)
            self._say_what_was_spent()

    @property
    def stopped(self) -> str:
        """Why nothing more may be asked, "" while there is something left."""
        return f"the judge's budget is spent: {self.ended}" if self.ended else ""

    def take(self) -> None:
        """Book one call before it is sent; JudgeBudgetSpent when it would go beyond the budget.

        A cost is known only with its answer: what is in flight when the last is spent is paid for.
        """
        if self._db is not None and not self.ended:
            calls = 2**62 if self._calls is None else self._calls
            cost = math.inf if self._cost is None else self._cost
            if not self._write(_TAKE, calls, cost) and not self.ended:
                self._end()
        if self.ended:
            raise JudgeBudgetSpent(self.stopped)

    def pay(self, cost: float) -> None:
        """Book what an answer cost."""
        if self._db is not None and cost:
            self._write(_PAY, cost)

    def pay_for(
        self, settings: Settings, completion: Completion, sent: int, max_tokens: int
    ) -> None:
        """Book an answer at a judge's own prices; where its server counts no tokens, cautiously.

        `sent` are the bytes of the question.
        """
        read, written = completion.input_tokens, completion.output_tokens
        read = sent // 3 if read is None else read
        written = max_tokens if written is None else written
        self.pay((read * settings.price_input + written * settings.price_output) / 1e6)

    def finish(self) -> None:
        """Close the account: this run has judged everything, so another one begins anew."""
        if self._db is not None and not self.ended and os.environ.get("RANK", "0") == "0":
            self._write("DELETE FROM spending WHERE run = ?1")

    def close(self) -> None:
        """Close the file; an account that was not finished is gone on with later."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _spent(self) -> tuple[int, float]:
        assert self._db is not None
        found = self._db.execute("SELECT calls, cost FROM spending WHERE run = ?", (self._account,))
        row = found.fetchone()
        return (int(row[0]), float(row[1])) if row else (0, 0.0)

    def _say_what_was_spent(self) -> None:
        calls, cost = self._spent()
        if calls:
            print(
                f"Uni-Judger: this run goes on; {calls} calls and {cost:.4f} of its budget were "
                "spent before.",
                file=sys.stderr,
            )

    def _end(self) -> None:
        calls, cost = self._spent()
        if self._calls is not None and calls >= self._calls:
            self.ended = f"{calls} calls (UNI_JUDGER_MAX_CALLS={self._calls})"
        else:
            self.ended = f"{cost:.4f} (UNI_JUDGER_MAX_COST={self._cost:g})"
        print(
            f"Uni-Judger: the judge's budget is spent: {self.ended}. The answers so far are kept; "
            "raise it and give the same command again to go on.",
            file=sys.stderr,
        )

    def _write(self, statement: str, *values: float) -> int:
        """Rows that changed. Where nothing can be written down, nothing more may be spent."""
        assert self._db is not None
        try:
            return self._db.execute(statement, (self._account, *values)).rowcount
        except sqlite3.Error as error:
            self.ended = self.ended or f"its account cannot be written ({error})"
            return 0


@contextmanager
def one_account(settings: Settings) -> Iterator[Budget]:
    """One budget for several sessions of a command; gone on with later if that ends by an error."""
    budget = Budget(settings)
    try:
        yield budget
        budget.finish()
    finally:
        budget.close()


def _opened(folder: Path | None) -> sqlite3.Connection:
    """The accounts beside the cache, or in memory where there is none."""
    file = folder / FILE if folder else ":memory:"
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(file, timeout=60, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(_TABLE)
        db.execute("SELECT run, calls, cost FROM spending LIMIT 1").fetchone()
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(
            f"the account of the judge's budget {file} cannot be used ({error}): "
            "move it away, or set UNI_JUDGER_CACHE to another folder"
        ) from None
    return db


def _run(settings: Settings) -> str:
    """One name for one command line in one folder with one judge."""
    judge = (settings.backend, settings.ensemble, settings.model, settings.revision, settings.mode)
    facts = "\0".join([str(Path.cwd()), *sys.argv, *judge])
    return hashlib.sha256(facts.encode("utf-8", "surrogateescape")).hexdigest()
