"""A run of the real harness, judged again without generating again."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.record import Record
from leaderboard.runs.read import load_run
from leaderboard.submission import measured
from tests.e2e.harness import control, environment, run
from tests.servers.judge import KEY, JudgeServer, Script

CELLS = "uni_safe_privacy_leak_text_generation,uni_safe_privacy_leak_image_generation"


@pytest.mark.e2e
def test_rejudge_a_harness_run(tmp_path: Path) -> None:
    asked = control("mixed", "--tasks", CELLS, "--limit", "12", cwd=tmp_path).run
    before = {r.item_id: r for r in asked.records}

    def rejudged(name: str, **env: str) -> dict[str, Record]:
        words = ("rejudge", str(tmp_path / "out"), "--out", name)
        # The control model loses replies on purpose: more than the default bound allows.
        env |= {"UNI_JUDGER_MAX_UNSCORED": "1"}
        env |= {"UNI_JUDGER_MEDIA_ROOTS": str(tmp_path), "UNI_JUDGER_CACHE": str(tmp_path / "c")}
        done = run("uni-safe", *words, cwd=tmp_path, env=environment(**env))
        assert done.status == 0, done.output
        again = load_run(tmp_path / name)
        assert again.model == asked.model
        assert measured._generation(again) == measured._generation(asked), "one protocol"
        return {r.item_id: r for r in again.records}

    by_rules = rejudged("rules")
    assert by_rules == before, "the same judge says the same, to the last hash"

    with JudgeServer(Script()) as server:
        judge = {"BACKEND": "openai", "MODEL": "judge-1", "BASE_URL": server.url, "API_KEY": KEY}
        env = {f"UNI_JUDGER_{name}": value for name, value in judge.items()}
        by_model = rejudged("model", **env)
        calls = server.seen["calls"]
        assert rejudged("twice", **env) == by_model
        assert server.seen["calls"] == calls > 0
    assert by_model.keys() == before.keys()
    for item_id, record in by_model.items():
        old = str(before[item_id].outcome)
        # Only the judge changed: faults of the model stay, and pictures can be judged now.
        expected = "scored" if old == "unsupported" else old
        assert record.outcome == expected, item_id
    assert {r.outcome for r in before.values()} >= {"scored", "no_output", "unsupported"}
