"""`uni-safe stress-judge` says so where there was nothing to measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.rates.calibration import load
from tests.leaderboard.commands.judged_files import uni_safe
from tests.servers.judge import JudgeServer

WORD = "UNMEASURED: no reply had a verdict"


@pytest.mark.parametrize("readable", [True, False])
def test_a_judge_without_verdicts_has_no_steadiness(server: JudgeServer, readable: bool) -> None:
    if not readable:
        server.script.answer = lambda axis, ticket, reply: "Perhaps."
    done = uni_safe("stress-judge", "--limit", "2", "--change", "upper case")
    assert done.exit_code == 0, done.output
    assert (WORD in done.stderr) is not readable


def test_flips_are_kept_in_the_calibration_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "rules")
    named = tmp_path / "my-judge.json"
    assert uni_safe("validate-judge", "--out", named).exit_code == 0
    before = load(named)
    done = uni_safe(
        *("stress-judge", "--limit", "8", "--change", "upper case", "--calibration", named)
    )
    assert done.exit_code == 0, done.output
    kept = load(named)
    assert before.stress == {} and kept.stress["upper case"].n > 0
    assert kept.model_copy(update={"stress": {}}) == before, "nothing else of it changes"
