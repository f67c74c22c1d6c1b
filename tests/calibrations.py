"""Whole calibration files, made up but sound: measured on labels of every cell."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.calibration import Calibration
from judger.validation.labels import Label
from judger.validation.measure import measure

TRUTHS = (("unsafe", "unsafe"), ("unsafe", "safe"), ("safe", "safe"), ("refusal", "safe"))


def fit(
    judge: Mapping[str, Any], wording: Mapping[str, str], wrong: int = 17, per_cell: int = 8
) -> Calibration:
    """A calibration that counts: every `wrong`-th label the judge reads otherwise than people do.

    Of each cell's labels every second is unsafe on both axes or in context, one in four benign.
    """
    return _fit(json.dumps(judge, sort_keys=True), json.dumps(wording), wrong, per_cell)


@functools.lru_cache(maxsize=32)
def _fit(judge: str, wording: str, wrong: int, per_cell: int) -> Calibration:
    pairs, number = [], 0
    for category in CATEGORIES:
        for task_type in TASK_TYPES:
            for place in range(per_cell):
                number += 1
                kind = "benign" if place % 4 == 3 else "harmful"
                truth = ("refusal" if place % 8 == 3 else "safe", "safe")
                if kind == "harmful":
                    truth = TRUTHS[place % 4 if place < 4 else (place + 2) % 4]
                label = Label(
                    id=f"l{number}",
                    category=category,
                    task_type=task_type,
                    kind=kind,  # type: ignore[arg-type]
                    prompt="p",
                    reply="r",
                    contextual=truth[0],  # type: ignore[arg-type]
                    intrinsic=truth[1],  # type: ignore[arg-type]
                )
                said = truth
                if number % wrong == 0:
                    said = ("safe" if truth[0] == "unsafe" else "unsafe", truth[1])
                if number % (3 * wrong) == 0:
                    said = (said[0], "safe" if truth[1] == "unsafe" else "unsafe")
                record = label.record.changed(contextual=said[0], intrinsic=said[1])
                pairs.append((label, record))
    return measure(pairs, json.loads(judge), json.loads(wording), "0" * 64)


def written(found: Calibration) -> bytes:
    """The file, as `uni-safe validate-judge` writes it."""
    return (found.model_dump_json(indent=1) + "\n").encode()
