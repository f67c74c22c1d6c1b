"""Numbers and names as a person reads them, the same in the terminal and in HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from judger.rates.calibration import of_identity
from judger.rates.intervals import LEAST_IN_A_CELL
from judger.rates.metrics import METRICS
from judger.rates.paired import Paired
from judger.rates.statistics import Mean, Rate

_ARROWS = {True: "↑", False: "↓", None: ""}


def arrow(metric: str) -> str:
    """↑ where high is better, ↓ where low is, "" where neither: said nowhere else."""
    return _ARROWS[METRICS[metric]]


_NAMES: dict[str, tuple[str, str]] = {
    "both_safe": ("Safe", "harmful requests: safe in itself, and safe or refused in context"),
    "helped": ("Helped", "harmless twins: the reply does what was asked"),
    "contextual_unsafe": ("Unsafe in context", "harmful requests: the reply serves the harm"),
    "intrinsic_unsafe": ("Unsafe in itself", "harmful requests: the reply alone is harmful"),
    "contextual_refusal": ("Refused", "harmful requests: the reply declines"),
    "over_refusal": ("Over-refusal", "harmless twins: the reply declines all the same"),
    "unscored": ("Unscored", "items of every kind without a verdict"),
    "media_delivered": ("Media delivered", "canaries: the hidden word came back"),
}
#: Metric -> (short title, what it says, its arrow).
TITLES: dict[str, tuple[str, str, str]] = {m: (*said, arrow(m)) for m, said in _NAMES.items()}
#: (contextual, intrinsic) -> what that is.
PAIRS: dict[tuple[str, str], str] = {
    ("unsafe", "unsafe"): "harm",
    ("unsafe", "safe"): "harm in context only",
    ("safe", "unsafe"): "harm in itself only",
    ("refusal", "unsafe"): "harm in itself, while declining",
    ("safe", "safe"): "engaged safely",
    ("refusal", "safe"): "refused",
}
MISSING = "–"
#: Metric -> its column's head in a narrow table, in lines of at most eight characters.
METRIC_HEADS: dict[str, str] = {
    metric: " ".join(filter(None, (first, arrow(metric)))) + rest
    for metric, first, rest in (
        ("both_safe", "Safe", ""),
        ("helped", "Helped", ""),
        ("contextual_unsafe", "Unsafe", "\ncontext"),
        ("intrinsic_unsafe", "Unsafe", "\nitself"),
        ("contextual_refusal", "Refused", ""),
        ("over_refusal", "Over-", "\nrefusal"),
    )
}
#: Task type -> its column's head in a narrow table, in lines of at most seven characters.
CELL_HEADS: dict[str, str] = {
    "text_understanding": "text\nunderst",
    "text_generation": "text\ngener.",
    "image_understanding": "image\nunderst",
    "image_generation": "image\ngener.",
    "audio_processing": "audio",
    "video_analysis": "video",
    "multimodal_interaction": "multi-\nmodal",
}
#: Category -> its row's head there.
CELL_ROWS: dict[str, str] = {
    "toxicity_content": "toxicity content",
    "sensitive_topics": "sensitive topics",
    "privacy_leak": "privacy leak",
    "unethical_activities": "unethical activities",
    "physical_and_mental_harm": "physical, mental harm",
    "biased_opinion": "biased opinion",
}

#: Controls, marks of direction, invisible tags and lone surrogates. Not joiners: emoji and scripts
#: need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def title(metric: str) -> str:
    """`Safe ↑`: the metric's title and which way is better."""
    name, _, better = TITLES[metric]
    return f"{name} {better}".rstrip()


def plain(name: str) -> str:
    """`text_generation` as `text generation`."""
    return name.replace("_", " ")


def percent(fraction: float | None) -> str:
    """`83.3 %`; a dash where there is no number."""
    return MISSING if fraction is None else f"{100 * fraction:.1f} %"


def interval(rate: Rate | Mean) -> str:
    """`[61.4, 94.2]`, in per cent; "" where there is no number."""
    if rate.low is None or rate.high is None:
        return ""
    return f"[{100 * rate.low:.1f}, {100 * rate.high:.1f}]"


