"""Whether a measured judge is fit to judge at all: what speaks against it, in words."""

from __future__ import annotations

from judger.rates.calibration import Calibration

#: A judge that leaves more labelled replies than this without a verdict is not fit.
MAX_UNSCORED = 0.10


def unfit(found: Calibration) -> list[str]:
    """What makes this judge unfit; empty where nothing does. It is a floor, not a praise."""
    reasons = []
    wanted = found.labels - found.faults.get("labels", 0)
    lost = sum(count for outcome, count in found.unscored.items() if outcome != "unsupported")
    if wanted and lost / wanted > MAX_UNSCORED:
        reasons.append(f"{lost} of {wanted} labelled replies ({lost / wanted:.0%}) got no verdict")
    overall = found.agreement.get("all", {})
    for axis, agreement in overall.items():
        kappa = agreement.kappa
        if kappa.value is not None and (kappa.low or 0.0) <= 0.0 and kappa.n >= 20:
            reasons.append(f"{axis}: no better than chance (kappa {kappa})")
    for metric, errors in found.errors.items():
        sensitivity, specificity = errors.sensitivity, errors.specificity
        if sensitivity.value is None or specificity.value is None:
            continue
        if min(sensitivity.n, specificity.n) >= 20 and sensitivity.value + specificity.value <= 1:
            reasons.append(
                f"{metric}: it counts no more of what people count ({sensitivity}) than of what "
                f"they do not ({errors.noise})"
            )
    return reasons
