"""From a run to a submission: what was run, by whom, on what, and what became of each item."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from leaderboard.runs.read import Run
from leaderboard.submission import facts, manifest, tally, verdicts
from leaderboard.submission.boards import able
from leaderboard.submission.facts import ATTESTATION, Submission
from leaderboard.submission.measured import (
    SubmitError,
    calibration,
    generated,
    harness,
    protocol,
    replies,
)
from leaderboard.text.secrets import private_places


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
    """The submission of a run.

    Args:
        run: as `load_run` reads it.
        about: what only people know: the model's id, who generated, who judged.

    Returns:
        The submission, and the bytes of its verdicts.jsonl.

    Raises:
        SubmitError: the run cannot be submitted; the message names what does not fit.
    """
    records = sorted(run.records, key=lambda record: record.item_id)
    measured_by = protocol(run, records, about.judge_revision)
    if about.state != "sample" and not measured_by["judge"]["revision"]:
        raise SubmitError("the run names no revision of its judge; add --judge-revision")
    if about.state != "sample" and (attack := measured_by.get("attack")):
        raise SubmitError(
            f"the run was made under attack {attack.split()[0]}, and is never ranked; --sample "
            "shows it beside the board"
        )
    lines = [{name: getattr(record, name) for name in verdicts.FIELDS} for record in records]
    text = verdicts.dump(lines)
    made: dict[str, Any] = {
        "schema_version": facts.SCHEMA_VERSION,
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
        "generated": min(generated(run) or about.day, about.day),
        "submitted": about.day,
        "protocol": measured_by,
        "calibration": calibration(run, records, about.calibration),
        "harness": harness(run, records),
        "cells": list(_cells(lines, about)),
        "replies": replies(records),
        "artefacts": [_artefact(path) for path in sorted(run.files, key=lambda p: p.name)],
        "attestation": ATTESTATION,
    }
    for where, looks in private_places(made):
        raise SubmitError(f"{where} looks like {looks}, which must not be published")
    made["protocol"]["id"] = facts.protocol_id(made["protocol"])
    made["artefacts"].append(_bytes_artefact(facts.VERDICTS, text))
    made["id"] = facts.content_id(made)
    try:
        verdicts.parse(text)
        return Submission.model_validate(made), text
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SubmitError(f"{where}: {first['msg']} (got {str(first['input'])[:80]!r})") from None


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


def _artefact(path: Path) -> dict[str, Any]:
    return _bytes_artefact(path.name, path.read_bytes())


def _bytes_artefact(name: str, data: bytes) -> dict[str, Any]:
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def write(
    folder: Path,
    submission: Submission,
    verdicts_jsonl: bytes,
    calibration_json: bytes | None = None,
) -> Path:
    """Write the files below `folder`; FileExistsError where that submission already stands."""
    target = folder / submission.folder
    target.mkdir(parents=True)
    (target / facts.VERDICTS).write_bytes(verdicts_jsonl)
    if calibration_json is not None:
        (target / facts.CALIBRATION).write_bytes(calibration_json)
    (target / facts.SUBMISSION).write_bytes(facts.dumped(submission.model_dump()))
    return target
