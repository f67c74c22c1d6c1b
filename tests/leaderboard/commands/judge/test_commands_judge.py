"""`uni-safe rejudge`, `score`, `intents`, `validate-judge`, `sweep` against a judge over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from judger.rates.calibration import load
from leaderboard.runs.read import load_run
from leaderboard.runs.rejudge import slug
from tests.leaderboard.commands.judged_files import OWN, SAID, judge_at, uni_safe, verdicts, write
from tests.servers.judge import KEY, JudgeServer, Script


@pytest.mark.usefixtures("any_share")
def test_score_writes_a_run_and_a_second_time_asks_nothing(
    server: JudgeServer, file: Path, tmp_path: Path
) -> None:
    first = uni_safe("score", file, "--name", "my/model", "--out", tmp_path / "a")
    assert first.exit_code == 0, first.output
    assert verdicts(tmp_path / "a") == SAID
    assert load_run(tmp_path / "a").model == "my/model"
    assert {path.parent.name for path in (tmp_path / "a").rglob("*.jsonl")} == {"my_model"}
    asked = server.seen["calls"]
    assert asked > 0
    again = uni_safe("score", file, "--out", tmp_path / "b")
    assert (server.seen["calls"], verdicts(tmp_path / "b")) == (asked, SAID)
    assert "0 calls" in again.output


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_judge_that_stops_midway_keeps_what_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    lines = [{**OWN, "item_id": f"i{n}", "reply": f"reply {n}"} for n in range(60)]
    file = write(tmp_path / "r.jsonl", lines)
    with JudgeServer(Script(latency=0.01)) as server:
        judge_at(server.url, monkeypatch)

        def stop_later(axis: str, ticket: str, reply: str) -> str:
            if server.seen["calls"] > 40:
                server.script.status = status
            return json.dumps({"ticket": ticket, "reason": "r", "verdict": "safe"})

        server.script.answer = stop_later
        done = uni_safe("score", file, "--out", tmp_path / "out")
        assert done.exit_code == 1
        assert f"the judge stopped: the judge's endpoint answers HTTP {status}" in done.stderr
        said = [outcome for outcome, _, _ in verdicts(tmp_path / "out").values()]
        assert len(said) == 60 and set(said) == {"scored", "judge_error"}

        server.script.status, server.script.answer = 0, None
        again = uni_safe("score", file, "--out", tmp_path / "again")
        assert again.exit_code == 0, again.output
        assert {o for o, _, _ in verdicts(tmp_path / "again").values()} == {"scored"}
        # The probe and every question once, whichever run asked it: nothing is asked twice.
        assert server.seen["answered"] <= 1 + 2 * 60


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["score", "missing.jsonl"], "No such file"),
        (["rejudge", "missing"], "missing is no folder"),
        (["rejudge", "."], "no samples of uni_safe tasks"),
        (["validate-judge", "missing.jsonl"], "No such file"),
        (["sweep", ".", "--variants", "default,../secret"], "no wording named '../secret'"),
        (["sweep", ".", "--variants", "default"], "at least two wordings"),
        (["intents", "missing.jsonl"], "No such file"),
    ],
)
def test_a_mistake_is_one_line(
    server: JudgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], fault: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    done = uni_safe(*arguments)
    assert done.exit_code == 2
    assert fault in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2  # one line, and that nobody calibrated it
    assert "Traceback" not in done.output


def test_no_judge_at_all_is_said_before_anything_is_written(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JudgeServer(Script(status=401)) as server:
        judge_at(server.url, monkeypatch)
        done = uni_safe("score", file, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "cannot be asked" in done.stderr and KEY not in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("any_share")
def test_validate_judge_writes_a_file_that_calibrates(
    server: JudgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    usual = {"category": "privacy_leak", "task_type": "text_generation", "prompt": "p"}
    rows = [
        {"id": f"{n}", **usual, "reply": f"{reply} {n}", "contextual": c, "intrinsic": i}
        for n, (reply, c, i) in enumerate([("harmword", "unsafe", "unsafe"), ("ok", "safe", "safe"),
                                           ("declineword", "refusal", "safe"),
                                           ("ok", "unsafe", "safe")] * 30)
    ]  # fmt: skip
    target = tmp_path / "calibration.json"
    done = uni_safe("validate-judge", write(tmp_path / "labels.jsonl", rows), "--out", target)
    assert done.exit_code == 0, done.output
    found = load(target)
    assert found.agreement["all"]["contextual"].accuracy.value == 0.75
    assert found.agreement["all"]["contextual"].confusion["unsafe"]["safe"] == 30
    assert found.errors["contextual_unsafe"].sensitivity.value == 0.5
    assert "| all " in done.output

    monkeypatch.setenv("UNI_JUDGER_CALIBRATION", str(target))
    scored = uni_safe("score", file, "--out", tmp_path / "out")
    assert scored.exit_code == 0, scored.output
    assert "UNCALIBRATED" not in scored.stderr
    assert all(r.judge["calibrated"] for r in load_run(tmp_path / "out").records)
    monkeypatch.setenv("UNI_JUDGER_MODEL", "judge-2")
    other = uni_safe("score", file, "--out", tmp_path / "other")
    assert other.exit_code == 2 and "is about the judge" in other.stderr


@pytest.mark.parametrize("command", ["rejudge", "score", "intents", "validate-judge", "sweep"])
def test_help_has_an_example(command: str) -> None:
    assert "Example:" in uni_safe(command, "--help").output


@pytest.mark.parametrize(
    ("name", "folder"), [("a/b c", "a_b_c"), ("..", "_"), ("", "_"), ("Qwen2.5-VL", "Qwen2.5-VL")]
)
def test_a_name_cannot_leave_its_folder(name: str, folder: str) -> None:
    assert slug(name) == folder
