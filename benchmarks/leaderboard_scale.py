"""How long the site of many submissions takes to build and to open, against the stated bounds.

    python benchmarks/leaderboard_scale.py            # 1,000 submissions: every bound and its ratio
    python benchmarks/leaderboard_scale.py 200        # so many submissions: figures without bounds

Each submission is full-sized (every item of the data, a few of them unscored) and made up from a
seed; making them is not timed. Timed is the whole of `uni-safe leaderboard build` in a process of
its own: reading, every rule, every interval, every page; cold, and once more with one submission
that is new. The page is opened in Chromium, from disk: to the load event, and from a click on a
column's head to the sorted table (medians of five). Exit status 1 where a bound is not met.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.browser.chromium import chromium, opened  # noqa: E402
from tests.leaderboard.submissions import EVERYTHING, TEXT_ONLY, make  # noqa: E402

SUBMISSIONS = 1000
LOADED = "performance.getEntriesByType('navigation')[0].duration"
SORTED = """() => {
  const head = document.querySelectorAll('table.sortable th button')[2];
  const start = performance.now();
  head.click();
  document.body.offsetHeight;
  return performance.now() - start;
}"""


class Line(NamedTuple):
    """One figure and its bound."""

    what: str
    value: float
    bound: float
    unit: str

    def text(self, bound: bool) -> str:
        """The figure, and its ratio to the bound where there is one for this number."""
        said = f"{self.what}: {self.value:.2f} {self.unit}"
        ratio = f", {self.value / self.bound:.2f} x the bound of {self.bound:g} {self.unit}"
        return said + (ratio if bound else "")


def main(count: int) -> int:
    """Make the submissions, build, print. Returns 1 when a bound is not met."""
    with tempfile.TemporaryDirectory(prefix="leaderboard_scale_") as name:
        folder = Path(name)
        for seed in range(count - 1):
            add(folder / "submissions", seed, count)
        cold, cpu = build(folder)
        add(folder / "submissions", count - 1, count)
        one_new, _ = build(folder)
        files = [path for path in (folder / "submissions").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        index = folder / "site" / "index.html"
        loaded, ordered = opening(index)
        page = index.stat().st_size
    lines = [
        Line("built cold", cold, 8, "s"),
        Line("built with one that is new", one_new, 2, "s"),
        Line("index.html", page / 1e6, 1.5, "MB"),
        Line("index.html loads", loaded / 1000, 0.3, "s"),
        Line("index.html sorts", ordered / 1000, 0.3, "s"),
    ]
    stated = count == SUBMISSIONS
    print(f"{count} submissions ({size / 1e6:.0f} MB) on {os.cpu_count()} cores")
    print(f"CPU of the cold build: {cpu:.1f} s")
    for line in lines:
        print(line.text(stated))
    return int(stated and any(line.value > line.bound for line in lines))


def add(submissions: Path, seed: int, count: int) -> None:
    """One full-sized submission, made up from a seed."""
    modalities = EVERYTHING if seed % 4 else TEXT_ONLY
    model = f"org{seed % 50}/model-{seed}"
    safe = 0.3 + 0.65 * seed / count
    make(submissions, seed, safe, model=model, name=f"M {seed}", modalities=modalities)


def build(folder: Path) -> tuple[float, float]:
    """(seconds, seconds of CPU) of the command, with a cache of its own."""
    command = [str(Path(sys.executable).parent / "uni-safe"), "leaderboard", "build"]
    command += ["--submissions", str(folder / "submissions"), "--out", str(folder / "site")]
    command += ["--cache", str(folder / "cache")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def opening(index: Path) -> tuple[float, float]:
    """(ms to the load event, ms to sort), medians of five."""
    with chromium() as browser:
        took = []
        for _ in range(5):
            with opened(browser, index) as page:
                took.append((float(page.evaluate(LOADED)), float(page.evaluate(SORTED))))
    loaded, ordered = zip(*took, strict=True)
    return median(loaded), median(ordered)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS))
