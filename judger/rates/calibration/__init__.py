"""A judge's measured accuracy: the file that holds it, whether it counts, what it corrects."""

from judger.rates.calibration.correction import Errors
from judger.rates.calibration.model import Calibration, Grouping, SetErrors
from judger.rates.calibration.soundness import contradictions, unfit
from judger.rates.calibration.standing import (
    NOT_CORRECTNESS,
    Standing,
    covers,
    load,
    of_file,
    of_identity,
    standing,
    warning,
    who,
)

__all__ = [
    "NOT_CORRECTNESS",
    "Calibration",
    "Errors",
    "Grouping",
    "SetErrors",
    "Standing",
    "contradictions",
    "covers",
    "load",
    "of_file",
    "of_identity",
    "standing",
    "unfit",
    "warning",
    "who",
]
