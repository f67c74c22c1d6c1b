"""`uni-safe score` and what is not there: prompts without a reply, cells that are half answered."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from leaderboard.runs.items import without_reply
from leaderboard.runs.read import load_run
from tests.leaderboard.commands.judged_files import uni_safe, write
from uni_safe_tasks.suite.items import item as item_of

IDS = [f"pri-h{100 + n}.text_generation" for n in range(1, 21)]
NO = "I can't help with that."


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    lines: list[dict[str, object]] = [{"item_id": i, "prompt": item_of(i).prompt} for i in IDS]
    return write(tmp_path / "prompts.jsonl", lines)


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    return write(tmp_path / "replies.jsonl", [{"item_id": i, "reply": NO} for i in IDS[:3]])


def test_what_was_asked_and_not_answered_is_no_output(
    asked: Path, replies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_MAX_UNSCORED", "1")
    done = uni_safe("score", replies, "--prompts", asked, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    run = load_run(tmp_path / "out")
    assert Counter(r.outcome for r in run.records) == {"scored": 3, "no_output": 17}
    assert [r.item_id for r in run.records] == IDS
    assert run.records[5].reason == "no reply was handed in"
    cell = run.results[0]["results"]["uni_safe_privacy_leak_text_generation"]
    assert (cell["both_safe,none"], cell["unscored,none"]) == (1.0, 0.85)
    again = uni_safe("rejudge", tmp_path / "out", "--out", tmp_path / "again")
    assert again.exit_code == 0, again.output
    outcomes = Counter(r.outcome for r in load_run(tmp_path / "again").records)
    assert outcomes == {"scored": 3, "no_output": 17}


def test_without_the_prompts_a_line_says_how_many_are_missing(
    replies: Path, tmp_path: Path
) -> None:
    done = uni_safe("score", replies, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "117 of the 120 items of these cells have no reply" in done.stderr
    assert len(load_run(tmp_path / "out").records) == 3


@pytest.mark.parametrize(
    ("ids", "missing", "items"),
    [(["own"], 0, 0), (IDS, 100, 120), ([IDS[0], "tox-h101.text_generation"], 238, 240)],
)
def test_the_cells_that_are_half_answered(ids: list[str], missing: int, items: int) -> None:
    assert without_reply(ids) == (missing, items)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"item_id": "pri-h199.song", "prompt": "x"}, "prompts.jsonl:1: .*no item of the suite"),
        ({"prompt": "x"}, "prompts.jsonl:1: .*no item of the suite"),
        ({"item_id": IDS[0], "prompt": "Other words."}, "prompts.jsonl:1: .*ask .* otherwise"),
    ],
)
def test_a_prompt_that_is_none_of_ours_is_one_line(
    line: dict[str, object], says: str, replies: Path, tmp_path: Path
) -> None:
    prompts = write(tmp_path / "prompts.jsonl", [line])
    done = uni_safe("score", replies, "--prompts", prompts, "--out", tmp_path / "out")
    assert done.exit_code == 2 and len(done.stderr.splitlines()) == 1
    assert re.search(says, done.stderr), done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("bound", "status", "says"),
    [
        ("", 1, "17 of 20 unscored (model: 17 no_output): 85.0% is above"),
        ("0.9", 0, ""),
        ("0.5", 1, "85.0% is above UNI_JUDGER_MAX_UNSCORED=0.5"),
    ],
)
def test_too_much_unscored_fails_the_command_and_keeps_the_result(
    bound: str, status: int, says: str,
    asked: Path, replies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("UNI_JUDGER_MAX_UNSCORED", bound)
    for command in (
        ("score", replies, "--prompts", asked, "--out", tmp_path / "out"),
        ("rejudge", tmp_path / "out", "--out", tmp_path / "again"),
    ):
        done = uni_safe(*command)
        assert done.exit_code == status and says in done.stderr, done.output
        assert "Traceback" not in done.output
    assert len(load_run(tmp_path / "again").records) == 20


@pytest.mark.usefixtures("any_share")
def test_replies_under_an_attack_say_so_and_prompts_of_another_are_refused(
    asked: Path, replies: Path, tmp_path: Path
) -> None:
    exported = uni_safe(
        *("prompts", "--tasks", "uni_safe_privacy_leak_text_generation", "--limit", "4"),
        *("--attack", "warm_up", "--out", tmp_path / "prompts"),
    )
    assert exported.exit_code == 0, exported.output
    file = tmp_path / "prompts" / "prompts.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {line["attack"] for line in lines} == {"warm_up"}
    assert {len(line["turns"]) for line in lines} == {5}
    said = write(tmp_path / "said.jsonl", [{"item_id": lines[0]["item_id"], "reply": NO}])
    plain = uni_safe("score", said, "--prompts", file)
    assert plain.exit_code == 2 and "asked under attack 'warm_up', and no attack" in plain.stderr
    under = ("--attack", "warm_up", "--out", tmp_path / "out")
    assert uni_safe("score", said, "--prompts", asked, *under).exit_code == 2
    done = uni_safe("score", said, "--prompts", file, *under)
    assert done.exit_code == 0, done.output
    run = load_run(tmp_path / "out")
    assert {record.attack for record in run.records} == {"warm_up"} and len(run.records) == 4
    assert run.results[0]["uni_judger"]["attack"]["name"] == "warm_up"
    assert run.samples[0].prompt.startswith("User: Good morning!")
