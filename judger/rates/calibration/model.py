"""The calibration file: whose accuracy, on which labels, what it is, and what it corrects.

`judger.validation.measure` makes one from labels. `corrected` takes a figure as judged to the one
that the judge's known errors would have made into it (`correction`). Where the errors differ
between categories or task types (`alike`), each is corrected by its own.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from judger.contract.outcomes import Axis
from judger.rates.agreement import Agreement
from judger.rates.calibration import alike, correction
from judger.rates.calibration.correction import Corrected, Errors
from judger.rates.calibration.flips import Flips
from judger.rates.statistics import Mean, Rate

FORMAT = 2
Shown = TypeVar("Shown", Rate, Mean)
By = Literal["category", "task_type"]
GROUPINGS: tuple[By, ...] = ("category", "task_type")


class Grouping(NamedTuple):
    """Whether a metric's errors differ between groups, and what follows.

    `by` is what they differ over, None where no difference was found; `p` of the test. `usable`:
    every group has labels enough to be corrected by its own errors. `also` is a second grouping
    over which they differ and which is not corrected for.
    """

    by: By | None
    p: float
    usable: bool
    also: By | None


class SetErrors(BaseModel):
    """One of several sets of labels: how many, whose, and the judge's errors on it alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: int
    unscored: int
    sources: list[str] = []
    by: list[str] = []
    errors: dict[str, Errors]


