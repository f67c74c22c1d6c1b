"""`uni-safe stress-judge` says so where there was nothing to measure."""

from __future__ import annotations

import pytest

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
