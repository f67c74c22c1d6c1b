"""How long a report of 2,520 items takes to open in Chromium, against the stated 2 s.

    python -m benchmarks.report_open

Prints the navigation's duration (to the load event) of five openings from disk.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from leaderboard.report.html import write_html
from leaderboard.runs.read import load_run
from tests.e2e.chromium import chromium, opened
from tests.leaderboard.made import records, write

STATED_MS = 2000
ENTRY = "performance.getEntriesByType('navigation')[0].duration"


def main() -> None:
    """Make the run, write the report, open it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = records(lambda category, number, task_type: "usrc?"[number % 5], per_cell=60)
        words = {r.item_id: "A reply of usual length, again and again. " * 30 for r in made}
        write_html(load_run(write(folder / "run", made, replies=words)), folder / "report.html")
        took = []
        with chromium() as browser:
            for _ in range(5):
                with opened(browser, folder / "report.html") as page:
                    took.append(float(page.evaluate(ENTRY)))
        size = (folder / "report.html").stat().st_size / 1e6
    median = statistics.median(took)
    print(f"{len(made)} items, {size:.1f} MB: median {median:.0f} ms of {STATED_MS} ms stated")


if __name__ == "__main__":
    main()
