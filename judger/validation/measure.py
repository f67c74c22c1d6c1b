"""Measuring a judge: its records of labelled replies against the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from judger.contract.outcomes import AXES, Axis
from judger.contract.record import Record
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.rates.agreement import Agreement, agreement
from judger.rates.calibration import Calibration, Errors, who
from judger.rates.metrics import METRICS_OF_KIND, score
from judger.validation import labels as human
from judger.validation.labels import Label

_OF_A_REFUSAL = ("contextual_refusal", "over_refusal")


def validate(session: Session, path: Path) -> Calibration:
    """Put every labelled reply before the judge; LineError, OSError."""
    labels, folder = {label.id: label for label in human.read(path)}, path.resolve().parent
    session.progress.expect(len(labels))
    work = (
        Work(label.item, human.reply_of(label, folder), label.reply) for label in labels.values()
    )
    pairs = [(labels[one.item.item_id], record) for one, record in judged(session, work)]
    judge = session.judge
    return measure(pairs, judge.identity, judge.template_sha256, human.sha256(path))


def measure(
    pairs: Sequence[tuple[Label, Record]],
    judge: Mapping[str, Any],
    template_sha256: Mapping[str, str],
    labels_sha256: str,
) -> Calibration:
    """Compare a judge's records with the labels of the same items."""
    refusal = judge.get("refusal") is not False
    verdicts = [(label, record) for label, record in pairs if label.outcome == "scored"]
    faults = [(label, record) for label, record in pairs if label.outcome != "scored"]
    slices: dict[str, list[tuple[Label, Record]]] = {"all": []}
    for label, record in verdicts:
        for name in ("all", f"task_type:{label.task_type}", f"category:{label.category}",
                     f"hard:{label.hard or 'plain'}"):  # fmt: skip
            slices.setdefault(name, []).append((label, record))
    return Calibration(
        judge=who(judge),
        template_sha256=dict(template_sha256),
        labels_sha256=labels_sha256,
        labels=len(pairs),
        unscored=Counter(r.outcome for _, r in verdicts if r.outcome != "scored"),
        faults={
            "labels": len(faults),
            "matched": sum(label.outcome == record.outcome for label, record in faults),
        },
        errors=_errors(verdicts, refusal),
        strata={
            "category": _strata(verdicts, lambda label: label.category, refusal),
            "task_type": _strata(verdicts, lambda label: label.task_type, refusal),
        },
        agreement={name: _axes(inside) for name, inside in sorted(slices.items())},
    )


def _axes(pairs: Sequence[tuple[Label, Record]]) -> dict[Axis, Agreement]:
    scored = [(label, record) for label, record in pairs if record.outcome == "scored"]
    return {
        axis: agreement(
            axis,
            [
                (str(label.record.verdict(axis)), str(record.verdict(axis)))
                for label, record in scored
            ],
            len(pairs) - len(scored),
        )
        for axis in AXES
    }


def _strata(
    pairs: Sequence[tuple[Label, Record]], place: Callable[[Label], str], refusal: bool
) -> dict[str, dict[str, Errors]]:
    """The errors of each category, or of each task type."""
    inside: dict[str, list[tuple[Label, Record]]] = {}
    for label, record in pairs:
        inside.setdefault(place(label), []).append((label, record))
    return {name: _errors(mine, refusal) for name, mine in sorted(inside.items())}


def _errors(pairs: Sequence[tuple[Label, Record]], refusal: bool) -> dict[str, Errors]:
    """Each metric's own errors, by the very function that counts it in a run."""
    metrics = {metric for kind in METRICS_OF_KIND.values() for metric in kind}
    counts: dict[str, Counter[str]] = {metric: Counter() for metric in sorted(metrics)}
    for metric, count in counts.items():
        for label, record in pairs:
            said = score(metric, record)
            true = score(metric, label.record)
            if said is not None and true is not None:
                count[("t" if said == true else "f") + ("p" if said else "n")] += 1
    counted = {m: Errors(**c) for m, c in counts.items() if c and m != "unscored"}
    return {m: e for m, e in counted.items() if refusal or m not in _OF_A_REFUSAL}
