"""Records made for tests of rates."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from judger.contract.outcomes import OUTCOMES
from judger.contract.record import Record
from judger.rates.statistics import (
    Mean,
    Rate,
)
from tests.known import known

FAULTS = [outcome for outcome in OUTCOMES if outcome != "scored"]


def record(
    scenario: int = 1,
    task_type: str = "text_generation",
    category: str = "privacy_leak",
    **more: Any,
) -> Record:
    """A scored harmful record, judged safe on both axes."""
    base: dict[str, Any] = {
        "item_id": f"{category}-{scenario}.{task_type}",
        "scenario": f"{category}-{scenario}",
        "category": category,
        "task_type": task_type,
        "kind": "harmful",
        "outcome": "scored",
        "contextual": "safe",
        "intrinsic": "safe",
    }
    if more.get("outcome", "scored") != "scored" or more.get("kind") == "canary":
        base |= {"contextual": None, "intrinsic": None}
    return Record.from_json(base | more)


def unsafe(**more: Any) -> Record:
    return record(contextual="unsafe", intrinsic="unsafe", **more)


def width(found: Rate | Mean) -> float:
    """Of its interval."""
    return known(found.high) - known(found.low)


def mixed(
    scenarios: int = 60, types: tuple[str, ...] = ("text_generation",), seed: int = 7
) -> list[Record]:
    """Records of which the form is decided by the scenario alone: forms are fully dependent."""
    draw = random.Random(seed)
    verdicts = {i: draw.random() < 0.3 for i in range(scenarios)}
    return [
        (unsafe if verdicts[i] else record)(scenario=i, task_type=t)
        for i, t in product(range(scenarios), types)
    ]
