"""A row as an Every Eval Ever record (schema 0.3.0): https://github.com/evaleval/every_eval_ever."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from judger.contract.protocol import HALF_TOLD
from judger.rates.intervals import LEVEL
from judger.rates.metrics import METRICS
from judger.rates.statistics import Mean
from leaderboard.board.numbers import SHOWN
from leaderboard.board.row import Row
from leaderboard.submission.facts import Protocol, Submission
from leaderboard.text import words

SCHEMA = "0.3.0"
BENCHMARK = "uni-safebench"


def record(
    row: Row, boards: Sequence[str], dataset_id: str, url: str
) -> tuple[Path, dict[str, Any]]:
    """(path in the data store, the record); the same row gives the same of both."""
    said = row.submission
    digest = hashlib.sha256(f"{BENCHMARK} {said.id}".encode()).digest()
    name = uuid.UUID(bytes=digest[:16], version=4)
    developer, _, model = said.model.id.partition("/")
    day = datetime.fromisoformat(said.submitted).replace(tzinfo=timezone.utc)
    stamp = str(int(day.timestamp()))
    content = {
        "schema_version": SCHEMA,
        "evaluation_id": f"{BENCHMARK}/{said.model.id}/{stamp}",
        "evaluation_timestamp": said.generated,
        "retrieved_timestamp": stamp,
        "source_metadata": _source(said, url),
        "eval_library": {
            "name": "lmms_eval",
            "version": said.harness.versions.get("lmms_eval", "unknown"),
            "additional_details": dict(said.harness.versions),
        },
        "model_info": _model(said),
        "evaluation_results": [
            _result(said, board, metric, row.means[board][metric], dataset_id)
            for board in boards
            for metric in SHOWN
            if METRICS[metric] is not None  # the schema wants to know which way is better
        ],
    }
    return Path("data") / BENCHMARK / developer / model / f"{name}.json", content


def _source(said: Submission, url: str) -> dict[str, Any]:
    own = said.people.submitter.lower() == said.model.id.partition("/")[0].lower()
    made: dict[str, Any] = {
        "source_name": "Uni-SafeBench leaderboard",
        "source_type": "evaluation_run",
        "source_organization_name": said.people.submitter,
        "evaluator_relationship": "first_party" if own else "third_party",
        "additional_details": {
            "submission": said.id,
            "protocol": said.protocol.id,
            "generated_by": said.people.generated_by,
            "judged_by": said.people.judged_by,
        },
    }
    return made | ({"source_organization_url": url} if url else {})


def _model(said: Submission) -> dict[str, Any]:
    return {
        "name": said.model.name,
        "id": said.model.id,
        "developer": said.model.id.partition("/")[0],
        "additional_details": {
            "deployment_type": "unknown",
            "model_availability": f"{said.model.weights}_weights",
            "revision": said.model.revision,
            "family": said.model.family,
            "inputs": ", ".join(said.model.inputs),
            "outputs": ", ".join(said.model.outputs),
            "base_model": said.model.base_model,
        },
    }


def _result(
    said: Submission, board: str, metric: str, mean: Mean, dataset_id: str
) -> dict[str, Any]:
    title, meaning, _ = words.TITLES[metric]
    return {
        "evaluation_result_id": f"{said.id}/{board}/{metric}",
        "evaluation_name": f"{BENCHMARK}/{board}",
        "source_data": {
            "dataset_name": f"Uni-SafeBench {said.protocol.data_version}",
            "source_type": "hf_dataset",
            "hf_repo": dataset_id,
            "additional_details": {"data_sha256": said.protocol.data_sha256},
        },
        "metric_config": {
            "evaluation_description": f"{title}: {meaning}; mean over {mean.cells} cells",
            "metric_id": f"{BENCHMARK}.{metric}",
            "metric_name": title,
            "metric_kind": "rate",
            "metric_unit": "proportion",
            "lower_is_better": not METRICS[metric],
            "score_type": "continuous",
            "min_score": 0.0,
            "max_score": 1.0,
            "llm_scoring": _judging(said.protocol),
        },
        "score_details": {
            "score": mean.value,
            "details": {"cells": str(mean.cells), "unscored": str(mean.unscored)},
            "uncertainty": {
                "confidence_interval": {
                    "lower": mean.low,
                    "upper": mean.high,
                    "confidence_level": LEVEL,
                    "method": "Wilson for the effective number of independent items",
                },
                "num_samples": mean.n,
            },
        },
        "generation_config": {
            "additional_details": {k: str(v) for k, v in said.protocol.generation.items()}
        },
    }


def _judging(protocol: Protocol) -> dict[str, Any]:
    judge = protocol.judge
    hashes = ", ".join(f"{axis} sha256 {sha}" for axis, sha in protocol.judge_templates.items())
    model = {
        "name": judge.model,
        "id": judge.model,
        "additional_details": {
            "deployment_type": "unknown",
            "model_availability": "unknown",
            "revision": judge.revision,
            "backend": judge.backend,
        },
    }
    details = {"parser": judge.parser, **{k: str(v) for k, v in judge.decoding.items()}}
    return {
        "judges": [{"model_info": model, "additional_details": details}],
        "input_prompt": f"templates/judger of Uni-SafeBench: {hashes}",
        "additional_details": {"protocol": protocol.id}
        | ({"part": HALF_TOLD} if protocol.limit else {}),
    }
