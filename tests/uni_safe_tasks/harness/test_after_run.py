"""After a run somebody checks it: each kind of difference is a line and an exit status of 1."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from judger.judges.rules import RulesJudge
from judger.offline.results import ResultFiles
from tests.judger.items import item
from uni_safe_tasks.harness import after_run
from uni_safe_tasks.harness.after_run import Ended, problems
from uni_safe_tasks.harness.installed.fit import Unfit
from uni_safe_tasks.harness.installed.version_facts import FACTS

TASK = "uni_safe_privacy_leak_text_generation"
UNFIT = Unfit(next(fact for fact in FACTS if fact.stops), "4.3.1")
SILENCED = Unfit(next(fact for fact in FACTS if "qwen2_5_omni" in fact.back_ends), "5.24.0")
Change = Callable[[dict[str, Any], Path], None]


@pytest.fixture
def ended(tmp_path: Path) -> Ended:
    """A whole run of ten items, as the harness would have left it."""
    started = time.time()
    with ResultFiles(tmp_path / "model", {"model": "m"}) as files:
        for n in range(10):
            one = item(item_id=f"i{n}", category="privacy_leak", task_type="text_generation")
            record = Record.scored(one, "safe", "safe", judge=RulesJudge.identity)
            files.add(TASK, {"input": "p", "filtered_resps": "r"}, record)
        path = files.finish(RulesJudge.identity, {})
    results = json.loads(path.read_text())
    results["config"]["resolved_cli_args"] = {"log_samples": True}
    results["uni_judger"]["traffic"] = {TASK: {"requests": 10, "replies": 10}}
    path.write_text(json.dumps(results))
    return Ended(results, str(tmp_path), started, "m")


def change(ended: Ended, alter: Change) -> list[str]:
    (path,) = Path(str(ended.output_path)).rglob("*_results.json")
    results = json.loads(path.read_text())
    (samples,) = path.parent.glob("*.jsonl")
    alter(results, samples)
    path.write_text(json.dumps(results))
    return problems(Ended(results, ended.output_path, ended.started, "m"))


def test_a_whole_run_has_no_problem(ended: Ended) -> None:
    assert problems(ended) == []


def cut(results: dict[str, Any], samples: Path) -> None:
    samples.write_text("".join(line + "\n" for line in samples.read_text().splitlines()[:6]))


def garble(results: dict[str, Any], samples: Path) -> None:
    lines = samples.read_text().splitlines()
    samples.write_text("\n".join([*lines[:4], "{half", *lines[5:]]) + "\n")


def swap(results: dict[str, Any], samples: Path) -> None:
    """A verdict on disk is another than in the results file."""
    samples.write_text(samples.read_text().replace('"outcome": "scored"', '"outcome": "odd"', 1))


def other_outcome(results: dict[str, Any], samples: Path) -> None:
    results["results"][TASK]["uni_judger,none"] |= {"scored": 9, "no_output": 1}


def lost(results: dict[str, Any], samples: Path) -> None:
    samples.unlink()


def surplus(results: dict[str, Any], samples: Path) -> None:
    results["uni_judger"]["traffic"][TASK]["replies"] = 11


def fewer(results: dict[str, Any], samples: Path) -> None:
    results["uni_judger"]["traffic"][TASK] = {"requests": 9, "replies": 9}


def doubled(results: dict[str, Any], samples: Path) -> None:
    samples.write_text(samples.read_text() * 2)


def faulty(results: dict[str, Any], samples: Path) -> None:
    results["uni_judger"]["faults"] = ["the back end X put the reply to request 1 in place 2"]


@pytest.mark.parametrize(
    ("alter", "says"),
    [
        (
            cut,
            f"{TASK}: 10 requests, 10 replies, 10 documents, 6 lines on disk, 6 records, 10 items",
        ),
        (garble, ":5: no uni_judger record"),
        (garble, "10 lines on disk, 9 records, 10 items in the results file"),
        (swap, ":1: no uni_judger record"),
        (other_outcome, "records on disk / results file: scored 10 / 9, no_output 0 / 1"),
        (lost, f"{TASK}: there is no samples file of it"),
        (surplus, f"{TASK}: 10 requests, 11 replies"),
        (fewer, f"{TASK}: 9 requests, 9 replies, 10 documents"),
        (doubled, "20 lines on disk, 20 records, 10 items"),
        (faulty, "the back end X put the reply to request 1 in place 2"),
    ],
)
def test_a_difference_is_a_line(ended: Ended, alter: Change, says: str) -> None:
    found = change(ended, alter)
    assert any(says in line for line in found), found
    assert not any("\n" in line for line in found)


def test_a_run_that_saved_nothing(tmp_path: Path) -> None:
    results = {"results": {TASK: {}}, "date": "20260101_000000"}
    assert problems(Ended(results, str(tmp_path), time.time(), "m")) == [
        f"no results file was written below {tmp_path}"
    ]


def test_another_run_in_the_folder_is_not_taken_for_this_one(ended: Ended) -> None:
    assert ended.results is not None
    results = {**ended.results, "date": "20200101_000000"}
    (said,) = problems(Ended(results, ended.output_path, ended.started, "m"))
    assert said.startswith("no results file")


def test_runs_of_other_tasks_are_only_looked_for(tmp_path: Path) -> None:
    (tmp_path / "x_results.json").write_text("{}")
    assert problems(Ended({"results": {"mme": {}}, "date": "x"}, str(tmp_path), 0.0)) == []


@pytest.mark.parametrize(
    ("model", "unfit", "cause"),
    [
        ("qwen2_5_omni", [SILENCED], str(SILENCED)),
        ("qwen2_5_omni", [], after_run.UNKNOWN),
        ("openai", [UNFIT], after_run.UNKNOWN),
    ],
)
def test_a_silent_back_end_is_a_failed_run_with_its_likely_cause(
    model: str, unfit: list[Unfit], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(after_run, "find_unfit", lambda back_ends: unfit)
    monkeypatch.setattr(after_run, "silence", lambda: "none of 6 items was answered (…)")
    found = problems(Ended({"results": {TASK: {}}}, None, 0.0, model))
    assert found == [f"{model}: none of 6 items was answered (…); likely cause: {cause}"]


@pytest.mark.parametrize(("bound", "says"), [("", 1), ("0.5", 1), ("0.8", 0)])
def test_too_much_unscored_is_a_failed_run(
    bound: str, says: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_MAX_UNSCORED", bound)
    counts = {"items": 4, "scored": 1, "no_output": 3, "n": {}}
    results = {"results": {TASK: {"uni_judger,none": counts}}}
    assert len(problems(Ended(results, None, 0.0, "m"))) == says


def test_many_reasons_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    after_run.say([f"reason {n}" for n in range(25)])
    said = capsys.readouterr().err.splitlines()
    assert len(said) == after_run.MOST + 1 and said[-1].startswith("lmms_eval: and 15 more")
