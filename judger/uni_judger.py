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

from judger.contract.item import Item
from judger.contract.settings import load
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.rates.metrics import METRICS
from judger.rates.statistics import rate_of
from judger.reply.read import read_reply

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
_FIELDS = (
    "prompt", "category", "task_type", "kind", "intent", "subcategory", "item_id", "scenario",
    "media_text", "answer", "image", "audio", "video",
)  # fmt: skip


class UniJudger(evaluate.Metric):
    """`compute` judges all replies together; ValueError names the reference that cannot be read."""

    def _info(self) -> evaluate.MetricInfo:
        texts = datasets.Value("string")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": texts, "references": dict.fromkeys(_FIELDS, texts)}
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
        pairs = zip(predictions, references, strict=True)
        work = [_work(index, reply, ref) for index, (reply, ref) in enumerate(pairs)]
        session = Session(load())
        try:
            session.preflight()
            records = [record for _, record in judged(session, work)]
            identity = session.judge.identity
        finally:
            session.close()
        if not identity["calibrated"]:
            warnings.warn(
                f"UNCALIBRATED: judged by {identity['backend']!r}; not fit for publication",
                stacklevel=2,
            )
        outcomes: dict[str, int] = {}
        for record in records:
            outcomes[record.outcome] = outcomes.get(record.outcome, 0) + 1
        return {
            "rates": {metric: rate_of(metric, records).as_dict() for metric in METRICS},
            "outcomes": outcomes,
            "judge": dict(identity),
            "records": [record.to_json() for record in records],
        }


def _filled(reference: dict[str, Any]) -> dict[str, str]:
    if unknown := sorted(set(reference) - set(_FIELDS)):
        raise ValueError(f"references: unknown field {unknown[0]!r}; known: {', '.join(_FIELDS)}")
    return {field: reference.get(field) or "" for field in _FIELDS}


def _work(index: int, reply: str | None, reference: dict[str, Any]) -> Work:
    given = {key: value for key, value in reference.items() if value}
    for field, known in (("category", CATEGORIES), ("task_type", TASK_TYPES)):
        if given.get(field) not in known:
            wrong = f"references[{index}]: {field} {given.get(field)!r}"
            raise ValueError(f"{wrong} is not one of {', '.join(known)}")
    if "prompt" not in given:
        raise ValueError(f"references[{index}]: prompt is missing")
    item = Item.from_doc({"item_id": f"{index}", **given})
    return Work(item, read_reply(reply, prompt=item.prompt), reply or "")
