"""From a run to a submission: what was run, by whom, on what, and what became of each item."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from judger.record import Record
from leaderboard import manifest, provenance, submission, tally, verdicts
from leaderboard.boards import able
from leaderboard.rules.text import ABSOLUTE_PATH, SECRET
from leaderboard.runs import Run
from leaderboard.submission import ATTESTATION, Submission
from uni_safe_tasks.files import data_version


class SubmitError(ValueError):
    """A run that cannot be submitted as it is: what stands against it, and what to do."""


@dataclass(frozen=True)
class About:
    """What the run itself cannot know. Lists of modalities are as in `NEEDS`."""

    model_id: str
    model_revision: str
    family: str
    weights: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    submitter: str
    generated_by: str
    judged_by: str
    model_name: str = ""
    base_model: str = ""
    judge_revision: str = ""
    calibration: Path | None = None
    state: str = "pending"
    day: str = field(default_factory=lambda: date.today().isoformat())


def build(run: Run, about: About) -> tuple[Submission, bytes]:
    """The submission of a run and its verdicts.jsonl; SubmitError names what does not fit."""
    records = sorted(run.records, key=lambda record: record["item_id"])
    _same(records, "data_version", data_version(), "this installation's data")
    lines = [{name: record.get(name) for name in verdicts.FIELDS} for record in records]
    text = verdicts.dump(lines)
    made: dict[str, Any] = {
        "schema_version": submission.SCHEMA_VERSION,
        "id": "",
        "status": {"state": about.state, "since": about.day, "note": ""},
        "model": {
            "id": about.model_id,
            "revision": about.model_revision,
            "name": about.model_name or about.model_id.partition("/")[2],
            "family": about.family,
            "weights": about.weights,
            "inputs": sorted(set(about.inputs)),
            "outputs": sorted(set(about.outputs)),
            "base_model": about.base_model,
        },
        "people": {
            "submitter": about.submitter,
            "generated_by": about.generated_by,
            "judged_by": about.judged_by,
        },
        # The harness writes its own time zone's day, which can be tomorrow's.
        "generated": min(_generated(run) or about.day, about.day),
        "submitted": about.day,
        "protocol": _protocol(run, records, about),
        "calibration": {
            "calibrated": all(record["judge"]["calibrated"] for record in records),
            "sha256": _sha256(about.calibration) if about.calibration else "",
        },
        "harness": _harness(run),
        "cells": list(_cells(lines, about)),
        "artefacts": [_artefact(path) for path in sorted(run.files, key=lambda p: p.name)],
        "attestation": ATTESTATION,
    }
    made["protocol"]["id"] = submission.protocol_id(made["protocol"])
    made["artefacts"].append(_bytes_artefact(submission.VERDICTS, text))
    made["id"] = submission.content_id(made)
    try:
        verdicts.parse(text)
        return Submission.model_validate(made), text
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SubmitError(f"{where}: {first['msg']} (got {str(first['input'])[:80]!r})") from None


def _same(records: Sequence[Record], key: str, wanted: Any, whose: str) -> None:
    for record in records:
        if record.get(key) != wanted:
            raise SubmitError(
                f"{record['item_id']}: {key} is {record.get(key)!r}, {whose} is {wanted!r}; "
                "submit with the version that ran"
            )


def _protocol(run: Run, records: Sequence[Record], about: About) -> dict[str, Any]:
    first = records[0]
    for key in ("judge", "template_sha256"):
        _same(records, key, first.get(key), "the first item's")
    judge: dict[str, Any] = dict(first["judge"])
    known = {"backend", "model", "mode", "calibrated", "revision", "decoding", "parser"}
    return {
        "data_version": data_version(),
        "data_sha256": manifest.data_sha256(),
        "prompt_templates": manifest.prompt_template_sha256(),
        "judge_templates": dict(first["template_sha256"]),
        "judge": {
            "backend": judge["backend"],
            "model": judge["model"],
            "revision": about.judge_revision or judge.get("revision", ""),
            "parser": judge.get("parser", ""),
            "decoding": judge.get("decoding", {}),
            "details": {k: _scalar(v) for k, v in sorted(judge.items()) if k not in known},
        },
        "generation": _generation(run),
    }


def _scalar(value: Any) -> Any:
    """A setting as one scalar: lists and objects as JSON, or as its hash where that is long."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= 200 else f"sha256 {hashlib.sha256(text.encode()).hexdigest()}"


def _tasks(run: Run) -> dict[str, dict[str, Any]]:
    """The newest result file that ran each task."""
    return {
        task: result
        for result in run.results
        for task in result.get("configs", {})
        if task.startswith("uni_safe")
    }


def _generation(run: Run) -> dict[str, Any]:
    """The settings that all cells were generated with; SubmitError when they differ."""
    found: dict[str, dict[str, Any]] = {}
    for task, result in _tasks(run).items():
        settings = result["configs"][task].get("generation_kwargs") or {}
        system = str(result.get("system_instruction") or "")
        found[task] = {
            **{key: _scalar(value) for key, value in sorted(settings.items())},
            "num_fewshot": int(result.get("n-shot", {}).get(task) or 0),
            "system_instruction": hashlib.sha256(system.encode()).hexdigest() if system else "",
        }
    for task, settings in found.items():
        if settings != (first := next(iter(found.values()))):
            raise SubmitError(f"{task} was generated with {settings}, other cells with {first}")
    return next(iter(found.values()), {"source": "replies made outside the harness"})


def _generated(run: Run) -> str:
    """The day of the newest results, from the harness's own date (`20261124_032627`)."""
    dates = [str(result.get("date", "")) for result in run.results]
    match = re.match(r"(\d{4})(\d\d)(\d\d)", max(dates, default=""))
    return "-".join(match.groups()) if match else ""


def _harness(run: Run) -> dict[str, Any]:
    configs = [result.get("config", {}) for result in _tasks(run).values()] or [
        result.get("config", {}) for result in run.results
    ]
    limits = [float(c["limit"]) for c in configs if c.get("limit") is not None]
    code = provenance.code()
    return {
        "versions": provenance.versions(),
        "backends": sorted({f"{c.get('model', '')} {_arguments(c)}".strip() for c in configs}),
        "limit": min(limits, default=None),
        "commit": code.commit,
        "clean": code.clean,
    }


def _arguments(config: Mapping[str, Any]) -> str:
    """`--model_args` without what must not be published: paths of this machine and secrets."""
    pairs = str(config.get("model_args") or "").split(",")
    kept = [p for p in pairs if p and not SECRET.search(p) and not ABSOLUTE_PATH.search(p)]
    return ",".join(kept)[:150]


def _cells(lines: Sequence[Mapping[str, Any]], about: About) -> list[dict[str, Any]]:
    by_cell: dict[tuple[str, str], list[Mapping[str, Any]]] = {c: [] for c in manifest.CELLS}
    for line in lines:
        cell = line["category"], line["task_type"]
        if cell not in by_cell or line["item_id"] not in manifest.items():
            raise SubmitError(f"{line['item_id']}: no item of this suite's data")
        by_cell[cell].append(line)
    cells = []
    for (category, task_type), mine in by_cell.items():
        status = "scored" if mine else "missing"
        if not able(task_type, about.inputs, about.outputs):
            status = "unsupported"
        counts = tally.count(mine)
        cells.append(
            {"category": category, "task_type": task_type, "status": status, "counts": counts}
        )
    return cells


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _artefact(path: Path) -> dict[str, Any]:
    return _bytes_artefact(path.name, path.read_bytes())


def _bytes_artefact(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
