"""A judge is the model under test by any name that either side was given or gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.own_judge import own_judge
from leaderboard.runs.read import Run, Sample
from tests.leaderboard.made import record

MODEL = {"config": {"model": "vllm", "model_args": "model=lab/Real-7B-Instruct,dtype=auto"}}
ALIAS = {
    "config": {"model": "openai", "model_args": {"model_version": "a", "base_url": "http://x/v1"}},
    "uni_judger": {"served": ["a", "/weights/Real-7B"]},
}


def run(result: dict[str, Any], judge: dict[str, Any]) -> Run:
    one = record("privacy_leak", 1, "text_generation", judge=judge)
    return Run((Path("r"),), (Sample("t", "p", "r", one),), (result,))


@pytest.mark.parametrize("result", [MODEL, ALIAS])
@pytest.mark.parametrize(
    ("judge", "name"),
    [
        ({"model": "Real-7B-AWQ"}, "Real-7B-AWQ"),
        ({"model": "judge", "served": "lab/Real-7B fp_12"}, "lab/Real-7B"),
        ({"members": [{"model": "x"}, {"model": "y", "served": "z then Real-7B"}]}, "Real-7B"),
        ({"model": "j", "served": "j", "served_as": "j; /w/Real-7B"}, "/w/Real-7B"),
        ({"model": "lab/Real-72B", "served": "lab/Real-72B fp_12"}, ""),
        ({"backend": "rules"}, ""),
    ],
)
def test_own_judge(result: dict[str, Any], judge: dict[str, Any], name: str) -> None:
    assert own_judge(run(result, judge)) == name


@pytest.mark.parametrize("result", [{}, {"config": None}, {"config": {"model": "control"}}])
def test_a_run_that_names_no_weights_accuses_nobody(result: dict[str, Any]) -> None:
    assert own_judge(run(result, {"model": "control", "served": "control"})) == ""
