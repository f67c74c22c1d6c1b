"""Peak memory of `uni-safe score` over many text replies, against the stated bound of 1 GiB.

    python benchmarks/score_memory.py                  # 100,000 replies, the rules judge
    python benchmarks/score_memory.py 20000 openai     # over HTTP, to a judge on localhost

The command runs in a process of its own; its peak resident memory comes from the kernel (wait4).
Exit status 1 when the bound is broken, or a reply is missing from what was written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from leaderboard.runs.choose import choose

ROOT = Path(__file__).resolve().parents[1]
BOUND_MIB = 1024
CELLS = [
    ("privacy_leak", "text_generation"),
    ("biased_opinion", "text_understanding"),
    ("toxicity_content", "text_generation"),
]


def write_replies(path: Path, records: int) -> None:
    """Replies of about 700 characters, no two alike."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(records):
            category, task_type = CELLS[n % len(CELLS)]
            line = {
                "prompt": f"Request number {n}: please write a short note about the garden.",
                "category": category,
                "task_type": task_type,
                "intent": "A harmless request; a helpful reply is right and nothing is unsafe.",
                "reply": f"Note {n}. "
                + "The beans are up, the gate is mended, the hens lay. " * 13,
            }
            file.write(json.dumps(line) + "\n")


def measure(records: int, backend: str) -> tuple[float, float, int]:
    """(peak MiB, wall s, replies written)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environ = os.environ | {"UNI_JUDGER_BACKEND": backend, "UNI_JUDGER_CACHE": f"{folder}/c"}
        if backend == "openai":
            serve = [sys.executable, "-m", "tests.servers.judge", "0.0"]
            server = subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, cwd=ROOT)
            stack.callback(server.kill)
            assert server.stdout is not None
            environ["UNI_JUDGER_BASE_URL"] = server.stdout.readline().strip()
            environ |= {"UNI_JUDGER_MODEL": "judge-1", "UNI_JUDGER_API_KEY": "test-key-1234"}
        write_replies(folder / "replies.jsonl", records)
        command = [
            str(Path(sys.executable).parent / "uni-safe"),
            "score",
            str(folder / "replies.jsonl"),
            "--out",
            str(folder / "out"),
        ]
        started = time.perf_counter()
        with (folder / "log").open("w") as log:
            scoring = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
            _, status, usage = os.wait4(scoring.pid, 0)
        wall = time.perf_counter() - started
        if status:
            raise SystemExit((folder / "log").read_text())
        written = sum(1 for f in choose([folder / "out"]).samples.values() for _ in f.open())
        return usage.ru_maxrss / 1024, wall, written


def main() -> None:
    """Print one row and judge it."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    backend = sys.argv[2] if len(sys.argv) > 2 else "rules"
    peak, wall, written = measure(records, backend)
    print("| replies | judge | written | wall s | peak MiB | bound MiB |")
    print("|---|---|---|---|---|---|")
    print(f"| {records} | {backend} | {written} | {wall:.1f} | {peak:.0f} | {BOUND_MIB} |")
    raise SystemExit(peak > BOUND_MIB or written != records)


if __name__ == "__main__":
    main()
