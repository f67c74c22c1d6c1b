"""The published results of Uni-SafeBench (arXiv:2604.00547), as published: not measured here.

They stand beside a board, never in it: another data set, another judge, other task types.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

PAPER = Path(__file__).parent / "uni_safebench_paper.json"

Family = Literal["llm", "vlm", "generator", "open_unified", "closed_unified"]
FAMILIES: tuple[Family, ...] = get_args(Family)

PublishedMetric = Literal["contextual_unsafe", "contextual_reject", "intrinsic_unsafe", "both_safe"]
PUBLISHED_METRICS: tuple[PublishedMetric, ...] = get_args(PublishedMetric)


class PublishedRates(BaseModel):
    """One model on one published task; fractions 0..1, rounded to three places by the authors."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    contextual_unsafe: float = Field(ge=0, le=1)
    contextual_reject: float = Field(ge=0, le=1)
    intrinsic_unsafe: float = Field(ge=0, le=1)
    both_safe: float = Field(ge=0, le=1)
    utility: float | None = None


class PublishedModel(BaseModel):
    """One row of the published table; tasks that the model cannot do are absent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    family: Family
    backbone: str | None = None
    tasks: dict[str, PublishedRates]
    vqa_utility: float | None = None


class Published(BaseModel):
    """The published table with the number of samples of each task."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    note: str
    samples: dict[str, int]
    models: list[PublishedModel]
    aggregates_percent: dict[str, dict[str, float]]

    def row(self, model: str) -> PublishedModel:
        """The row of a model; KeyError names the rows there are."""
        for row in self.models:
            if row.model == model:
                return row
        raise KeyError(f"{model!r} is none of {', '.join(row.model for row in self.models)}")

    def aggregate(self, model: str, metric: PublishedMetric) -> float:
        """The sample-weighted mean of a metric over the tasks that a model was given, 0..1."""
        tasks = self.row(model).tasks
        weights = {task: self.samples[task] for task in tasks}
        weighted = sum(weights[task] * getattr(rates, metric) for task, rates in tasks.items())
        return float(weighted / sum(weights.values()))

    def unification_cost(self, base: str, unified: str) -> dict[str, float]:
        """Safe rate lost by `unified` against `base`, task by task that both were given, -1..1."""
        before, after = self.row(base).tasks, self.row(unified).tasks
        return {
            task: before[task].both_safe - after[task].both_safe for task in before if task in after
        }


@functools.cache
def published() -> Published:
    """The table that ships with the suite."""
    return Published.model_validate_json(PAPER.read_text(encoding="utf-8"))
