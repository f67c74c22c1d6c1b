"""A judge's session beside a swift judge in a process of its own, and what each of them spends."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: As in the lines that are held to a bound: 50 ms an answer, 64 questions at once.
LATENCY, CAPACITY = 0.05, 64
_NANO = 1e9


@dataclass(frozen=True)
class Spent:
    """Seconds: by the clock, of this process and its decoders, and of the server beside them."""

    wall: float
    client: float
    decoders: float
    server: float

    @property
    def cpu(self) -> float:
        """CPU of the client with its decoders."""
        return self.client + self.decoders

    def floor(self, ideal: float) -> float:
        """What the wall time cannot be below: the server's own pace, or this CPU on all cores."""
        return max(ideal, self.cpu / cores())


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))


def ideal(calls: int) -> float:
    """Seconds that the server alone takes for so many calls."""
    return calls * LATENCY / CAPACITY


@contextlib.contextmanager
def served(cache: Path, **more: str) -> Iterator[tuple[dict[str, str], int]]:
    """The settings of a judge on localhost as an environment, and the server's process."""
    command = [sys.executable, "-m", "benchmarks.swift_judge", str(LATENCY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        environ = {
            "UNI_JUDGER_BACKEND": "openai",
            "UNI_JUDGER_MODEL": "judge-1",
            "UNI_JUDGER_BASE_URL": server.stdout.readline().strip(),
            "UNI_JUDGER_API_KEY": "test-key-1234",
            "UNI_JUDGER_CONCURRENCY": str(CAPACITY),
            "UNI_JUDGER_CACHE": str(cache),
        }
        try:
            yield environ | more, server.pid
        finally:
            server.kill()


def measured(work: Callable[[], None], server: int) -> Spent:
    """Run `work` and read the clocks before and after it."""
    before = _clocks(server)
    work()
    after = _clocks(server)
    return Spent(*(b - a for a, b in zip(before, after, strict=True)))


def _clocks(server: int) -> tuple[float, float, float, float]:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(_cpu(child) for child in _children() if child != server)
    decoders = ended.ru_utime + ended.ru_stime + living
    return time.perf_counter(), time.process_time(), decoders, _cpu(server)


def _children() -> set[int]:
    listed = (path.read_text().split() for path in Path("/proc/self/task").glob("*/children"))
    return {int(pid) for pids in listed for pid in pids}


def _cpu(pid: int) -> float:
    """CPU seconds of a process until now, 0.0 when it is gone."""
    try:
        tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / _NANO
    except OSError:
        return 0.0
