"""`UNI_JUDGER_MAX_UNSCORED`: above this share of unscored items a run is a failed run.

It is saved all the same; what fails is the command, so that a script does not go on with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHARE = "unscored,none"


def too_many_unscored(cells: Mapping[str, Mapping[str, Any]], bound: float) -> str:
    """One line on the worst cell when its share is above `bound` (0..1), "" when none is.

    `cells` are the `results` of a results file: cell → metric → value.
    """
    shares = [(cell[_SHARE], name) for name, cell in cells.items() if _is_share(cell.get(_SHARE))]
    worst, name = max(shares, default=(0.0, ""))
    if worst <= bound:
        return ""
    return f"{name}: unscored {worst:.1%} is above UNI_JUDGER_MAX_UNSCORED={bound:g}"


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
