"""From a run to a submission, and what is refused on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from judger.contract.record import Record
from judger.judges.rules import RulesJudge
from leaderboard.cli import app
from leaderboard.published.results import FAMILIES
from leaderboard.runs import versions
from leaderboard.runs.read import Run, Sample
from leaderboard.submission import manifest
from leaderboard.submission.facts import (
    ATTESTATION,
    SUBMISSION,
    VERDICTS,
    Model,
    content_id,
    parse_submission,
    protocol_id,
    write,
)
from leaderboard.submission.measured import SubmitError
from leaderboard.submission.submit import About, build
from leaderboard.submission.validate import check_all
from leaderboard.submission.verdicts import parse
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submissions import EVERYTHING, TEXT_ONLY, verdict_lines
from uni_safe_tasks.scenario.locations import data_version

ABOUT: dict[str, Any] = {
    "model_id": "org/model",
    "model_revision": "r1",
    "family": "llm",
    "weights": "open",
    **TEXT_ONLY,
    "submitter": "A. Person",
    "generated_by": "A. Lab",
    "judged_by": "A. Lab",
    "day": "2026-02-02",
}
SUITE = "0.3.0 0123456789abcdef0123456789abcdef01234567 clean"
SETTINGS = {"max_new_tokens": 1024, "until": []}


def results(tasks: list[str], **facts: Any) -> dict[str, Any]:
    """What the harness writes of a run, as far as a submission reads it."""
    model_args = "policy=mixed,output_dir=/home/me/out,hf_token=s3cret,max_tokens=512"
    return {
        "date": "20260201_000000",
        "config": {"model": "uni_safe_control", "model_args": model_args, "limit": None},
        "configs": {task: {"generation_kwargs": SETTINGS} for task in tasks},
        "n-shot": dict.fromkeys(tasks, 0),
    } | facts


def run(lines: list[dict[str, Any]] | None = None, **facts: Any) -> Run:
    """A run with these verdicts, judged by `rules`."""
    samples = []
    for line in verdict_lines(modalities=TEXT_ONLY) if lines is None else lines:
        about = {
            "judge": RulesJudge.identity,
            "template_sha256": {"contextual": "a" * 64, "intrinsic": "b" * 64},
            "data_version": data_version(),
            "suite": SUITE,
            "reason": "a judge's words",
        }
        record = Record.from_json(about | line)
        task = f"uni_safe_{line['category']}_{line['task_type']}"
        samples.append(Sample(task, "the prompt", "the reply", record))
    tasks = sorted({sample.task for sample in samples})
    return Run((), tuple(samples), (results(tasks, **facts),))


def test_a_run_becomes_a_submission_without_words_of_the_model(tmp_path: Path) -> None:
    made, verdicts = build(run(), About(**ABOUT, state="sample"))
    folder = write(tmp_path, made, verdicts)
    assert check_all(tmp_path) == []
    for name in (SUBMISSION, VERDICTS):
        text = (folder / name).read_text()
        for word in ("the prompt", "the reply", "a judge's words", "/home/me", "abc,", "s3cret"):
            assert word not in text, (name, word)
    statuses = {cell.task_type: cell.status for cell in made.cells}
    assert statuses["text_generation"] == "scored" and statuses["video_analysis"] == "unsupported"
    backend = "uni_safe_control policy=mixed,output_dir=…,hf_token=…,max_tokens=512"
    assert made.harness.backends == [backend]
    assert (made.harness.commit, made.harness.clean) == (SUITE.split()[1], True)
    assert made.harness.versions["uni-safebench"] == "0.3.0"
    assert (made.generated, made.submitted) == ("2026-02-01", "2026-02-02")


def test_written_and_read_it_is_the_same(tmp_path: Path) -> None:
    made, verdicts = build(run(), About(**ABOUT))
    folder = write(tmp_path, made, verdicts)
    data = (folder / SUBMISSION).read_bytes()
    assert parse_submission(data) == made
    assert made.id == content_id(json.loads(data))
    assert made.protocol.id == protocol_id(json.loads(data)["protocol"])
    assert len(parse(verdicts).asked) == 960
    with pytest.raises(FileExistsError):
        write(tmp_path, made, verdicts)


def test_cells_that_were_not_run_are_missing() -> None:
    made, _ = build(run(), About(**{**ABOUT, **EVERYTHING}))
    assert {c.status for c in made.cells if c.task_type == "video_analysis"} == {"missing"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("temperature", 0.5),
        ("judge.model", "another"),
        ("judge.revision", "another"),
        ("judge.decoding", {"temperature": 1}),
        ("data_sha256", "0" * 64),
        ("prompt_templates", {}),
        ("judge_templates", {}),
    ],
)
def test_whatever_changes_the_measurement_changes_the_protocol(
    draft: Draft, key: str, value: Any
) -> None:
    protocol = draft.made["protocol"]
    changed = json.loads(json.dumps(protocol))
    if key == "temperature":
        changed["generation"][key] = value
    elif "." in key:
        changed["judge"][key.partition(".")[2]] = value
    else:
        changed[key] = value
    assert protocol_id(changed) != protocol_id(protocol) == protocol["id"]
    assert protocol_id({**protocol, "id": "other"}) == protocol["id"]


def test_the_same_protocol_whatever_was_covered() -> None:
    lines = verdict_lines(modalities=TEXT_ONLY)
    whole, _ = build(run(lines), About(**ABOUT))
    part, _ = build(run([x for x in lines if x["task_type"] == "text_generation"]), About(**ABOUT))
    assert whole.protocol == part.protocol


def edited(**changes: Any) -> list[dict[str, Any]]:
    lines = verdict_lines(modalities=TEXT_ONLY)
    lines[5] |= changes
    return lines


def mixed_settings() -> Run:
    made = run()
    tasks = sorted(made.results[0]["configs"])
    made.results[0]["configs"][tasks[3]] = {"generation_kwargs": {"temperature": 1}}
    return made


def judged_by(suite: str, first: int, last: int | None) -> Run:
    return rewritten(run(), slice(first, last), suite=suite)


def two_judges() -> Run:
    return rewritten(run(), slice(9, 10), judge={**RulesJudge.identity, "model": "other"})


def rewritten(made: Run, where: slice, **fields: Any) -> Run:
    """The run with some fields of some records replaced."""
    samples = list(made.samples)
    samples[where] = [replace(s, record=s.record.changed(**fields)) for s in samples[where]]
    return replace(made, samples=tuple(samples))


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: run(edited(data_version="0.0.9")), "data_version"),
        (lambda: run(edited(item_id="bia-h199.text_generation")), "no item of this suite"),
        (mixed_settings, "was generated with"),
        (two_judges, "judge is"),
        (lambda: judged_by("", 0, None), "suite unknown.*rejudge"),
        (lambda: judged_by("", 5, 6), "suite unknown.*rejudge"),
        (lambda: judged_by("0.3.0 wheel modified", 5, None), "wheel modified.*rejudge"),
        (lambda: judged_by("odd", 0, None), "suite odd"),
    ],
)
def test_refused_runs(made: Any, message: str) -> None:
    with pytest.raises(SubmitError, match=message):
        build(made(), About(**ABOUT))


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("model_id", "no-organisation", "model.id"),
        ("model_id", "../x/y", "model.id"),
        ("family", "gpt", "model.family"),
        ("inputs", ["smell"], "model.inputs"),
        ("submitter", "", "people.submitter"),
        ("model_name", "a\nb", "model.name"),
        ("submitter", "me, token=abc", "people.submitter"),
        ("base_model", "/My Models/x", "model.base_model"),
        ("base_model", "org/model my_password: abc", "a secret"),
    ],
)
def test_refused_facts(field: str, value: Any, place: str) -> None:
    with pytest.raises(SubmitError, match=place):
        build(run(), About(**{**ABOUT, field: value}))


def test_the_limit_of_the_newest_run_counts() -> None:
    made = run(config={"model": "m", "limit": 4.0})
    assert build(made, About(**ABOUT))[0].harness.limit == 4.0


@pytest.mark.parametrize(
    ("suite", "commit", "clean"),
    [
        ("0.3.0 wheel clean", "", True),
        ("0.3.0 wheel modified", "", False),
        ("0.3.0 0123abc modified", "0123abc", False),
        ("unknown unknown modified", "unknown", False),
    ],
)
def test_the_code_is_that_of_the_records(suite: str, commit: str, clean: bool) -> None:
    harness = build(judged_by(suite, 0, None), About(**ABOUT))[0].harness
    assert (harness.commit, harness.clean) == (commit, clean)


def test_missing_options_are_asked_for_by_name(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["submit", str(tmp_path), "--weights", "open"])
    assert said.exit_code == 2
    for option in ("--model-id", "--model-revision", "--family", "--submitter", "--attest"):
        assert option in said.output
    assert "--weights" not in said.output and ATTESTATION in said.output


def test_families_are_those_of_the_comparison() -> None:
    known = Model.model_json_schema()["properties"]["family"]["enum"]
    assert set(known) == {*FAMILIES, "control"}


def test_what_ran_is_known() -> None:
    assert versions.versions()["lmms_eval"] == "0.7.3" and len(manifest.CELLS) == 42
    assert len(manifest.items()) == sum(map(len, manifest.item_ids().values()))
