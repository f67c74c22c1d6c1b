"""How long the ranks of a board of 1,000 rows take, against the stated bound of 2 s of CPU.

    python benchmarks/rank_scale.py            # or: rank_scale.py 200

Rows are full-sized submissions of made-up verdicts, a few of them missing; timed is all that ranks
them, from their letters to the places of the unified board: half a million pairs on two metrics.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads that wait would count as CPU

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leaderboard.board.numbers import numbers
from leaderboard.board.ranking import board
from leaderboard.board.row import Row, derive
from leaderboard.submission.rules.base import Case
from leaderboard.submission.validate import parse
from tests.leaderboard.submissions import (
    files_of,
    sealed,
    submission,
    verdict_bytes,
    verdict_lines,
)

ROWS, BOUND = 1000, 2.0


def case() -> Case:
    """One whole submission."""
    lines = verdict_lines(faults=0.0)
    verdicts = verdict_bytes(lines)
    return parse("", files_of(sealed(submission(lines), verdicts), verdicts))


def row(like: Row, one: Case, codes: np.ndarray, number: int) -> Row:
    """A row of the same items with these letters."""
    letters = codes.tobytes().decode("ascii")
    said = like.submission.model_copy(update={"id": f"20260101-{number:012d}"})
    found = numbers(one.layout, codes, True, None)
    return dataclasses.replace(like, submission=said, letters=letters, found=found)


def main(count: int) -> int:
    """Make the rows, rank them, print. 1 where the bound for the stated number is not met."""
    rng, one = np.random.default_rng(1), case()
    like, kinds = derive(one), one.layout.kinds
    rows = []
    for number in range(count):
        safe, helps = rng.uniform(0.3, 0.99), rng.uniform(0.5, 0.99)
        drawn = rng.random(len(kinds))
        letters = np.where(drawn < np.where(kinds == 0, safe, helps), ord("S"), ord("U"))
        benign = np.where(drawn < helps, ord("E"), ord("L"))
        codes = np.select([kinds == 1, kinds == 2], [benign, ord("D")], letters)
        codes = np.where((rng.random(len(kinds)) < 0.002) & (kinds < 2), ord("n"), codes)
        rows.append(row(like, one, codes.astype(np.uint8), number))
    cpu, wall = time.process_time(), time.perf_counter()
    places = board("unified", rows).places
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    ranked = sum(place.rank is not None for place in places)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bound = f"bound {BOUND:.0f} s" if count == ROWS else "no bound stated"
    print(
        f"{ranked} of {count} rows ranked: {cpu:.2f} s of CPU ({bound}), {wall:.2f} s in all, "
        f"peak {peak:.0f} MiB"
    )
    return int(count == ROWS and cpu > BOUND)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
