"""A command in a fork of a warm process does what it does in a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import Finished, control, environment, run
from tests.e2e.warm.client import server

pytestmark = pytest.mark.e2e
CELL = "uni_safe_privacy_leak_text_generation"


@pytest.fixture(scope="module", params=[("mixed", 0), ("silent", 1)], ids=["passes", "fails"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Finished, Finished, int]:
    """The same run in a fork and alone, and the exit status of both."""
    policy, status = request.param
    words = ("--tasks", CELL, "--limit", "6")
    warm, cold = (
        control(policy, *words, cwd=tmp_path_factory.mktemp(name), cold=name == "cold")
        for name in ("warm", "cold")
    )
    return warm, cold, status


def test_the_same_status(both: tuple[Finished, Finished, int]) -> None:
    warm, cold, status = both
    assert (warm.status, cold.status) == (status, status), warm.output[-2000:]
    said = [line for line in cold.output.splitlines() if line.startswith("lmms_eval: ")]
    assert said == [line for line in warm.output.splitlines() if line.startswith("lmms_eval: ")]


def test_the_same_records_and_files(both: tuple[Finished, Finished, int]) -> None:
    warm, cold, _ = both
    assert len(warm.saved.records) == 6
    assert warm.saved.records == cold.saved.records
    assert figures(warm) == figures(cold)
    assert sorted(f.suffix for f in warm.saved.files) == sorted(f.suffix for f in cold.saved.files)


def figures(finished: Finished) -> Any:
    """All figures of the results file, by task."""
    return finished.saved.results[0]["results"]


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"UNI_JUDGER_CACHE": "/a/cache", "UNI_SAFE_ATTACK": "persona"}, True),
        ({"UNI_SAFE_CAPABILITIES": "text-to-text", "UNI_SAFEBENCH_DATA": "/data"}, True),
        ({"OMP_NUM_THREADS": "1"}, False),
        ({"CUDA_VISIBLE_DEVICES": ""}, False),
        ({"HF_HOME": "/nowhere"}, False),
        ({"HF_HUB_OFFLINE": "0"}, False),
        ({"LMMS_EVAL_PLUGINS": "mine"}, False),
        ({"PYTHONPATH": "/elsewhere"}, False),
    ],
)
def test_who_gets_a_process_of_his_own(changed: dict[str, str], fits: bool) -> None:
    assert server().fits(environment(**changed)) == fits


def test_one_that_hangs_is_stopped_and_the_next_runs(tmp_path: Path) -> None:
    words = ["--tasks", CELL, "--model", "uni_safe_control"]
    with pytest.raises(subprocess.TimeoutExpired):
        server().run("lmms_eval", words, tmp_path, environment(), 0)
    after = run("lmms_eval", "--config", "no_such_recipe", cwd=tmp_path, env=environment())
    assert after.status == 2 and "no_such_recipe" in after.output, after.output[-2000:]


def test_a_fork_has_the_words_folder_and_environment_given(tmp_path: Path) -> None:
    said = []
    for name, suite in (("here.jsonl", ""), ("there.jsonl", "x"), ("there.jsonl", "")):
        env = environment(**({"UNI_SAFE_ATTACK": suite} if suite else {}))
        words = ("prompts", "--tasks", CELL, "--limit", "1", "--out", name)
        warm, cold = (
            run("uni-safe", *words, cwd=tmp_path, env=env, cold=cold) for cold in (False, True)
        )
        assert (warm.status, warm.output) == (cold.status, cold.output)
        said.append((warm.status, warm.output))
    assert len(set(said)) == 3, said
