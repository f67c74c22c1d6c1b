"""`UNI_JUDGER_MAX_UNSCORED`: a run with more of a cell unscored than this is a failed run.

What counts is unscored by the model's fault or by the judge's; a provider's filter and what nobody
was able to do are told beside it. The run is saved all the same; what fails is the command, so that
a script does not go on with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judger.contract.outcomes import SIDE, Side
from judger.rates.counts import faults_by_side, number

#: Whose faults fail a run.
FAILING: tuple[Side, ...] = ("model", "judge")


def too_many_unscored(cells: Mapping[str, Mapping[str, Any]], bound: float) -> str:
    """One line on the worst cell when its share is above `bound` (0..1), "" when none is.

    `cells` are the `results` of a results file: cell → metric → value.
    """
    counted = {name: cell.get("uni_judger,none") for name, cell in cells.items()}
    shares = [(share(c), name) for name, c in counted.items() if isinstance(c, Mapping)]
    worst, name = max(shares, default=(0.0, ""))
    if worst <= bound:
        return ""
    above = sum(found > bound for found, _ in shares)
    more = f" ({above} cells are above it)" if above > 1 else ""
    return (
        f"{name}: {told(counted[name] or {})}: {worst:.1%} is above "
        f"UNI_JUDGER_MAX_UNSCORED={bound:g}{more}"
    )


def share(counts: Mapping[str, Any]) -> float:
    """Unscored by the model's or the judge's fault, of the items that somebody was able to do."""
    sides = faults_by_side(counts)
    able = number(counts.get("items")) - sides["scope"]
    return sum(sides[side] for side in FAILING) / able if able > 0 else 0.0


def told(counts: Mapping[str, Any]) -> str:
    """Which items of a cell are unscored, side by side: `37 of 40 unscored (model: …)`."""
    by_side: dict[Side, list[str]] = {}
    for outcome, side in SIDE.items():
        if lost := number(counts.get(outcome)):
            by_side.setdefault(side, []).append(f"{lost} {outcome}")
    items, scored = number(counts.get("items")), number(counts.get("scored"))
    sides = "; ".join(f"{side}: {', '.join(of)}" for side, of in by_side.items())
    return f"{items - scored} of {items} unscored" + (f" ({sides})" if sides else "")
