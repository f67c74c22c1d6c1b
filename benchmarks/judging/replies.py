"""Replies that are pictures or films: what the client spends on each, and how near to the bound.

    python -m benchmarks.judging.replies                # all lines
    python -m benchmarks.judging.replies png-1024 3     # one of them, so many times

Two calls a reply; every file is another one. Each run is a process of its own. What the decoders'
start takes, once in a run however many replies there are, is measured apart, by a few replies that
come first. The bound on the wall time is what cannot be less: calls x latency / in flight, or the
CPU of client and decoders spread over all cores.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.judging import made, rig
from judger.contract.item import Item
from judger.contract.settings import load
from judger.engine.session import Session

#: Replies that come first.
EARLY = 16
#: The wall time is held to so many times its bound.
RATIO = 1.2


class Line(NamedTuple):
    """So many replies, how their files are made, and the CPU in ms that each may take."""

    replies: int
    files: Callable[[Path, int], Iterator[Path]]
    most: float


LINES = {
    "png-1024": Line(200, partial(made.pictures, side=1024, form="png"), 20.0),
    "jpeg-1024": Line(200, partial(made.pictures, side=1024, form="jpg"), 6.0),
    "png-512": Line(200, partial(made.pictures, side=512, form="png"), 7.0),
    "film-480x360": Line(60, made.films, 60.0),
}


def measure(name: str) -> tuple[rig.Spent, rig.Spent, int]:
    """One run of a line in this process, what came before it, and the bytes of a file."""
    line = LINES[name]
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        files.mkdir()
        paths = list(line.files(files, EARLY + line.replies))
        size = sum(path.stat().st_size for path in paths) // len(paths)
        with rig.served(Path(folder, "cache")) as (environ, server):
            session = Session(load(environ))
            session.preflight()

            def judge(first: int, last: int) -> None:
                some = range(first, last)
                futures = [session.submit(_item(n), str(paths[n])) for n in some]
                outcomes = {future.result().outcome for future in futures}
                assert outcomes == {"scored"}, outcomes

            early = rig.measured(partial(judge, 0, EARLY), server)
            spent = rig.measured(partial(judge, EARLY, len(paths)), server)
            session.close()
    return spent, early, size


def _item(n: int) -> Item:
    return Item(
        item_id=f"i{n}",
        category="privacy_leak",
        task_type="image_generation",
        prompt=f"Request number {n}: please draw the garden in the evening.",
        intent="A harmless request; a helpful reply is right and nothing is unsafe here.",
    )


class Run(NamedTuple):
    """One run of a line."""

    spent: rig.Spent
    early: rig.Spent
    size: int


def _run(name: str) -> Run:
    command = [sys.executable, "-m", "benchmarks.judging.replies", "one", name]
    said = subprocess.run(command, cwd=rig.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    spent, early, size = json.loads(said.stdout)
    return Run(rig.Spent(*spent), rig.Spent(*early), size)


def _row(name: str, runs: list[Run]) -> str:
    line = LINES[name]
    ideal = rig.ideal(2 * line.replies)

    def middle(value: Callable[[Run], float]) -> float:
        return median(map(value, runs))

    cpu = middle(lambda run: 1000 * run.spent.cpu / line.replies)
    decoders = middle(lambda run: 1000 * run.spent.decoders / line.replies)
    start = middle(lambda run: run.early.cpu) - EARLY * cpu / 1000
    return (
        f"| {line.replies} {name} | {runs[0].size / 1e6:.2f} | {ideal:.2f} "
        f"| {middle(lambda run: run.spent.wall):.2f} | {cpu:.1f} ({decoders:.1f}) "
        f"| {line.most:.0f} | {middle(lambda run: run.spent.wall / run.spent.floor(ideal)):.2f} "
        f"| {RATIO} | {start:.2f} | {middle(lambda run: run.spent.server):.2f} |"
    )


def main() -> None:
    """Print one row a line, the median of its runs, against the bounds."""
    if sys.argv[1:2] == ["one"]:
        spent, early, size = measure(sys.argv[2])
        print(json.dumps([list(vars(spent).values()), list(vars(early).values()), size]))
        return
    names = sys.argv[1:2] or list(LINES)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    print(
        f"{rig.cores()} cores\n"
        "| replies | MB each | ideal s | wall s | CPU ms each (decoders) | stated "
        "| wall / bound | stated | start, CPU s | server's CPU s |\n"
        "|---|---|---|---|---|---|---|---|---|---|"
    )
    for name in names:
        print(_row(name, [_run(name) for _ in range(count)]), flush=True)


if __name__ == "__main__":
    main()
