"""Does a judge err alike in every category, or every task type? A permutation test.

The counts by stratum are held against every way in which the same hits and misses could have
fallen; the statistic is chi-square. Drawn with a fixed seed: the same counts give the same p.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

import numpy as np

from judger.rates.calibration.correction import Errors

DRAWS = 9999
#: Below this the errors are taken to differ. Larger than usual: to correct by strata without need
#: widens an interval a little, not to do so where it is needed makes it wrong.
DIFFERENT = 0.10
#: A stratum is corrected by its own errors if it has so many labels of each side.
LEAST_IN_A_STRATUM = 5


def p_alike(strata: Collection[Errors]) -> float:
    """The p of "all strata are alike": twice the smaller of sensitivity's and specificity's."""
    hits = tuple((e.tp, e.fn) for e in strata if e.positive)
    passes = tuple((e.tn, e.fp) for e in strata if e.negative)
    return min(1.0, 2 * min(_p(hits), _p(passes)))


def known(strata: Collection[Errors]) -> bool:
    """Has every stratum labels enough to be corrected by its own errors?"""
    return bool(strata) and all(
        min(e.positive, e.negative) >= LEAST_IN_A_STRATUM and e.informative for e in strata
    )


@functools.lru_cache(maxsize=256)
def _p(table: Sequence[tuple[int, int]]) -> float:
    """Of a table stratum x (right, wrong)."""
    observed = np.array(table, dtype=np.int64).reshape(-1, 2)
    right, wrong = observed.sum(axis=0).tolist()
    if len(observed) < 2 or not right or not wrong:
        return 1.0
    sizes = observed.sum(axis=1)
    rng = np.random.default_rng(0)
    drawn = rng.multivariate_hypergeometric(sizes, right, size=DRAWS, method="marginals")
    expected = sizes * right / (right + wrong)

    def distance(rights: np.ndarray) -> np.ndarray:
        return np.asarray(((rights - expected) ** 2 / sizes).sum(axis=-1))

    # The statistic is proportional to this; ties count as "at least as far".
    far = distance(drawn) >= distance(observed[:, 0]) - 1e-9
    return float((1 + far.sum()) / (DRAWS + 1))
