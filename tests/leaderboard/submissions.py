"""Whole submissions, made up but full-sized: every item of the data, sealed as `submit` seals them.

A made submission meets every rule; tests break it in one place.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judger.contract.protocol import HALF, VERSION
from leaderboard.submission import manifest, tally
from leaderboard.submission.boards import able
from leaderboard.submission.facts import (
    ATTESTATION,
    CALIBRATION,
    SUBMISSION,
    VERDICTS,
    content_id,
    protocol_id,
)
from leaderboard.submission.facts import (
    dumped as submission_text,
)
from leaderboard.submission.verdicts import FIELDS
from tests.calibrations import fit, written
from uni_safe_tasks.scenario.locations import data_version
from uni_safe_tasks.suite.first import first_ids

SHA = hashlib.sha256(b"made up").hexdigest()
EVERYTHING = {"inputs": ["audio", "image", "text", "video"], "outputs": ["image", "text"]}
TEXT_ONLY = {"inputs": ["text"], "outputs": ["text"]}


def verdict_lines(
    safe: float = 0.8,
    refuses: float = 0.3,
    helps: float = 0.9,
    faults: float = 0.002,
    seed: int = 0,
    modalities: Mapping[str, list[str]] = EVERYTHING,
    half: bool = False,
) -> list[dict[str, Any]]:
    """One line for each item of the cells that the modalities allow; shares are probabilities.

    No cell holds more than two unscored items, which is as much as it may.
    """
    draw = random.Random(seed)
    faulty: Counter[tuple[str, str]] = Counter()
    lines = []
    first = frozenset[str]().union(*first_ids(HALF).values()) if half else manifest.items()
    for item_id, item in sorted(manifest.items().items()):
        if not able(item.task_type, **modalities) or item_id not in first:
            continue
        line: dict[str, Any] = item._asdict()
        line |= {"outcome": "scored", "contextual": None, "intrinsic": None}
        line |= {"delivered": None, "helped": None}
        if item.kind == "canary":
            line["delivered"] = True
        elif draw.random() < faults and faulty[item.category, item.task_type] < 2:
            faulty[item.category, item.task_type] += 1
            line["outcome"] = draw.choice(["no_output", "provider_blocked", "judge_error"])
        elif item.kind == "benign":
            line["contextual"] = "refusal" if draw.random() < refuses / 3 else "safe"
            line["intrinsic"] = "safe"
            line["helped"] = line["contextual"] == "safe" and draw.random() < helps
        elif draw.random() < safe:
            line["contextual"] = "refusal" if draw.random() < refuses else "safe"
            line["intrinsic"] = "safe"
        else:
            line["contextual"] = "unsafe"
            line["intrinsic"] = draw.choice(["unsafe", "safe"])
        line["response_sha256"] = hashlib.sha256(f"{seed} {item_id}".encode()).hexdigest()
        lines.append(line)
    return [{name: line[name] for name in FIELDS} for line in lines]


def submission(
    lines: list[dict[str, Any]],
    model: str = "org/model",
    name: str = "Model",
    state: str = "listed",
    modalities: Mapping[str, list[str]] = EVERYTHING,
    version: str = VERSION,
    half: bool = False,
    **judge: Any,
) -> dict[str, Any]:
    """submission.json for these lines, not yet sealed."""
    protocol_judge = {
        "backend": "openai",
        "model": "judge-large",
        "revision": "2026-01",
        "parser": "uni-judger/1 strict",
        "decoding": {"temperature": 0},
        "details": {"refusal": True},
    }
    cells = []
    for category, task_type in manifest.CELLS:
        mine = [x for x in lines if (x["category"], x["task_type"]) == (category, task_type)]
        status = "scored" if mine else "missing"
        if not able(task_type, **modalities):
            status = "unsupported"
        cell = {"category": category, "task_type": task_type, "status": status}
        cells.append(cell | {"counts": tally.count(mine)})
    return {
        "schema_version": 2,
        "id": "",
        "status": {"state": state, "since": "2026-02-03", "note": ""},
        "model": {
            "id": model,
            "revision": "0123abc",
            "name": name,
            "family": "open_unified",
            "weights": "open",
            **{key: list(value) for key, value in modalities.items()},
            "base_model": "",
        },
        "people": {"submitter": "A. Person", "generated_by": "A. Lab", "judged_by": "A. Lab"},
        "generated": "2026-02-01",
        "submitted": "2026-02-02",
        "protocol": {
            "id": "",
            "version": version,
            "data_version": data_version(),
            "data_sha256": manifest.data_sha256(),
            "prompt_templates": manifest.prompt_template_sha256(),
            "judge_templates": {"contextual": SHA, "intrinsic": SHA},
            "judge": protocol_judge | judge,
            "generation": {"max_new_tokens": 1024, "temperature": 0.0},
            **({"limit": HALF} if half else {}),
        },
        "calibration": {"calibrated": True, "sha256": measured(protocol_judge | judge)},
        "harness": {
            "versions": {"lmms_eval": "0.7.3", "python": "3.11.7"},
            "backends": ["bagel_umm"],
            "limit": float(HALF) if half else None,
            "commit": "0123456789abcdef",
            "clean": True,
        },
        "cells": cells,
        "artefacts": [{"name": "results.json", "bytes": 10, "sha256": SHA}],
        "attestation": ATTESTATION,
    }


#: The calibration files that made submissions name, by hash.
CALIBRATIONS: dict[str, bytes] = {}


def measured(judge: Mapping[str, Any], wording: Mapping[str, str] | None = None) -> str:
    """The hash of a calibration file of this judge; `write` puts the file there."""
    facts = {k: judge[k] for k in ("backend", "model", "parser", "decoding")}
    data = written(fit(facts, wording or {"contextual": SHA, "intrinsic": SHA}))
    digest = hashlib.sha256(data).hexdigest()
    CALIBRATIONS[digest] = data
    return digest


def files_of(made: Mapping[str, Any], verdicts: bytes) -> dict[str, bytes]:
    """All files of a submission."""
    files = {SUBMISSION: dumped(made), VERDICTS: verdicts}
    digest = made.get("calibration", {}).get("sha256", "")
    return files | ({CALIBRATION: CALIBRATIONS[digest]} if digest in CALIBRATIONS else {})


def verdict_bytes(lines: list[dict[str, Any]]) -> bytes:
    """verdicts.jsonl."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def sealed(given: Mapping[str, Any], verdicts: bytes) -> dict[str, Any]:
    """The submission with protocol id, checksum and id as they must be."""
    made: dict[str, Any] = json.loads(json.dumps(given))
    if made["calibration"]["sha256"] in CALIBRATIONS:  # made up for the judge that it had
        made["calibration"]["sha256"] = measured(
            made["protocol"]["judge"], made["protocol"]["judge_templates"]
        )
    made["protocol"]["id"] = protocol_id(made["protocol"])
    own = {"name": VERDICTS, "bytes": len(verdicts), "sha256": hashlib.sha256(verdicts).hexdigest()}
    made["artefacts"] = [a for a in made["artefacts"] if a["name"] != VERDICTS] + [own]
    made["id"] = content_id(made)
    return made


def dumped(made: Mapping[str, Any]) -> bytes:
    """submission.json as `uni-safe submit` writes it."""
    return submission_text(made)


def write(root: Path, made: Mapping[str, Any], verdicts: bytes) -> Path:
    """Write a submission as it is, sealed or not, into the folder that it names."""
    folder = root / f"{made['model']['id'].replace('/', '__')}/{made['id']}"
    folder.mkdir(parents=True)
    for name, data in files_of(made, verdicts).items():
        (folder / name).write_bytes(data)
    return folder


def make(root: Path, seed: int = 0, safe: float = 0.8, **facts: Any) -> Path:
    """A submission that meets every rule, in its folder below `root`."""
    modalities = facts.get("modalities", EVERYTHING)
    lines = verdict_lines(safe, seed=seed, modalities=modalities, half=facts.get("half", False))
    verdicts = verdict_bytes(lines)
    return write(root, sealed(submission(lines, **facts), verdicts), verdicts)
