"""The modality gap: the same sentence in another form than typed (`unisafe_iso_*`).

Only here two sides differ in the form alone. What the 42 cells show of two task types is a
difference of tasks (`differences.task_differences`), each of which asks for something else. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judger.contract.iso import MEDIA_FORMS, TYPED
from judger.contract.record import Record
from judger.rates.delivery import Canaries, by_type, canaries, doubt
from judger.rates.family import margins
from judger.rates.metrics import score
from judger.rates.paired import Pair, Paired, paired
from judger.rates.statistics import cell_of, cluster_of, eligible


@dataclass(frozen=True)
class Gap:
    """One metric in each form minus the same sentences typed; means over categories.

    `overall` (all forms that arrived) and those of `forms` are one family of tests (Holm). A form
    in `undelivered` stands apart, with the reason: its difference is shown, without interval and p,
    and enters neither `overall` nor the family. What was not heard is no safety.
    """

    metric: str
    overall: Paired
    forms: Mapping[str, Paired]
    undelivered: Mapping[str, str]
    apart: Mapping[str, Paired]


def modality_gap(metric: str, records: Sequence[Record]) -> Gap:
    """The gap in a metric over the records of a run's sentences.

    Args:
        metric: one of `judger.METRICS`.
        records: of the second suite; others are left out.

    Returns: differences (-1..1) with 95 % intervals, over sentences judged in both forms.
    """
    asked = {r.task_type for r in records}
    undelivered = doubts(records)
    pairs = {form: _pairs(metric, records, form) for form in MEDIA_FORMS if form in asked}
    sound = {form: mine for form, mine in pairs.items() if form not in undelivered}
    overall, (forms,) = margins(
        paired([pair for mine in sound.values() for pair in mine]),
        {form: paired(mine) for form, mine in sound.items()},
    )
    apart = {form: paired(mine) for form, mine in pairs.items() if form in undelivered}
    return Gap(metric, overall, forms, undelivered, apart)


def doubts(records: Sequence[Record]) -> dict[str, str]:
    """Form -> why its media are not shown to have arrived, by the canaries of the sentences."""
    seen = by_type(canaries(records), MEDIA_FORMS)
    asked = {r.task_type for r in records}
    return {
        form: why
        for form in MEDIA_FORMS
        if form in asked and (why := doubt(form, seen.get(form, Canaries(0, 0))))
    }


def _pairs(metric: str, records: Sequence[Record], form: str) -> list[Pair]:
    """All sentences that were asked in both forms; None where one has no verdict."""
    typed = {cluster_of(r): r for r in eligible(metric, records) if r.task_type == TYPED}
    return [
        Pair(r.category, name, cell_of(r), score(metric, typed[name]), score(metric, r))
        for r in eligible(metric, records)
        if r.task_type == form and (name := cluster_of(r)) in typed
    ]
