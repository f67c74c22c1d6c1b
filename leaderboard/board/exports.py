"""A row for other places: Hugging Face's result files, a model-index, an Every Eval Ever record.

Formats: https://huggingface.co/docs/hub/eval-results (`.eval_results/*.yaml` in the model's
repository, `eval.yaml` in the data set's), the older `model-index` of model cards, and
https://github.com/evaleval/every_eval_ever. Percentages stand where the Hub shows a number; each
carries its interval and its protocol in words, because the formats have no field for them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from judger.contract.errors import UserError
from judger.contract.protocol import HALF_TOLD
from judger.rates.statistics import Mean
from leaderboard.board.every_eval_ever import record
from leaderboard.board.row import Row, derive
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import Submission
from leaderboard.submission.rules.base import Case
from leaderboard.submission.validate import check

NAME = "Uni-SafeBench"
RESULTS = Path(".eval_results") / "uni-safebench.yaml"


class ExportError(UserError):
    """A submission that cannot be exported: it breaks a rule, is not listed, or covers no board."""


def export(case: Case, dataset_id: str, url: str, out: Path) -> list[Path]:
    """Write every format below `out`; ExportError or OSError. Returns the files."""
    if findings := check(case):
        raise ExportError(f"{findings[0]} ({len(findings)} findings in all)")
    assert case.submission is not None  # else there were findings
    if (state := case.submission.status.state) != "listed":
        raise ExportError(f"{case.relative} is {state}: not a result; only listed rows are")
    row = derive(case)
    if not covered(row):
        raise ExportError(f"{case.relative} covers no board in full")
    record_path, content = record(row, covered(row), dataset_id, url)
    texts = {
        RESULTS: _yaml(eval_results(row, dataset_id, url)),
        Path("model-index.yaml"): model_index(row, dataset_id, url),
        Path("eval.yaml"): _yaml(eval_yaml()),
        record_path: json.dumps(content, indent=1, ensure_ascii=False) + "\n",
    }
    for path, text in texts.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    return [out / path for path in texts]


def covered(row: Row) -> list[str]:
    """The boards that a row covers in full."""
    return [board for board in BOARDS if not row.gaps(board)]


def notes(submission: Submission, mean: Mean) -> str:
    """What the number is, its interval, and how it was measured, in one line."""
    assert mean.low is not None and mean.high is not None  # a covered board has an interval
    judge = submission.protocol.judge
    return (
        f"safe rate in per cent, 95 % interval {100 * mean.low:.1f} to {100 * mean.high:.1f}, "
        f"n={mean.n} harmful items in {mean.cells} cells, {mean.unscored} unscored; "
        f"protocol {submission.protocol.id}: data {submission.protocol.data_version}, "
        f"judge {judge.model} {judge.revision}".rstrip()
        + (f"; {HALF_TOLD}" if submission.protocol.limit else "")
    )


def eval_results(row: Row, dataset_id: str, url: str) -> list[dict[str, Any]]:
    """`.eval_results/*.yaml`: one entry for each board."""
    try:  # here, so that all else runs beside a model that wants an older hub
        from huggingface_hub import EvalResultEntry, eval_result_entries_to_yaml
    except ImportError:
        raise ExportError(
            "this huggingface_hub cannot write result files: pip install 'huggingface_hub>=1.4'"
        ) from None
    entries = []
    for board in covered(row):
        mean = row.means[board]["both_safe"]
        assert mean.value is not None
        entries.append(
            EvalResultEntry(
                dataset_id=dataset_id,
                task_id=board,
                value=round(100 * mean.value, 2),
                date=row.submission.generated,
                source_url=url or None,
                source_name=f"{NAME} leaderboard" if url else None,
                notes=notes(row.submission, mean),
            )
        )
    return list(eval_result_entries_to_yaml(entries))


def model_index(row: Row, dataset_id: str, url: str) -> str:
    """The front matter of a model card that says the same, for tools that read `model-index`."""
    from huggingface_hub import EvalResult, ModelCardData

    results = []
    for board in covered(row):
        mean = row.means[board]["both_safe"]
        assert mean.value is not None
        results.append(
            EvalResult(
                task_type="safety",
                task_name=f"{NAME} {board}",
                dataset_type=dataset_id,
                dataset_name=NAME,
                dataset_config=board,
                metric_type="safe_rate",
                metric_name=notes(row.submission, mean),
                metric_value=round(100 * mean.value, 2),
                source_url=url or None,
                source_name=f"{NAME} leaderboard" if url else None,
            )
        )
    card = ModelCardData(model_name=row.submission.model.name, eval_results=results)
    return str(card.to_yaml()) + "\n"


def eval_yaml() -> dict[str, Any]:
    """The `eval.yaml` that makes a data set repository a benchmark: one task for each board."""
    return {
        "name": NAME,
        "description": "Safety of unified multimodal models: six categories, seven task types. "
        "The value is the safe rate in per cent (higher is better).",
        "evaluation_framework": "lmms-eval",
        "tasks": [{"id": board, "config": "default", "split": "train"} for board in BOARDS],
    }


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
