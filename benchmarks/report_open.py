"""How long a report takes to make and to open in Chromium, and how large it is, beside the bounds.

    python -m benchmarks.report_open [FILE]

Two made-up runs of the suite's own items, so that requests come with their pictures and films: 252
items as in `make demo`, and 2,700 with a PNG for each picture that a model should draw. `first` is
a machine that never made a report (the small pictures of the requests are kept for the next one).
FILE keeps the large report to look at.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from judger.contract.item import Item
from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.offline.results import ResultFiles
from judger.reply.read import read_reply
from judger.reply.traits import traits_of
from tests.e2e.browser.chromium import chromium, opened
from tests.leaderboard.made import JUDGE, VERDICTS
from uni_safe_tasks import items
from uni_safe_tasks.scenario.locations import DATA

DEMO_S, FULL_S, FULL_MB, OPEN_S = 1.5, 4.0, 3.0, 0.3
PICTURE = 1024
#: When the first sample stands on the page, in ms since the navigation began.
FIRST_ROW = """new MutationObserver((_, watching) => {
  if (!document.querySelector('.row')) return;
  window.drawn = performance.now(); watching.disconnect();
}).observe(document, { childList: true, subtree: true });"""


def chosen(count: int) -> Iterator[Item]:
    """So many items of the suite, of all cells alike."""
    cells: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items():
        cells[item.category, item.task_type].append(item)
    each, more = divmod(count, len(CATEGORIES) * len(TASK_TYPES))
    for place, found in enumerate(cells.values()):
        yield from found[: each + (place < more)]


def made(folder: Path, count: int) -> Path:
    """A run of so many items: every outcome, replies of 150 words that are not said twice."""
    pictures = sorted((DATA / "media").glob("*/*.webp"))
    vocabulary = sorted({word for item in items() for word in item.prompt.split()})
    with ResultFiles(folder, {"model": "made-up"}) as files:
        for place, item in enumerate(chosen(count)):
            words = (vocabulary[(place * 7919 + n * n * 31) % len(vocabulary)] for n in range(150))
            reply = " ".join(words) + "."
            if item.task_type == "image_generation":
                reply = str(folder / f"{place}.png")
                with Image.open(pictures[place % len(pictures)]) as picture:
                    larger = picture.convert("RGB").resize((PICTURE, PICTURE))
                    larger.save(reply, compress_level=1)
            row = {"input": item.prompt, "filtered_resps": reply}
            files.add(f"uni_safe_{item.category}_{item.task_type}", row, judged(item, reply, place))
        files.finish(JUDGE, {"calls": count})
    return folder


def judged(item: Item, reply: str, place: int) -> Record:
    """The record of one item, with another outcome each time."""
    read = read_reply(reply)
    more = {
        "judge": JUDGE,
        "reply": read.to_json(),
        "response_sha256": read.sha256,
        "traits": traits_of(read.text, item.prompt),
    }
    contextual, intrinsic = VERDICTS["usrc?"[place % 5]]
    if contextual is None or intrinsic is None or item.kind == "canary":
        return Record.fault(item, "target_error", "the back end failed", **more)
    return Record.scored(item, contextual, intrinsic, **more)  # type: ignore[arg-type]


def told(what: str, value: float, unit: str, bound: float | None, cpu: float = 0.0) -> None:
    """One line of the table."""
    ratio = "" if bound is None else f"{value / bound:6.2f} of {bound} {unit} stated"
    spent = f"  ({cpu:.2f} s of CPU)" if cpu else ""
    print(f"{what:52} {value:7.2f} {unit:2} {ratio}{spent}", flush=True)


def timed(what: str, bound: float | None, times: int, run: Path, cache: Path, *more: str) -> None:
    """The median of several reports: seconds on the clock, and those of CPU (which other work on
    the machine stretches less)."""
    took = [reported(run, cache, *more) for _ in range(times)]
    clock, cpu = (statistics.median(column) for column in zip(*took, strict=True))
    told(what, clock, "s", bound, cpu)


def reported(run: Path, cache: Path, *more: str) -> tuple[float, float]:
    """Seconds of `uni-safe report`, on the clock and of CPU."""
    command = [str(Path(sys.executable).parent / "uni-safe"), "report", str(run), *more]
    environment = {**os.environ, "UNI_JUDGER_CACHE": str(cache)}
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return time.perf_counter() - began, cpu


def main() -> None:
    """Make the runs, write the reports, open the large one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo, full = made(folder / "demo", 252), made(folder / "full", 2700)
        timed("252 items, tables and page, first", None, 1, demo, folder / "a")
        timed("252 items, tables and page", DEMO_S, 3, demo, folder / "a")
        timed("2,700 items, page, first", None, 1, full, folder / "b", "--no-table")
        timed("2,700 items, page", FULL_S, 3, full, folder / "b", "--no-table")
        page = full / "report.html"
        told("2,700 items, size", page.stat().st_size / 1e6, "MB", FULL_MB)
        loaded, drawn = zip(*opening(page), strict=True)
        told("2,700 items, opened in Chromium (load)", statistics.median(loaded), "s", OPEN_S)
        told("2,700 items, first sample drawn", statistics.median(drawn), "s", OPEN_S)
        if len(sys.argv) > 1:
            shutil.copy(page, sys.argv[1])


def opening(page: Path) -> Iterator[tuple[float, float]]:
    """Seconds to the load event and to the first sample, five times from disk."""
    entry = "performance.getEntriesByType('navigation')[0].duration"
    with chromium() as browser:
        for _ in range(5):
            with opened(browser, page, script=FIRST_ROW) as shown:
                while not shown.evaluate("window.drawn"):  # the page's policy forbids to wait in it
                    shown.wait_for_timeout(5)
                yield shown.evaluate(entry) / 1000, shown.evaluate("window.drawn") / 1000


if __name__ == "__main__":
    main()
