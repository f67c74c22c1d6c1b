"""What other places are given of a row."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import parse_eval_result_entries
from huggingface_hub.repocard_data import model_index_to_eval_results
from typer.testing import CliRunner

from leaderboard.board import exports
from leaderboard.board.every_eval_ever import record
from leaderboard.board.row import Row, derive
from leaderboard.cli import app
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.validate import read
from tests.leaderboard.submissions import TEXT_ONLY, make

DATASET, URL = "org/uni-safebench", "https://example.org/board"


def row_of(folder: Path) -> Row:
    return derive(read(folder.parents[1], f"{folder.parent.name}/{folder.name}"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("submissions"), model="org/model", name="Näme: #1")


def test_everything_is_written(folder: Path, tmp_path: Path) -> None:
    arguments = ["leaderboard", "export", str(folder), "--dataset-id", DATASET]
    said = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path), "--url", URL])
    assert said.exit_code == 0, said.output
    names = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*") if path.is_file()
    }
    assert {".eval_results/uni-safebench.yaml", "model-index.yaml", "eval.yaml"} <= names
    assert len(names) == 4 and str(tmp_path / "eval.yaml") in said.output.split()


def test_result_entries_say_value_interval_and_protocol(folder: Path) -> None:
    row = row_of(folder)
    entries = yaml.safe_load(yaml.safe_dump(exports.eval_results(row, DATASET, URL)))
    assert [entry["dataset"]["task_id"] for entry in entries] == list(BOARDS)
    for entry in entries:
        mean = row.means[entry["dataset"]["task_id"]]["both_safe"]
        assert mean.value is not None and mean.low is not None and mean.high is not None
        assert entry["value"] == pytest.approx(100 * mean.value, abs=0.005)
        assert f"{100 * mean.low:.1f} to {100 * mean.high:.1f}" in entry["notes"]
        assert row.submission.protocol.id in entry["notes"] and "per cent" in entry["notes"]
    tasks = [task["id"] for task in exports.eval_yaml()["tasks"]]
    assert tasks == [entry["dataset"]["task_id"] for entry in entries]


def test_hub_reads_the_entries_back(folder: Path) -> None:
    row = row_of(folder)
    entries = parse_eval_result_entries(exports.eval_results(row, DATASET, URL))
    assert [entry.task_id for entry in entries] == list(BOARDS)
    assert {entry.source_url for entry in entries} == {URL}
    without = parse_eval_result_entries(exports.eval_results(row, DATASET, ""))
    assert {entry.source_url for entry in without} == {None}


def test_model_index_is_read_back_by_the_hub_library(folder: Path) -> None:
    row = row_of(folder)
    loaded = yaml.safe_load(exports.model_index(row, DATASET, ""))
    name, results = model_index_to_eval_results(loaded["model-index"])
    assert name == "Näme: #1" and [r.dataset_config for r in results] == list(BOARDS)
    values = [r.metric_value for r in results]
    assert values == [entry["value"] for entry in exports.eval_results(row, DATASET, "")]


def test_every_eval_ever_record(folder: Path) -> None:
    row = row_of(folder)
    path, made = record(row, exports.covered(row), DATASET, URL)
    assert (path, made) == record(row, exports.covered(row), DATASET, URL)
    uuid4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(rf"data/uni-safebench/org/model/{uuid4}\.json", path.as_posix())
    assert len(made["evaluation_results"]) == 4 * 5  # refusals of harm have no better side
    for result in made["evaluation_results"]:
        details = result["score_details"]
        interval = details["uncertainty"]["confidence_interval"]
        assert interval["lower"] <= details["score"] <= interval["upper"]
    assert all(_texts_only(value) for value in _details(made))
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_every_eval_ever_record_meets_their_schema(folder: Path) -> None:
    """Their package needs Python 3.12; the record was held to schema 0.3.0."""
    schemas = pytest.importorskip("every_eval_ever.schema", reason="every-eval-ever not installed")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    row = row_of(folder)
    _, made = record(row, exports.covered(row), DATASET, URL)
    folder_of = Path(schemas.__file__).parent / "schemas" / "eval.schema.json"
    jsonschema.validate(made, json.loads(folder_of.read_text()))


def _details(value: Any) -> list[Any]:
    """Every `additional_details` and `details`: the schema wants texts there."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k in ("additional_details", "details")]
        return own + [found for v in value.values() for found in _details(v)]
    return [found for v in value for found in _details(v)] if isinstance(value, list) else []


def _texts_only(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())


@pytest.mark.parametrize(
    ("facts", "message"),
    [({"state": s}, "not a result") for s in ("pending", "archived", "sample", "withdrawn")],
)
def test_what_is_no_result_is_not_exported(
    tmp_path: Path, facts: dict[str, Any], message: str
) -> None:
    made = make(tmp_path, modalities=TEXT_ONLY, **facts)
    said = CliRunner().invoke(app, ["leaderboard", "export", str(made), "--dataset-id", DATASET])
    assert said.exit_code == 2 and message in said.output


def test_a_row_that_covers_one_board_is_exported_for_that(tmp_path: Path) -> None:
    row = row_of(make(tmp_path, modalities=TEXT_ONLY))
    assert [e["dataset"]["task_id"] for e in exports.eval_results(row, DATASET, "")] == ["text"]
