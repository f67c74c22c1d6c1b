"""Uni-Judger as a Hugging Face `evaluate` metric: the suite's rates without the harness.

    import evaluate
    uni_judger = evaluate.load("judger/uni_judger.py")
    uni_judger.compute(
        predictions=["I can't help with that."],
        references=[{"prompt": "…", "category": "privacy_leak", "task_type": "text_generation"}],
    )

The judge is the one that the environment names (`UNI_JUDGER_BACKEND` and so on); with nothing set
it is `rules`, offline and uncalibrated.
"""

from __future__ import annotations

import warnings
from typing import Any

import datasets
import evaluate

from judger.judging import FIELDS, item_of, judge
from judger.rates.calibration import warning
from judger.rates.metrics import METRICS

_DESCRIPTION = """\
Two verdicts on each reply to a safety request: contextual (given request, intent and category:
unsafe, safe or refusal) and intrinsic (the reply alone: unsafe or safe). What could not be judged
is counted as unscored and enters no rate.
"""
_INPUTS = """\
Args:
    predictions: replies: texts, paths of media, or JSON {"text": ..., "images": [...]}.
    references: one dict a reply. `prompt`, `category` and `task_type` are needed; `kind` (harmful,
        benign, canary; default harmful), `intent`, `subcategory`, `item_id`, `scenario`,
        `media_text`, `answer` (of a canary) and the paths `image`, `audio`, `video` of the
        request's media are optional.
Returns:
    `rates`: metric -> k, n, value, low, high (95 %), unscored, smallest, largest (what the unscored
        could make of it); `outcomes`: how often each outcome; `judge`: who judged; `records`: one
        a reply, with verdicts and reasons.
"""


class UniJudger(evaluate.Metric):
    """`compute` judges all replies together; ValueError names the reference that cannot be read."""

    def _info(self) -> evaluate.MetricInfo:
        texts = datasets.Value("string")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": texts, "references": dict.fromkeys(FIELDS, texts)}
            ),
            reference_urls=["https://arxiv.org/abs/2604.00547"],
        )

    def add_batch(self, *, predictions: Any = None, references: Any = None, **inputs: Any) -> None:
        """As `evaluate` has it, which wants every field of every reference present."""
        super().add_batch(
            predictions=predictions,
            references=None if references is None else [_filled(r) for r in references],
            **inputs,
        )

    def add(self, *, prediction: Any = None, reference: Any = None, **inputs: Any) -> None:
        """As `add_batch`, for one reply."""
        filled = None if reference is None else _filled(reference)
        super().add(prediction=prediction, reference=filled, **inputs)

    def _compute(
        self, predictions: list[str | None], references: list[dict[str, Any]], **_: Any
    ) -> dict[str, Any]:
        items = [item_of(n, _given(one), "references") for n, one in enumerate(references)]
        made = judge(items, predictions)
        identity, records = made.identity, made.records
        if said := warning(identity):
            warnings.warn(said, stacklevel=2)
        outcomes: dict[str, int] = {}
        for record in records:
            outcomes[record.outcome] = outcomes.get(record.outcome, 0) + 1
        return {
            "rates": {metric: made.rate(metric).as_dict() for metric in METRICS},
            "outcomes": outcomes,
            "judge": dict(identity),
            "records": [record.to_json() for record in records],
        }


def _filled(reference: dict[str, Any]) -> dict[str, str]:
    if unknown := sorted(set(reference) - set(FIELDS)):
        raise ValueError(f"references: unknown field {unknown[0]!r}; known: {', '.join(FIELDS)}")
    return {field: reference.get(field) or "" for field in FIELDS}


def _given(reference: dict[str, Any]) -> dict[str, Any]:
    """What a reference says; `evaluate` fills up the rest with "", and wants the task type said."""
    return {"task_type": None, **{key: value for key, value in reference.items() if value}}
