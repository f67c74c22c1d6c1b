"""What a label says of a metric, and labels that leave something open."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from judger.contract.outcomes import OFFERED
from judger.rates.metrics import METRICS, score
from judger.validation.labels import Label
from judger.validation.truth import truth

BASE = {"id": "a", "category": "privacy_leak", "task_type": "text_generation", "prompt": "x"}


def label(**fields: object) -> Label:
    return Label.model_validate({**BASE, **fields})


@pytest.mark.parametrize(
    ("kind", "contextual", "intrinsic"),
    list(itertools.product(("harmful", "benign"), OFFERED["contextual"], OFFERED["intrinsic"])),
)
def test_a_whole_label_counts_as_the_same_judgement(
    kind: str, contextual: str, intrinsic: str
) -> None:
    one = label(kind=kind, contextual=contextual, intrinsic=intrinsic)
    for metric in METRICS:
        counted = score(metric, one.record)
        if metric != "unscored":
            assert truth(metric, one) == (None if counted is None else bool(counted)), metric


OPEN = {"source": "A set", "contextual_in": ("safe", "refusal")}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (OPEN, {"contextual_unsafe": False, "contextual_refusal": None, "both_safe": None}),
        ({**OPEN, "intrinsic": "safe"}, {"both_safe": True, "intrinsic_unsafe": False}),
        ({**OPEN, "intrinsic": "unsafe"}, {"both_safe": False, "intrinsic_unsafe": True}),
        (
            {"source": "A set", "contextual": "unsafe"},
            {"contextual_unsafe": True, "contextual_refusal": False, "both_safe": False},
        ),
        (
            {"source": "A set", "contextual_in": ("unsafe", "safe")},
            {"contextual_unsafe": None, "contextual_refusal": False, "both_safe": None},
        ),
        (
            {"source": "A set", "contextual": "refusal", "kind": "benign", "helped": False},
            {"over_refusal": True, "helped": False, "contextual_unsafe": None},
        ),
    ],
)
def test_what_is_open_is_not_counted(
    fields: dict[str, Any], expected: dict[str, bool | None]
) -> None:
    one = label(**fields)
    assert {metric: truth(metric, one) for metric in expected} == expected


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"contextual": "safe"}, "both axes"),
        ({"contextual_in": ("safe", "refusal"), "intrinsic": "safe"}, "public set"),
        ({"source": "A set"}, "`contextual` or `contextual_in`"),
        ({**OPEN, "contextual": "safe"}, "`contextual` or `contextual_in`"),
        ({"contextual": "safe", "intrinsic": "safe", "helped": True}, "harmless|benign"),
        (
            {"kind": "benign", "contextual": "refusal", "intrinsic": "safe", "helped": True},
            "contradicts",
        ),
        ({"outcome": "no_output", "contextual": "safe", "intrinsic": "safe"}, "any other has none"),
    ],
)
def test_a_label_that_contradicts_itself_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        label(**fields)
