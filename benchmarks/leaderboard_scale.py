"""How long the site of many submissions takes to build and to open, against the stated bounds.

    python benchmarks/leaderboard_scale.py            # 1,000 submissions: 10 s, and 1 s to open
    python benchmarks/leaderboard_scale.py 200        # so many submissions

Each submission is full-sized (every item of the data, a few of them unscored) and made up from a
seed. Timed: the whole of `uni-safe leaderboard build`, cold, in a process of its own: reading,
every rule, every interval, every page. Generating the submissions is not timed. Opening is timed in
Chromium, from disk: to the load event, and from a click on a column's head to the sorted table
(medians of five).
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.chromium import chromium, opened  # noqa: E402
from tests.leaderboard.submissions import EVERYTHING, TEXT_ONLY, make  # noqa: E402

SUBMISSIONS, BOUND, USABLE_MS = 1000, 10.0, 1000
LOADED = "performance.getEntriesByType('navigation')[0].duration"
SORTED = """() => {
  const head = document.querySelectorAll('#unified th button')[2];
  const start = performance.now();
  head.click();
  document.body.offsetHeight;
  return performance.now() - start;
}"""


def main(count: int) -> int:
    """Generate, build, print. Returns 1 when the bound for the stated number is not met."""
    with tempfile.TemporaryDirectory(prefix="leaderboard_scale_") as name:
        submissions, site = Path(name) / "submissions", Path(name) / "site"
        for seed in range(count):
            modalities = EVERYTHING if seed % 4 else TEXT_ONLY
            model = f"org{seed % 50}/model-{seed}"
            safe = 0.3 + 0.65 * seed / count
            make(submissions, seed, safe, model=model, name=f"M {seed}", modalities=modalities)
        size = sum(path.stat().st_size for path in submissions.rglob("*") if path.is_file())
        command = [str(Path(sys.executable).parent / "uni-safe"), "leaderboard", "build"]
        command += ["--submissions", str(submissions), "--out", str(site)]
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT)
        seconds = time.perf_counter() - started
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = spent.ru_utime + spent.ru_stime
        page = (site / "index.html").stat().st_size
        loaded, ordered = opening(site / "index.html")
    bound = f"bound {BOUND:.0f} s" if count == SUBMISSIONS else "no bound stated"
    print(
        f"{count} submissions ({size / 1e6:.0f} MB): {seconds:.1f} s ({bound}), "
        f"{cpu:.1f} s of CPU on {os.cpu_count()} cores; index.html of {page / 1e6:.1f} MB: "
        f"{loaded:.0f} ms to load, {ordered:.0f} ms to sort (bound {USABLE_MS} ms together)"
    )
    return int(count == SUBMISSIONS and (seconds > BOUND or loaded + ordered > USABLE_MS))


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
