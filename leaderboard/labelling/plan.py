"""How many labels an interval of a wanted width needs, and how wide it is with so many.

Intervals are Wilson's (`judger.rates.intervals`) for as many independent labels as would vary as
much: items of one scenario resemble each other, so `m` of them with a correlation `alike` among
themselves are worth fewer, by the design effect 1 + (m - 1) * alike (Kish).
"""

from __future__ import annotations

from collections.abc import Callable

from judger.contract.errors import UserError
from judger.rates.intervals import wilson

#: More labels than anybody will give.
MOST = 1_000_000


class PlanError(UserError):
    """What nobody can plan."""


def design_effect(per_scenario: float, alike: float) -> float:
    """How many labels are worth one independent one."""
    return 1 + (per_scenario - 1) * alike


def half_width(n: float, share: float, effect: float = 1.0) -> float:
    """Half the width of the 95 % interval of a share, seen in `n` labels."""
    effective = n / effect
    low, high = wilson(share * effective, effective)
    return (high - low) / 2


def needed(half: float, share: float, effect: float = 1.0) -> int:
    """The fewest labels whose interval is at most `half` wide to each side; PlanError where that
    is more than anybody can give."""
    return _least(lambda n: half_width(n, share, effect) <= half)


def _least(enough: Callable[[int], bool]) -> int:
    low, high = 0, 1
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST:
            raise PlanError(f"more than {MOST:,} labels would be needed: take a wider interval")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
