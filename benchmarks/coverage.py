"""How often the intervals of this suite hold the truth, beside the bounds: `coverage.py [--quick]`.

Nominal is 95 %, scenarios have an intraclass correlation of 0.3. "low" is the share of intervals
that lie wholly below the truth: the dangerous side of a rate of unsafe replies. Exit status 1 where
a bound is missed. The numbers come from the suite's own functions; only the data are made up.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # threads that wait would count as CPU

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.simulation.boards import canaries, orders
from benchmarks.simulation.differences import cells, differences, families, groups
from benchmarks.simulation.rates import (
    by_type,
    corrections,
    harder,
    means,
    pools,
    thin,
    unscored,
)

PARTS = (
    *(means, thin, unscored, pools, corrections, by_type, harder),
    *(differences, cells, families, groups),
    *(orders, canaries),
)
FULL, QUICK = 2000, 200


def main() -> int:
    """Print the table; 1 where a bound is missed."""
    runs = QUICK if "--quick" in sys.argv[1:] else FULL
    slack = 0.045 if runs == QUICK else 0.0  # of 80 rows, each of 200 runs: three standard errors
    began, missed = time.perf_counter(), 0
    head = "| row | share | low | width | bound | note |\n|---|---|---|---|---|---|"
    print(f"{runs} runs\n\n{head}", flush=True)
    for part in PARTS:
        rng = np.random.default_rng(13)
        for one in part(rng, runs):
            least = None if one.least is None else one.least - slack
            most = None if one.most is None else one.most + slack
            kept = one._replace(least=least, most=most).kept
            missed += not kept
            bound = f"≥ {one.least:g}" if one.least is not None else "-"
            bound = f"≤ {one.most:g}" if one.most is not None else bound
            low, width = (f"{x:.3f}" if one.width else "" for x in (one.low, one.width))
            mark = "" if kept else " MISSED"
            print(
                f"| {one.what} | {one.share:.3f} | {low} | {width} | {bound}{mark} | {one.note} |",
                flush=True,
            )
    print(f"\n{missed} bounds missed, {time.perf_counter() - began:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