class Calibration(BaseModel):
    """One judge's accuracy.

    `agreement` is slice → axis → figures; slices are `all`, `task_type:…`, `category:…`, `hard:…`.
    `errors` are each metric's own, `strata` the same by category and by task type. `faults` are
    labels without a verdict: `matched` ended in the outcome that people expect. `unscored` counts,
    by outcome, the other labels that the judge gave no verdict on. `sets` are the errors by set of
    labels, where there are several; labels of public sets that leave a verdict open count there
    alone. `stress` is change → flips (`uni-safe stress-judge`), empty where nobody measured it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[2] = 2
    judge: dict[str, Any]
    template_sha256: dict[str, str]
    labels_sha256: str
    labels: int
    unscored: dict[str, int]
    faults: dict[str, int]
    errors: dict[str, Errors]
    strata: dict[By, dict[str, dict[str, Errors]]] = {}
    agreement: dict[str, dict[Axis, Agreement]]
    #: Labels that no person gave; of these, those that two gave blind and that are settled.
    not_by_people: int = 0
    twice: int = 0
    sets: dict[str, SetErrors] = {}
    stress: dict[str, Flips] = {}

    def of_stratum(self, metric: str, by: By) -> dict[str, Errors]:
        """The errors of a metric in each category, or in each task type."""
        named = self.strata.get(by, {}).items()
        return {name: errors[metric] for name, errors in named if metric in errors}

    def grouping(self, metric: str) -> Grouping:
        """Do the errors of a metric differ between categories or between task types?"""
        if metric not in self.groupings:
            strata = (sorted(self.of_stratum(metric, by).items(), key=_name) for by in GROUPINGS)
            self.groupings[metric] = _grouping(*map(tuple, strata))
        return self.groupings[metric]

    @functools.cached_property
    def groupings(self) -> dict[str, Grouping]:
        """What `grouping` has found so far: a thousand rows of a board ask it the same."""
        return {}

    def errors_in(self, metric: str, category: str, task_type: str) -> Errors | None:
        """The errors that hold in one cell; None where they are not known well enough."""
        found = self.grouping(metric)
        if found.by is None:
            return self.errors.get(metric)
        place = category if found.by == "category" else task_type
        return self.of_stratum(metric, found.by).get(place) if found.usable else None

    def corrected(self, metric: str, apparent: Shown, errors: Errors | None = None) -> Shown | None:
        """The figure behind one as judged; None where the judge is not known to tell it.

        None also where the judge is no better than chance at this metric, and where the apparent
        figure lies over any that its known errors can make (its interval above that of the judge's
        sensitivity): then the labels do not speak for this run. `errors` are the metric's own
        unless others are given.
        """
        errors = errors or self.errors.get(metric)
        if errors is None or apparent.value is None or _beyond(apparent, errors):
            return None
        found = correction.corrected(
            apparent.value, _effective(apparent), errors, _freedom(apparent)
        )
        return None if found is None else _shown(apparent, found, errors.value_of)

    def corrected_mean(
        self, metric: str, apparent: Mean, parts: Mapping[By, Mapping[str, Mean]]
    ) -> Mean | None:
        """The mean over cells behind one as judged, corrected by strata where errors differ.

        `parts` are the means of the same metric over the apparent mean's cells, category by
        category and task type by task type. None as `corrected`, or where errors differ and a
        stratum's are not known.
        """
        found = self.grouping(metric)
        if found.by is None:
            return self.corrected(metric, apparent)
        inside = {name: mean for name, mean in parts[found.by].items() if mean.value is not None}
        errors = self.of_stratum(metric, found.by)
        if apparent.value is None or not found.usable or not inside.keys() <= errors.keys():
            return None
        total = sum(mean.cells for mean in inside.values())
        weights = [mean.cells / total for mean in inside.values()]
        made: list[Corrected] = []
        for name, mean in inside.items():
            assert mean.value is not None
            one = correction.corrected(mean.value, mean.effective, errors[name], mean.freedom)
            if one is None or _beyond(mean, errors[name]):
                return None
            made.append(one)
        variances = [_variance(mean) for mean in inside.values()]
        shared = (
            correction.mean_correlation(_variance(apparent), variances, weights)
            if found.by == "task_type"  # the forms of one scenario lie in several of them
            else 0.0
        )
        whole = correction.combined(made, weights, shared)
        noise = [errors[name] for name in inside]

        def behind(share: float) -> float | None:
            known = [e.value_of(share) for e in noise]
            return sum(w * k for w, k in zip(weights, known, strict=True) if k is not None)

        return _shown(apparent, whole, behind)

    def below_noise(self, metric: str, apparent: Rate) -> bool:
        """Could false alarms alone make this rate? (It lies below the upper end of their rate.)"""
        errors = self.errors.get(metric)
        if errors is None or apparent.value is None or errors.noise.high is None:
            return False
        return apparent.value <= errors.noise.high


def _name(entry: tuple[str, Errors]) -> str:
    return entry[0]


@functools.lru_cache(maxsize=256)  # a thousand rows of a board share a few judges
def _grouping(*strata: tuple[tuple[str, Errors], ...]) -> Grouping:
    ps = {
        by: alike.p_alike(tuple(e for _, e in mine))
        for by, mine in zip(GROUPINGS, strata, strict=True)
    }
    different = sorted((p, by) for by, p in ps.items() if p < alike.DIFFERENT)
    if not different:
        return Grouping(None, min(ps.values()), True, None)
    p, by = different[0]
    known = alike.known([e for _, e in strata[GROUPINGS.index(by)]])
    return Grouping(by, p, known, different[1][1] if len(different) > 1 else None)


def _effective(apparent: Rate | Mean) -> float:
    return apparent.effective or float(apparent.n)


def _freedom(apparent: Rate | Mean) -> float:
    return apparent.freedom if isinstance(apparent, Mean) and apparent.freedom else inf


def _variance(mean: Mean) -> float:
    assert mean.value is not None
    return mean.value * (1 - mean.value) / mean.effective if mean.effective else 0.0


def _beyond(apparent: Rate | Mean, errors: Errors) -> bool:
    """It counts more than this judge counts where everything counts: it makes other errors here."""
    return (errors.sensitivity.high or 0.0) < (apparent.low or 0.0)


def _shown(apparent: Shown, found: Corrected, behind: Any) -> Shown:
    """The corrected figure, with the bounds that unscored items set corrected alike."""
    value, low, high = found.cut()
    smallest, largest = (
        None if share is None else Corrected(behind(share), 0, 1).cut()[0]
        for share in (apparent.smallest, apparent.largest)
    )
    ends = (None, None) if apparent.why_none else (low, high)
    return replace(
        apparent, value=value, low=ends[0], high=ends[1], smallest=smallest, largest=largest
    )
