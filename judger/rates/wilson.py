"""Wilson's score interval for a share: the one interval of every rate here.

In closed form, because every rate of a run or a board needs one; a test holds it to statsmodels and
scipy. E. B. Wilson, Probable inference, the law of succession, and statistical inference (1927).
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


def wilson(k: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """(low, high), fractions, for `k` of `n` (n at least 1)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(k * (n - k) / n + z * z / 4)
    low = 0.0 if k == 0 else max(0.0, centre - half)
    return low, 1.0 if k == n else min(1.0, centre + half)
