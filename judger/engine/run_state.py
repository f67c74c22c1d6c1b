"""What one process knows of the run that it is in, beside the judge itself: plain values.

One belongs to each session, so nothing of a run outlives its judge, and no module keeps any.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field

from judger.contract.record import Record


@dataclass
class Traffic:
    """What a process put to a back end and what came back, by task."""

    requests: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    #: What was wrong with the replies of a back end, a line each.
    faults: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, dict[str, int]]:
        """Task → {"requests", "replies"}."""
        return {
            task: {"requests": asked, "replies": self.replies[task]}
            for task, asked in sorted(self.requests.items())
        }


@dataclass
class RunState:
    """Replies that wait for their verdict, what was said once, and what all processes spent."""

    #: What was handed in and is not known to be judged.
    waiting: list[Future[Record]] = field(default_factory=list)
    #: The judge was asked whether it is there.
    reached: bool = False
    #: It was said that the judge is uncalibrated.
    warned: bool = False
    #: Session of some process → what its judge has spent so far.
    spent: dict[str, Counter[str]] = field(default_factory=dict)
    #: What the harness's usage log was told.
    logged: Counter[str] = field(default_factory=Counter)
    #: This process's requests and replies.
    traffic: Traffic = field(default_factory=Traffic)
    #: Session of another process → its requests and replies.
    elsewhere: dict[str, Traffic] = field(default_factory=dict)

    def begin(self) -> None:
        """Another run begins in this process, with the same judge."""
        self.traffic, self.elsewhere = Traffic(), {}

    def pending(self) -> bool:
        """Is any reply that was handed in not judged yet?"""
        self.waiting[:] = [future for future in self.waiting if not future.done()]
        return bool(self.waiting)

    def whole_traffic(self) -> Traffic:
        """Requests, replies and faults of all processes."""
        whole = Traffic()
        for one in (self.traffic, *self.elsewhere.values()):
            whole.requests.update(one.requests)
            whole.replies.update(one.replies)
            whole.faults.extend(one.faults)
        return whole