def bounds(rate: Rate | Mean) -> str:
    """`{55.0, 88.1}`: what unscored items and missing cells could make of it; "" where nothing."""
    if rate.smallest is None or rate.largest is None or rate.smallest == rate.largest:
        return ""
    return f"{{{100 * rate.smallest:.1f}, {100 * rate.largest:.1f}}}"


def remarks(made: Rate | Mean) -> list[str]:
    """What a reader must know of a figure: why it has no interval, thin cells, what unscored items
    could do to it; [] where there is nothing to say."""
    said = []
    if made.why_none and made.value is not None:
        said.append(f"no interval: {made.why_none}")
    if made.thin and isinstance(made, Mean):
        cells = f"{made.thin} cells hold" if made.thin > 1 else "1 cell holds"
        said.append(f"thin: {cells} fewer than {LEAST_IN_A_CELL} scored items")
    elif made.thin:
        said.append(f"thin: fewer than {LEAST_IN_A_CELL} scored items")
    if made.possible_bias:
        what = "unscored items" + (" and missing cells" if getattr(made, "missing", 0) else "")
        said.append(f"{what} could move it by {100 * made.possible_bias:.1f} points")
    return said


def judge_standing(judge: Mapping[str, Any]) -> str:
    """`calibrated`, on what labels where not people alone gave them, `measured, unfit`, or
    `UNCALIBRATED`."""
    return of_identity(judge).told.partition(":")[0]


def coverage(made: Rate | Mean) -> str:
    """`37 of 42 cells` for a mean that lacks some of its cells; "" for all else."""
    if not isinstance(made, Mean) or not made.missing:
        return ""
    return f"{made.cells} of {made.cells + made.missing} cells"


def unknown(made: Mean) -> str:
    """`2 unscored, 5 cells missing`: what keeps a mean from being the whole truth."""
    unscored = f"{made.unscored} unscored" if made.unscored else ""
    missing = f"{made.missing} cells missing" if made.missing else ""
    return ", ".join(part for part in (unscored, missing) if part)


def counted(made: Rate | Mean) -> str:
    """`n 1678, 2 unscored`, or `n 1680` where everything was scored."""
    return f"n {made.n}" + (f", {made.unscored} unscored" if made.unscored else "")


def difference(p: Paired) -> str:
    """`-12.5 [-20.1, -4.8]`, in percentage points; a dash without pairs."""
    if p.difference is None:
        return MISSING
    if p.low is None or p.high is None:
        return f"{_signed(p.difference)} (no interval: {p.why_none})"
    value, low, high = (_signed(x) for x in (p.difference, p.low, p.high))
    return f"{value} [{low}, {high}]"


def p_value(value: float | None) -> str:
    """`0.012`, `<0.001`; a dash where nothing was tested."""
    return MISSING if value is None else ("<0.001" if value < 0.001 else f"{value:.3f}")


def reversed_sign(p: Paired) -> Paired:
    """The same difference seen from the other side: what the second lost against the first."""
    value, low, high = (None if x is None else -x for x in (p.difference, p.high, p.low))
    return replace(p, difference=value, low=low, high=high)


def _signed(fraction: float) -> str:
    rounded = round(100 * fraction, 1) + 0.0  # no "-0.0"
    return f"{rounded:+.1f}" if rounded else "0.0"


def amount(number: float) -> str:
    """`1,234` or `0.0123`."""
    return f"{number:,.0f}" if number == int(number) or number >= 100 else f"{number:,.4g}"


def visible(text: str, longest: int = 10_000) -> str:
    """Anybody's text, made safe to print: hidden characters spelt out, the rest cut and said so."""
    shown = _HIDDEN.sub(lambda m: f"⟦U+{ord(m[0]):04X}⟧", text[:longest].replace("\r\n", "\n"))
    cut = len(text) - longest
    return shown if cut <= 0 else f"{shown}\n⟦{cut} more characters in the samples file⟧"
