"""From a share as judged to the share that the judge's known errors would have made into it.

The value is Rogan and Gladen's (1978). The interval is Lang and Reiczigel's (Preventive Veterinary
Medicine, 2014) over both sources of error, few items judged and few labels to know the judge by,
with the effective n and Student's t of a mean over cells. Where errors differ between strata each
stratum is corrected by its own, and the intervals are combined by the variance estimates that they
imply (MOVER: Zou and Donner, 2008). `benchmarks/coverage.py` measures both.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from math import inf, sqrt
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from judger.rates.agreement import Figure, share
from judger.rates.intervals import LEVEL, t_quantile


class Errors(BaseModel):
    """How often a metric counts an item of which people say that it counts, or does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tp: int = Field(default=0, ge=0)
    fn: int = Field(default=0, ge=0)
    fp: int = Field(default=0, ge=0)
    tn: int = Field(default=0, ge=0)

    @property
    def positive(self) -> int:
        """Labels that people count."""
        return self.tp + self.fn

    @property
    def negative(self) -> int:
        """Labels that people do not count."""
        return self.fp + self.tn

    @functools.cached_property  # every mean of a board is held to it
    def sensitivity(self) -> Figure:
        """Of what people count, the share that the judge counts."""
        return share(self.tp, self.positive)

    @property
    def specificity(self) -> Figure:
        """Of what people do not count, the share that the judge does not count."""
        return share(self.tn, self.negative)

    @property
    def noise(self) -> Figure:
        """The rate that the judge reports where there is nothing: its false alarms."""
        return share(self.fp, self.negative)

    @property
    def informative(self) -> bool:
        """Does the judge do better than chance at this metric, as far as the labels can tell?"""
        return self.positive > 0 and self.negative > 0 and self.value_of(0.0) is not None

    def value_of(self, apparent: float) -> float | None:
        """Rogan and Gladen's estimate, not cut to 0..1; None where the judge is no better than
        chance."""
        if not self.positive or not self.negative:
            return None
        noise = self.fp / self.negative
        discernment = self.tp / self.positive - noise
        return (apparent - noise) / discernment if discernment > 0 else None


class Corrected(NamedTuple):
    """A corrected share, not cut to 0..1. Without discernment the interval says [-inf, inf]."""

    value: float
    low: float
    high: float

    def cut(self) -> tuple[float, float, float]:
        """Cut to 0..1, the value within its interval."""
        value = _cut(self.value)
        return value, min(value, _cut(self.low)), max(value, _cut(self.high))


def _cut(share: float) -> float:
    return min(1.0, max(0.0, share))


def corrected(
    apparent: float,
    effective: float,
    errors: Errors,
    freedom: float = inf,
    level: float = LEVEL,
) -> Corrected | None:
    """Correct one share of `effective` independent items; None as `Errors.value_of`."""
    value = errors.value_of(apparent)
    if value is None:
        return None
    t = t_quantile(freedom, level)
    square = t * t
    n, positive, negative = effective + square, errors.positive + 2, errors.negative + 2
    share = (effective * apparent + square / 2) / n
    hits, passes = (errors.tp + 1) / positive, (errors.tn + 1) / negative
    miss, alarm = hits * (1 - hits) / positive, passes * (1 - passes) / negative
    discernment = hits + passes - 1
    if discernment - t * sqrt(miss + alarm) <= 0:
        return Corrected(value, -inf, inf)  # other labels could show no discernment at all
    middle = (share + passes - 1) / discernment
    shift = 2 * square * (middle * miss - (1 - middle) * alarm)
    variance = share * (1 - share) / n + middle**2 * miss + (1 - middle) ** 2 * alarm
    half = t * sqrt(variance) / discernment
    return Corrected(value, middle + shift - half, middle + shift + half)


def combined(
    parts: Sequence[Corrected], weights: Sequence[float], correlation: float = 0.0
) -> Corrected:
    """The weighted sum of corrected shares (weights of sum 1).

    `correlation` is the mean one between strata: 0 for strata of different scenarios.
    """
    value = sum(w * part.value for w, part in zip(weights, parts, strict=True))
    below = [w * max(0.0, p.value - p.low) for w, p in zip(weights, parts, strict=True)]
    over = [w * max(0.0, p.high - p.value) for w, p in zip(weights, parts, strict=True)]
    return Corrected(value, value - _length(below, correlation), value + _length(over, correlation))


def _length(distances: Sequence[float], correlation: float) -> float:
    if inf in distances:
        return inf
    squares = sum(d * d for d in distances)
    return sqrt((1 - correlation) * squares + correlation * sum(distances) ** 2)


def mean_correlation(variance: float, parts: Sequence[float], weights: Sequence[float]) -> float:
    """The mean correlation of parts of these variances whose weighted sum has `variance`, 0..1."""
    own = [w * sqrt(part) for w, part in zip(weights, parts, strict=True)]
    squares = sum(x * x for x in own)
    mixed = sum(own) ** 2 - squares
    return _cut((variance - squares) / mixed) if mixed > 0 else 0.0
