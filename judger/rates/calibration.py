"""A judge's measured accuracy, kept in a file, and what it does to a rate.

`validation.measure` makes one from labels. `Calibration.corrected` (one cell) and `corrected_mean`
(over cells) take a number as judged to the one that the judge's known errors would have made into
it (Rogan and Gladen 1978), its interval over both sources of error: few items judged, few labels to
know the judge by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from judger.contract.outcomes import Axis
from judger.contract.settings import Settings, SettingsError
from judger.rates.agreement import Agreement, Figure, share
from judger.rates.statistics import Mean, Rate
from judger.rates.wilson import LEVEL

MAX_BYTES = 4 * 1024 * 1024
DRAWS = 4000
Shown = TypeVar("Shown", Rate, Mean)


class Errors(BaseModel):
    """How often a metric counts an item of which people say that it counts, or does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tp: int = 0
    fn: int = 0
    fp: int = 0
    tn: int = 0

    @property
    def sensitivity(self) -> Figure:
        """Of what people count, the share that the judge counts."""
        return share(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> Figure:
        """Of what people do not count, the share that the judge does not count."""
        return share(self.tn, self.fp + self.tn)

    @property
    def noise(self) -> Figure:
        """The rate that the judge reports where there is nothing: its false alarms."""
        return share(self.fp, self.fp + self.tn)


class Calibration(BaseModel):
    """The calibration file: whose accuracy, on which labels, and what it is.

    `agreement` is slice → axis → figures; slices are `all`, `task_type:…`, `category:…`, `hard:…`.
    `faults` are labels without a verdict: `matched` ended in the outcome that people expect.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    judge: dict[str, Any]
    template_sha256: dict[str, str]
    labels_sha256: str
    labels: int
    unscored: dict[str, int]
    faults: dict[str, int]
    errors: dict[str, Errors]
    agreement: dict[str, dict[Axis, Agreement]]

    def corrected(self, metric: str, apparent: Rate, seed: int = 0) -> Rate | None:
        """The rate behind that of one cell; None where the judge is not known to tell it.

        None also where the judge is no better than chance at this metric, and where the apparent
        rate lies over any that its known errors can make (its interval above that of the judge's
        sensitivity): then the labels do not speak for this run. Each draw of the
        parametric bootstrap draws items and labels anew (from rates smoothed by ½, so that a
        perfect score of few labels is not certainty); a draw without discernment says [0, 1].
        The items count as independent, so this is not for means over cells.
        """
        if apparent.n == 0:
            return None
        drawn = _shares(np.random.default_rng(seed), apparent.k, apparent.n, DRAWS)
        return self._corrected(metric, apparent, drawn, seed)

    def corrected_mean(
        self, metric: str, apparent: Mean, drawn: np.ndarray, seed: int = 0
    ) -> Mean | None:
        """The mean behind an apparent one, as `corrected`, for items that are not independent.

        `drawn` are bootstrap replicates of the apparent mean (`rates.bootstrap.replicates`), and
        stand in for drawing its items: the interval is as clustered as they are.
        """
        return self._corrected(metric, apparent, drawn, seed)

    def _corrected(
        self, metric: str, apparent: Shown, drawn: np.ndarray, seed: int
    ) -> Shown | None:
        errors = self.errors.get(metric)
        if errors is None or apparent.value is None:
            return None
        sensitivity, specificity = errors.sensitivity.value, errors.specificity.value
        if sensitivity is None or specificity is None or sensitivity + specificity <= 1:
            return None
        if (errors.sensitivity.high or 0.0) < (apparent.low or 0.0):
            return None  # it counts more than it counts where everything counts: other errors
        rng = np.random.default_rng([seed, 1])  # apart from the stream that drew the rates
        hits = _shares(rng, errors.tp, errors.tp + errors.fn, len(drawn))
        passes = _shares(rng, errors.tn, errors.fp + errors.tn, len(drawn))
        blind = hits + passes <= 1
        found = _rogan_gladen(drawn, np.where(blind, 1, hits), np.where(blind, 1, passes))
        tail = (1 - LEVEL) / 2
        low = float(np.quantile(np.where(blind, 0.0, found), tail))
        high = float(np.quantile(np.where(blind, 1.0, found), 1 - tail))
        value, smallest, largest = (
            None if q is None else float(_rogan_gladen(np.array(q), sensitivity, specificity))
            for q in (apparent.value, apparent.smallest, apparent.largest)
        )
        assert value is not None
        low, high = min(low, value), max(high, value)
        return replace(
            apparent, value=value, low=low, high=high, smallest=smallest, largest=largest
        )

    def below_noise(self, metric: str, apparent: Rate) -> bool:
        """Could false alarms alone make this rate? (It lies below the upper end of their rate.)"""
        errors = self.errors.get(metric)
        if errors is None or apparent.value is None or errors.noise.high is None:
            return False
        return apparent.value <= errors.noise.high


def _shares(rng: np.random.Generator, k: int, n: int, draws: int) -> np.ndarray:
    """Shares of n that another sample could have brought, by a binomial smoothed by ½."""
    return rng.binomial(n, (k + 0.5) / (n + 1), draws) / n


def _rogan_gladen(apparent: np.ndarray, sensitivity: Any, specificity: Any) -> np.ndarray:
    return np.clip((apparent + specificity - 1) / (sensitivity + specificity - 1), 0.0, 1.0)


def who(identity: Mapping[str, Any]) -> dict[str, Any]:
    """A judge's identity without the one thing that a calibration changes."""
    facts = {key: value for key, value in identity.items() if key != "calibrated"}
    if "members" in facts:
        facts["members"] = [who(member) for member in facts["members"]]
    return facts


def load(path: Path) -> Calibration:
    """Read a calibration file; SettingsError where it is none."""
    try:
        with path.open("rb") as file:
            return Calibration.model_validate_json(file.read(MAX_BYTES))
    except (OSError, ValidationError) as error:
        raise SettingsError(
            f"{path} is no calibration file ({' '.join(str(error).split())[:160]}): "
            "write one with `uni-safe validate-judge LABELS.jsonl --out FILE`"
        ) from None


def covers(
    settings: Settings, identity: Mapping[str, Any], template_sha256: Mapping[str, str]
) -> bool:
    """Has this judge, asked in this wording, been measured? By `UNI_JUDGER_CALIBRATION`.

    SettingsError when the file named there is about another judge or another wording; and for the
    `rules` judge, whose figures no file makes fit for publication.
    """
    if not settings.calibration:
        return False
    path, this = settings.calibration, who(identity)
    if identity["backend"] == "rules":
        raise SettingsError("the `rules` judge is never calibrated: unset UNI_JUDGER_CALIBRATION")
    found = load(Path(path))
    if found.judge != this:
        raise SettingsError(
            f"UNI_JUDGER_CALIBRATION={path} is about the judge {found.judge}, this is {this}: "
            "run `uni-safe validate-judge` with this one"
        )
    if found.template_sha256 != dict(template_sha256):
        raise SettingsError(
            f"UNI_JUDGER_CALIBRATION={path} was measured with other templates: "
            "run `uni-safe validate-judge` again"
        )
    return True
