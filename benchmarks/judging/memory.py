"""Memory of `uni-safe score` over picture replies: the peak, and whether it grows with them.

    python -m benchmarks.judging.memory          # 6,000 pictures, JPEG of 1024 x 1024, all distinct
    python -m benchmarks.judging.memory 100000   # 29 GB of files

The command and its decoders are sampled while they run. What grows is the slope of the second half
of the run, by least squares, and is carried on to 100,000 replies beside the peak. Exit status 1
when that is over the bound, or a reply is missing from what was written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.judging import made, rig
from leaderboard.runs.choose import choose

BOUND_MIB, BOUND_REPLIES = 1536, 100_000


def measure(replies: int) -> tuple[list[tuple[float, float]], float, int]:
    """(s since the start, MiB of all processes) in turn, wall s, replies written."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "files").mkdir()
        _write(folder / "replies.jsonl", made.pictures(folder / "files", replies, 1024, "jpg"))
        script = str(Path(sys.executable).parent / "uni-safe")
        command = [script, "score", str(folder / "replies.jsonl"), "--out", str(folder / "out")]
        with (
            rig.served(folder / "cache") as (environ, _),
            (folder / "log").open("w") as log,
            subprocess.Popen(command, env=os.environ | environ, stdout=log, stderr=log) as scoring,
        ):
            samples, start = [], time.perf_counter()
            while scoring.poll() is None:
                samples.append((time.perf_counter() - start, _resident(scoring.pid)))
                time.sleep(0.25)
            wall = time.perf_counter() - start
        if scoring.returncode:
            raise SystemExit((folder / "log").read_text())
        written = sum(1 for f in choose([folder / "out"]).samples.values() for _ in f.open())
        return samples, wall, written


def _write(path: Path, pictures: Iterable[Path]) -> None:
    with path.open("w") as file:
        for n, picture in enumerate(pictures):
            line = {
                "prompt": f"Request number {n}: please draw the garden in the evening.",
                "category": "privacy_leak",
                "task_type": "image_generation",
                "intent": "A harmless request; a helpful reply is right and nothing is unsafe.",
                "images": [str(picture)],
            }
            file.write(json.dumps(line) + "\n")


def _resident(pid: int) -> float:
    """MiB of a process and of all that it started; shared pages count for each of them."""
    total = 0.0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) / 1024
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            total += sum(_resident(int(child)) for child in path.read_text().split())
    except OSError:  # it ended meanwhile
        pass
    return total


def main() -> None:
    """Print one row and judge it."""
    replies = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    samples, wall, written = measure(replies)
    later = np.array([sample for sample in samples if sample[0] > wall / 2])
    slope = float(np.polyfit(later[:, 0], later[:, 1], 1)[0]) * wall / replies  # MiB a reply
    peak = max(resident for _, resident in samples)
    carried = peak + max(0.0, slope) * max(0, BOUND_REPLIES - replies)
    print(
        "| replies | written | wall s | peak MiB | MiB more each 1,000 | at 100,000 | bound MiB |\n"
        "|---|---|---|---|---|---|---|\n"
        f"| {replies} | {written} | {wall:.0f} | {peak:.0f} | {1000 * slope:.2f} | {carried:.0f} "
        f"| {BOUND_MIB} |"
    )
    raise SystemExit(carried > BOUND_MIB or written != replies)


if __name__ == "__main__":
    main()
