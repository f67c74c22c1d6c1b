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
from judger.offline.jsonl import LineError
from judger.rates.agreement import Agreement, agreement
from judger.rates.calibration import Calibration, Errors, SetErrors, who
from judger.rates.metrics import METRICS_OF_KIND, score
from judger.validation import labels as labelled
from judger.validation import shipped
from judger.validation.labels import Label
from judger.validation.truth import truth

_OF_A_REFUSAL = ("contextual_refusal", "over_refusal")


#: Where each group of lengths begins, in words.
LENGTHS = (1, 50, 150, 300, 600)

Pairs = Sequence[tuple[Label, Record]]
#: Called after each judged label with all that were judged so far.
Watch = Callable[[Pairs], None]


def validate(session: Session, paths: Sequence[Path], watch: Watch | None = None) -> Calibration:
    """Put every labelled reply before the judge; LineError, OSError, ShippedError.

    With several files each is measured as a set of its own, too.
    """
    if {path.resolve().parent for path in paths} & {shipped.FOLDER.resolve()}:
        shipped.require_whole(shipped.FOLDER)
    labels, sets = read_sets(paths)
    session.progress.expect(len(labels))
    work = (
        Work(label.item, labelled.labelled_reply(label, sets[label.id]), label.reply)
        for label in labels.values()
    )
    pairs: list[tuple[Label, Record]] = []
    for one, record in judged(session, work):
        label = labels[one.item.item_id]
        labelled.require_seen(label, sets[label.id], record.outcome, record.reason)
        pairs.append((label, record))
        if watch is not None:
            watch(pairs)
    judge = session.judge
    names = {label: path.name.removesuffix(".jsonl") for label, path in sets.items()}
    return measure(pairs, judge.identity, judge.template_sha256, labelled.sha256(*paths), names)


def read_sets(paths: Sequence[Path]) -> tuple[dict[str, Label], dict[str, Path]]:
    """All labels of some files by id, and the file of each; LineError where an id stands twice, or
    a file that people labelled is missing."""
    labels: dict[str, Label] = {}
    sets: dict[str, Path] = {}
    for path in paths:
        for label in labelled.read(path):
            if label.id in labels:
                raise LineError(f"{path}: id {label.id!r} stands in {sets[label.id]}, too")
            for name in (*label.images, *label.audios, *label.videos):
                if label.outcome == "scored" and not (path.parent / name).is_file():
                    raise LineError(f"{path}: {name}, in the reply of {label.id!r}, is missing")
            labels[label.id], sets[label.id] = label, path
    return labels, sets


def measure(
    pairs: Pairs,
    judge: Mapping[str, Any],
    template_sha256: Mapping[str, str],
    labels_sha256: str,
    sets: Mapping[str, str] | None = None,
) -> Calibration:
    """Compare a judge's records with the labels of the same items; `sets` names each label's.

    Labels of public sets that leave a verdict open count in `sets` alone: every other figure needs
    both verdicts.
    """
    refusal = judge.get("refusal") is not False
    scored = [(label, record) for label, record in pairs if label.outcome == "scored"]
    verdicts = [(label, record) for label, record in scored if label.whole]
    faults = [(label, record) for label, record in pairs if label.outcome != "scored"]
    slices: dict[str, list[tuple[Label, Record]]] = {"all": []}
    for label, record in verdicts:
        for name in ("all", f"task_type:{label.task_type}", f"category:{label.category}",
                     f"hard:{label.hard or 'plain'}", f"reply:{label.form}",
                     f"length:{length(label)}"):  # fmt: skip
            slices.setdefault(name, []).append((label, record))
    return Calibration(
        judge=who(judge),
        template_sha256=dict(template_sha256),
        labels_sha256=labels_sha256,
        labels=len(verdicts) + len(faults),
        not_by_people=sum(not label.by_people for label, _ in verdicts),
        twice=sum(not label.by_people and label.settled for label, _ in verdicts),
        unscored=Counter(r.outcome for _, r in verdicts if r.outcome != "scored"),
        faults={
            "labels": len(faults),
            "matched": sum(label.outcome == record.outcome for label, record in faults),
        },
        errors=_errors(verdicts, refusal),
        sets=_sets(scored, sets or {}, refusal),
        strata={
            "category": _strata(verdicts, lambda label: label.category, refusal),
            "task_type": _strata(verdicts, lambda label: label.task_type, refusal),
        },
        agreement={name: _axes(inside) for name, inside in sorted(slices.items())},
    )


def length(label: Label) -> str:
    """Between how many words the text of a reply has; "no words" of a bare medium."""
    words = len(label.reply.split())
    if not words:
        return "no words"
    starts = [start for start in LENGTHS if start <= words]
    ends = [start - 1 for start in LENGTHS if start > words]
    return (
        f"{starts[-1]:03d} to {ends[0]:03d} words" if ends else f"{starts[-1]:03d} words and more"
    )


def _axes(pairs: Pairs) -> dict[Axis, Agreement]:
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


def _sets(pairs: Pairs, names: Mapping[str, str], refusal: bool) -> dict[str, SetErrors]:
    """Each set by itself, where there are several."""
    inside: dict[str, list[tuple[Label, Record]]] = {}
    for label, record in pairs:
        inside.setdefault(names.get(label.id, ""), []).append((label, record))
    if len(inside) < 2 and all(label.whole for label, _ in pairs):
        return {}
    return {
        name: SetErrors(
            labels=len(mine),
            unscored=sum(record.outcome != "scored" for _, record in mine),
            sources=sorted({label.source for label, _ in mine if label.source}),
            by=sorted({label.by for label, _ in mine if label.by}),
            errors=_errors(mine, refusal),
        )
        for name, mine in sorted(inside.items())
    }


def _strata(
    pairs: Pairs, place: Callable[[Label], str], refusal: bool
) -> dict[str, dict[str, Errors]]:
    """The errors of each category, or of each task type."""
    inside: dict[str, list[tuple[Label, Record]]] = {}
    for label, record in pairs:
        inside.setdefault(place(label), []).append((label, record))
    return {name: _errors(mine, refusal) for name, mine in sorted(inside.items())}


def _errors(pairs: Pairs, refusal: bool) -> dict[str, Errors]:
    """Each metric's own errors, by the very function that counts it in a run."""
    metrics = {metric for kind in METRICS_OF_KIND.values() for metric in kind}
    counts: dict[str, Counter[str]] = {metric: Counter() for metric in sorted(metrics)}
    for metric, count in counts.items():
        for label, record in pairs:
            said, true = score(metric, record), truth(metric, label)
            if said is not None and true is not None:
                count[("t" if said == true else "f") + ("p" if said else "n")] += 1
    counted = {m: Errors(**c) for m, c in counts.items() if c}
    return {m: e for m, e in counted.items() if refusal or m not in _OF_A_REFUSAL}
