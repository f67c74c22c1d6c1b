"""From a run to a submission, and what is refused on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judger.contract.protocol import HALF, VERSION, number_of
from leaderboard.published.paper_results import FAMILIES
from leaderboard.runs import versions
from leaderboard.runs.part import SeveralPartsError
from leaderboard.submission import manifest
from leaderboard.submission.facts import (
    SUBMISSION,
    VERDICTS,
    Model,
    Submission,
    content_id,
    protocol_id,
)
from leaderboard.submission.submit import About, build, write
from leaderboard.submission.validate import check_all
from leaderboard.submission.verdicts import parse
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.made_runs import ABOUT, SUITE, judged_by, run
from tests.leaderboard.submissions import EVERYTHING, TEXT_ONLY, verdict_lines


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
    assert Submission.model_validate_json(data) == made
    assert made.id == content_id(json.loads(data))
    assert made.protocol.id == protocol_id(json.loads(data)["protocol"])
    assert len(parse(verdicts).asked) == 1440
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
        ("attack", f"persona {'0' * 64}"),
        ("version", "9999-A"),
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
    assert "attack" not in protocol and protocol_id({**protocol, "attack": ""}) == protocol["id"]
    letter = f"{number_of(VERSION)}-Z"
    assert protocol_id({**protocol, "version": letter}) == protocol["id"]


def test_the_same_protocol_whatever_was_covered() -> None:
    lines = verdict_lines(modalities=TEXT_ONLY)
    whole, _ = build(run(lines), About(**ABOUT))
    part, _ = build(run([x for x in lines if x["task_type"] == "text_generation"]), About(**ABOUT))
    assert whole.protocol == part.protocol


def test_the_limit_of_the_newest_run_counts() -> None:
    made = run(config={"model": "m", "limit": 4.0})
    assert build(made, About(**ABOUT))[0].harness.limit == 4.0


@pytest.mark.parametrize("limit", [60, 60.0, None])
def test_a_run_of_the_half_is_submitted_as_such(limit: float | None) -> None:
    """None: its replies were made outside the harness, which alone knows a limit."""
    made = run(
        verdict_lines(half=True, modalities=TEXT_ONLY), config={"model": "m", "limit": limit}
    )
    half, _ = build(made, About(**ABOUT))
    whole, _ = build(run(), About(**ABOUT))
    assert (half.harness.limit, half.protocol.limit) == (HALF, HALF)
    assert (whole.harness.limit, whole.protocol.limit) == (None, None)
    assert half.protocol.id != whole.protocol.id
    same = half.protocol.model_dump() | {"id": whole.protocol.id}
    assert {k: v for k, v in same.items() if k != "limit"} == whole.protocol.model_dump()


def test_a_run_of_halves_and_wholes_is_refused() -> None:
    made = run()
    (result,) = made.results
    first, *others = sorted(result["configs"])
    parts = [
        {**result, "configs": {t: result["configs"][t] for t in tasks}, "config": {"limit": limit}}
        for tasks, limit in (([first], 60), (others, None))
    ]
    with pytest.raises(SeveralPartsError, match=r"--limit 60, others with none"):
        build(replace(made, results=tuple(parts)), About(**ABOUT))


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


def test_families_are_those_of_the_comparison() -> None:
    known = Model.model_json_schema()["properties"]["family"]["enum"]
    assert set(known) == {*FAMILIES, "control"}


def test_what_ran_is_known() -> None:
    assert versions.versions()["lmms_eval"] == "0.7.3" and len(manifest.CELLS) == 42
    assert len(manifest.items()) == sum(map(len, manifest.item_ids().values()))
