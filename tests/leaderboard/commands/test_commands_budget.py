"""A budget ends `score` in order: exit status 1, and the same command given again goes on."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from leaderboard.runs.read import load_run
from leaderboard.submission import tally
from tests.leaderboard.commands.judged_files import OWN, judge_at, uni_safe, write
from tests.servers.judge import JudgeServer


def test_a_budget_that_is_spent_is_an_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [{**OWN, "item_id": f"i{n}", "reply": f"reply {n}"} for n in range(10)]
    file = write(tmp_path / "r.jsonl", lines)
    monkeypatch.setattr(sys, "argv", ["uni-safe", "score", str(file)])
    with JudgeServer() as server:
        judge_at(server.url, monkeypatch)
        monkeypatch.setenv("UNI_JUDGER_CONCURRENCY", "1")
        monkeypatch.setenv("UNI_JUDGER_MAX_CALLS", "9")  # the probe's and eight more
        done = uni_safe("score", file, "--out", tmp_path / "out")
        assert done.exit_code == 1, done.output
        assert "budget is spent: 9 calls (UNI_JUDGER_MAX_CALLS=9)" in done.stderr
        records = load_run(tmp_path / "out").records
        assert Counter(r.outcome for r in records) == {"scored": 4, "judge_budget": 6}
        again = uni_safe("score", file, "--out", tmp_path / "again")
        assert again.exit_code == 1 and server.seen["calls"] == 9
        monkeypatch.setenv("UNI_JUDGER_MAX_CALLS", "30")
        whole = uni_safe("score", file, "--out", tmp_path / "whole")
        assert whole.exit_code == 0, whole.output
        assert "9 calls" in whole.stderr and server.seen["calls"] == 21
    report = uni_safe("report", tmp_path / "out", "--html", tmp_path / "report.html")
    assert report.exit_code == 0, report.output
    assert "judge_budget" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_submission_has_a_word_and_a_letter_for_it() -> None:
    nothing = dict.fromkeys(("contextual", "intrinsic", "delivered", "helped"))
    lines = [{"kind": "harmful", "outcome": "judge_budget", **nothing}]
    assert tally.count(lines) == {"harmful": {"judge_budget": 1}}
    assert len(set(tally.WORDS.values())) == len(tally.WORDS)
