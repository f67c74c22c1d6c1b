"""Runs and facts that cannot be submitted, each with the line that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from judger.judges.rules import RulesJudge
from leaderboard.cli import app
from leaderboard.runs.read import Run
from leaderboard.submission.facts import (
    ATTESTATION,
)
from leaderboard.submission.measured import SubmitError
from leaderboard.submission.submit import About, build
from tests.leaderboard.submission.made_runs import ABOUT, edited, judged_by, rewritten, run


def mixed_settings() -> Run:
    made = run()
    tasks = sorted(made.results[0]["configs"])
    made.results[0]["configs"][tasks[3]] = {"generation_kwargs": {"temperature": 1}}
    return made


def measured_by(protocol: str) -> Run:
    return rewritten(run(), slice(3, 4), protocol=protocol)


UNDER = {"attack": "persona", "attack_sha256": "c" * 64}


def attacked() -> Run:
    return rewritten(run(), slice(None), **UNDER)


def half_attacked() -> Run:
    return rewritten(run(), slice(0, 5), **UNDER)


def test_under_attack_it_is_a_sample_of_a_protocol_of_its_own() -> None:
    plain, _ = build(run(), About(**{**ABOUT, "state": "sample"}))
    under, _ = build(attacked(), About(**{**ABOUT, "state": "sample"}))
    assert under.protocol.attack == f"persona {'c' * 64}" and not plain.protocol.attack
    assert under.protocol.id != plain.protocol.id
    assert "attack" in under.model_dump()["protocol"]
    assert "attack" not in plain.model_dump()["protocol"], "written as it always was"


def published() -> Run:
    return rewritten(run(), slice(None), judge={**RulesJudge.identity, "mode": "reference"})


def two_judges() -> Run:
    return rewritten(run(), slice(9, 10), judge={**RulesJudge.identity, "model": "other"})


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: run(edited(data_version="0.0.9")), "data_version"),
        (lambda: run(edited(item_id="bia-h199.text_generation")), "no item of this suite"),
        (mixed_settings, "was generated with"),
        (two_judges, "judge is"),
        (lambda: measured_by(""), "protocol none kept, this suite's is"),
        (lambda: measured_by("9999-A"), "protocol 9999-A, this suite's is .* cannot be compared"),
        (attacked, "made under attack persona, and is never ranked; --sample"),
        (half_attacked, "was asked under no attack, the first item under persona"),
        (published, "judged by the published protocol"),
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


def test_missing_options_are_asked_for_by_name(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["submit", str(tmp_path), "--weights", "open"])
    assert said.exit_code == 2
    for option in ("--model-id", "--model-revision", "--family", "--submitter", "--attest"):
        assert option in said.output
    assert "--weights" not in said.output and ATTESTATION in said.output
