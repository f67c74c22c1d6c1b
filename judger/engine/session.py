"""One judge for a whole process: work is handed in from any thread and judged at once, together.

A daemon thread runs one event loop in which every item of every cell is in flight as far as the
client's limiter lets it. `submit` never blocks and never raises for what a model returned.
"""

from __future__ import annotations

import asyncio
import functools
import sys
import threading
from collections import deque
from concurrent.futures import Future
from typing import Any, Literal
from uuid import uuid4

from judger.contract.item import Item
from judger.contract.record import Record
from judger.contract.settings import Settings, SettingsError
from judger.endpoint.address import shown
from judger.endpoint.budget import Budget
from judger.engine.judge_item import judge_item
from judger.engine.judge_unchanged import Calibrated
from judger.engine.kept_answers import Answers
from judger.engine.progress import Progress
from judger.engine.run_state import RunState
from judger.judges.base import Judge
from judger.judges.registry import make_judge
from judger.judges.verdict import Answer

_CLOSED = "the judge was closed before it had judged this reply"
_Work = tuple[Item, Any, "Future[Record]"]


class Session:
    """A judge with its event loop. Make one to choose settings; `current()` is this process's."""

    def __init__(self, settings: Settings, budget: Budget | None = None) -> None:
        """`budget`: an account that several sessions share; whoever lends it finishes it."""
        self.settings = settings
        self.identity = uuid4().hex  # one of all sessions of all processes
        self.progress, self.answers, self.state = Progress(), Answers(), RunState()
        self._loop = _new_loop()
        self._inbox: deque[_Work] = deque()
        self._lock, self._feeding, self._closed = threading.Lock(), False, False
        self._queue: asyncio.Queue[_Work] = asyncio.Queue()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="judge")
        self._thread.start()
        self._lent = budget is not None
        self.budget = budget or Budget(settings)
        self.judge, self._calibrated = self.run(_made(settings, self.budget))
        # An item has two questions or more, and questions hold pictures: no more items are in work
        # at a time than questions can be in flight.
        for _ in range(settings.concurrency):
            asyncio.run_coroutine_threadsafe(self._work(), self._loop)

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine in the judge's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def submit(self, item: Item, raw: Any) -> Future[Record]:
        """Hand one raw reply in; the record comes later, or at once a fault if this is closed."""
        self.progress.handed_in()
        future: Future[Record] = Future()
        future.add_done_callback(functools.partial(self._judged, item))
        with self._lock:
            closed, wake = self._closed, not self._feeding
            if not closed:
                self._inbox.append((item, raw, future))
                self._feeding = True
        if closed:
            future.set_exception(RuntimeError(_CLOSED))
        elif wake:
            self._loop.call_soon_threadsafe(self._feed)
        return future

    def _judged(self, item: Item, done: Future[Record]) -> None:
        self.answers.count(item, done)
        self.progress.judged(done, self.judge.usage())  # last: it prints, and that may fail

    def _feed(self) -> None:
        """One reply in each turn of the loop: all at once, the first question would leave only when
        the last was prepared, and the answers would come in one heap, round after round."""
        with self._lock:
            self._feeding = bool(self._inbox)
            if not self._feeding:
                return
            work = self._inbox.popleft()
        self._queue.put_nowait(work)
        self._loop.call_soon(self._feed)

    async def _work(self) -> None:
        while True:
            item, raw, future = await self._queue.get()
            if not future.set_running_or_notify_cancel():
                continue  # nobody waits for it any more
            try:
                record = await judge_item(self.judge, item, raw, self.settings)
                self._calibrated.confirm()
                future.set_result(record)
            except asyncio.CancelledError:
                future.set_exception(RuntimeError(_CLOSED))
                raise
            except Exception as error:  # noqa: BLE001 a bug is the future's, not the worker's
                future.set_exception(error)

    def preflight(self, reach: bool = False, unreadable: Literal["stop", "warn"] = "stop") -> None:
        """Ask the judge harmless questions; SettingsError if it cannot be asked, or not be read.

        The cache may know the answer; with `reach` the endpoint has to be there all the same.
        """
        probe = getattr(self.judge, "probe", None)
        if probe is None:
            return
        answer: Answer = self.run(probe(reach))
        self._calibrated.confirm()
        where = f"the judge at {shown(self.settings.base_url)}"
        if answer.outcome in ("judge_unparsable", "judge_refusal"):
            if unreadable == "stop":
                raise SettingsError(f"{where} cannot be used: {answer.reason}")
            print(f"Uni-Judger: {where}: {answer.reason}", file=sys.stderr)
        elif answer.outcome not in ("scored", "judge_budget"):
            raise SettingsError(f"{where} cannot be asked: {answer.reason}")

    def finish(self) -> None:
        """Everything was judged: what comes next is another run, with a budget of its own."""
        if not self.judge.stopped and not self._lent:
            self.budget.finish()

    async def _wind_down(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        with self._lock:
            waiting = [*self._inbox]
            self._inbox.clear()
        while not self._queue.empty():
            waiting.append(self._queue.get_nowait())
        for _, _, future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(RuntimeError(_CLOSED))
        await self.judge.close()
        if not self._lent:
            self.budget.close()

    def close(self) -> None:
        """Stop: what nobody waits for any more, connections, cache, loop, thread. Once will do."""
        with self._lock:
            closed, self._closed = self._closed, True
        if closed:
            return
        self.run(self._wind_down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self.progress.close()


def _new_loop() -> asyncio.AbstractEventLoop:
    """uvloop where there is one: a sixth less CPU on a call. Windows has none."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _made(settings: Settings, budget: Budget) -> tuple[Judge, Calibrated]:
    """Clients belong to the loop they are made in. Measured or not is said of the whole judge."""
    judge = make_judge(settings, budget)
    try:
        return judge, Calibrated(judge, settings)
    except SettingsError:
        await judge.close()
        raise
