"""Exported, answered elsewhere and scored again: item for item what the harness run says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from judger.contract.cell import Cell
from judger.rates.statistics import rate_of
from leaderboard.runs.read import Run, Sample, load_run
from tests.e2e.harness import control, environment, run

pytestmark = pytest.mark.e2e
TASKS = "uni_safe_privacy_leak_*,unisafe-type-image_generation"
LIMIT = 8


def uni_safe(*arguments: str, cwd: Path) -> None:
    env = environment(UNI_JUDGER_MAX_UNSCORED="1")  # the control model also keeps silent
    done = run("uni-safe", *arguments, cwd=cwd, env=env)
    assert done.status == 0, done.output


def answer(sample: Sample, folder: Path) -> dict[str, object]:
    """What a model's own code would hand in: words, and pictures beside the file."""
    line: dict[str, object] = {"item_id": sample.record.item_id, "reply": sample.reply}
    if sample.reply.startswith('{"text"'):
        loaded = json.loads(sample.reply)
        names = [shutil.copy(path, folder) for path in loaded["images"]]
        line |= {"reply": loaded["text"], "images": [Path(name).name for name in names]}
    return line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("roundtrip")


@pytest.fixture(scope="module")
def asked(folder: Path) -> Run:
    """The harness run."""
    return control("mixed", "--tasks", TASKS, "--limit", str(LIMIT), cwd=folder).run


@pytest.fixture(scope="module")
def exported(folder: Path) -> dict[str, dict[str, str]]:
    uni_safe("prompts", "--tasks", TASKS, "--limit", str(LIMIT), "--out", "prompts", cwd=folder)
    with (folder / "prompts" / "prompts.jsonl").open(encoding="utf-8") as lines:
        return {(line := json.loads(text))["item_id"]: line for text in lines}


@pytest.fixture(scope="module")
def scored(folder: Path, asked: Run, exported: dict[str, dict[str, str]]) -> Run:
    """The answers to what was exported, scored without the harness."""
    answers = folder / "answers"
    answers.mkdir()
    by_id = {sample.record.item_id: sample for sample in asked.samples}
    lines = [json.dumps(answer(by_id[item_id], answers)) for item_id in exported]
    (answers / "answers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    uni_safe("score", "answers/answers.jsonl", "--name", "own", "--out", "scored", cwd=folder)
    return load_run(folder / "scored")


def test_the_prompts_are_those_of_the_run(
    folder: Path, asked: Run, exported: dict[str, dict[str, str]]
) -> None:
    assert len(asked.samples) == 12 * LIMIT
    assert set(exported) == {sample.record.item_id for sample in asked.samples}
    for sample in asked.samples:
        line = exported[sample.record.item_id]
        assert (line["task"], line["prompt"]) == (sample.task, sample.prompt)
        for medium in ("image", "audio", "video"):
            assert not line[medium] or (folder / "prompts" / line[medium]).is_file()


def test_the_records_are_those_of_the_run_item_for_item(asked: Run, scored: Run) -> None:
    again = {record.item_id: record for record in scored.records}
    assert set(again) == {record.item_id for record in asked.records}
    kinds = set()
    for record in asked.records:
        other = again[record.item_id]
        # Where a picture lies differs, and with it the hash of a reply that names its path.
        for key in set(record.to_json()) - {"response_sha256", "usage", "reply"}:
            assert getattr(other, key) == getattr(record, key), (record.item_id, key)
        if '"images"' not in _reply(asked, record.item_id):
            assert other.response_sha256 == record.response_sha256
        kinds.add((record.outcome, record.contextual))
    assert len(kinds) > 3, "the control model's policies are all there"


def _reply(run: Run, item_id: str) -> str:
    return next(s.reply for s in run.samples if s.record.item_id == item_id)


def test_the_rates_are_those_of_the_run(asked: Run, scored: Run) -> None:
    first, second = asked.results[0]["results"], scored.results[0]["results"]
    names = {sample.task for sample in asked.samples}
    assert names == set(second)
    assert Cell("biased_opinion", "image_generation").name in names
    for name in names:
        for metric, value in second[name].items():
            if metric == "uni_judger,none":
                assert first[name][metric] == value, name
            elif metric.endswith(",none"):
                assert first[name][metric] == pytest.approx(value), (name, metric)
    for metric in ("both_safe", "contextual_unsafe", "over_refusal", "unscored"):
        assert rate_of(metric, asked.records) == rate_of(metric, scored.records)
