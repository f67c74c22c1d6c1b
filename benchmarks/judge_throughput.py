"""How close the `openai` judge comes to the ideal bound (calls x latency / capacity).

    python benchmarks/judge_throughput.py               # the table of benchmarks/README.md
    python benchmarks/judge_throughput.py 200 0.05 64   # records, latency in s, in flight

The server (benchmarks/swift_judge.py) runs in a process of its own. Each record is a text reply:
two calls. The cache is on, in a fresh folder. Printed: wall time, ratio to the bound and client CPU
per record of the median of five runs, with the least and the largest ratio. Server and client share
the cores of the machine, so anything else that runs on it shows in the ratio.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from operator import itemgetter
from pathlib import Path

from judger.contract.item import Item
from judger.contract.settings import load
from judger.engine.session import Session

ROOT = Path(__file__).resolve().parents[1]
#: Records, latency in s, in flight, the ratio stated. The third has no statement: it shows how far
#: the client's own CPU carries, for there 0.78 ms a call are all there is.
ROWS: list[tuple[int, float, int, float | None]] = [
    (200, 0.05, 64, 1.25),
    (2500, 0.2, 128, 1.25),
    (2500, 0.05, 64, None),
]


def measure(records: int, latency: float, capacity: int) -> tuple[float, float, float]:
    """(wall s, ratio to the bound, client CPU ms a record)."""
    command = [sys.executable, "-m", "benchmarks.swift_judge", str(latency)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server,
        tempfile.TemporaryDirectory() as cache,
    ):
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        environ = {
            "UNI_JUDGER_BACKEND": "openai",
            "UNI_JUDGER_MODEL": "judge-1",
            "UNI_JUDGER_BASE_URL": url,
            "UNI_JUDGER_API_KEY": "test-key-1234",
            "UNI_JUDGER_CONCURRENCY": str(capacity),
            "UNI_JUDGER_CACHE": cache,
        }
        session = Session(load(environ))
        session.preflight()
        items = [
            Item(
                item_id=f"i{n}",
                category="privacy_leak",
                task_type="text_generation",
                prompt=f"Request number {n}: please write a short note about the garden.",
                intent="A harmless request; a helpful reply is right and nothing is unsafe here.",
            )
            for n in range(records)
        ]
        wall, cpu = time.perf_counter(), time.process_time()
        futures = [session.submit(i, f"Reply to {i.item_id}: " + "words " * 60) for i in items]
        outcomes = [future.result().outcome for future in futures]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        assert outcomes == ["scored"] * records, set(outcomes)
        session.close()
        server.kill()
    return wall, wall / (2 * records * latency / capacity), 1000 * cpu / records


def main() -> None:
    """Print one row a setting, against the bound."""
    rows = ROWS
    if len(sys.argv) == 4:
        rows = [(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), None)]
    print(
        "| records | calls | latency | in flight | ideal s | wall s | ratio (least, largest) "
        "| stated | CPU ms |\n|---|---|---|---|---|---|---|---|---|"
    )
    for records, latency, capacity, bound in rows:
        runs = sorted((measure(records, latency, capacity) for _ in range(5)), key=itemgetter(1))
        wall, ratio, cpu = runs[2]
        ideal = 2 * records * latency / capacity
        print(
            f"| {records} | {2 * records} | {latency * 1000:.0f} ms | {capacity} | {ideal:.2f} "
            f"| {wall:.2f} | {ratio:.2f} ({runs[0][1]:.2f}, {runs[-1][1]:.2f}) | {bound or '-'} "
            f"| {cpu:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
