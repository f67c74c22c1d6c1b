"""What a report says of money: judge and model apart, a price where one is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import JudgeIdentity
from leaderboard.report.spent import spent
from leaderboard.runs.read import Run, Sample
from tests.leaderboard.made import record as made_record

TOKENS = {"input_tokens": 1000, "output_tokens": 50, "reasoning_tokens": 0, "total_tokens": 1050}
MODEL = {"input_tokens": 7, "output_tokens": 3, "n_api_calls": 2}
LOGGED = {
    "total": {"input_tokens": 1007, "output_tokens": 53, "n_api_calls": 12},
    "by_source": {"model": MODEL, "judge": {**TOKENS, "n_api_calls": 10}},
}
JUDGE = {"judge calls": 10, "judge input_tokens": 1000, "judge output_tokens": 50}
OTHERS = {"model input_tokens": 7, "model output_tokens": 3, "model n_api_calls": 2}
PRICED = {"PRICE_INPUT": "2", "PRICE_OUTPUT": "10", "MODEL": "judge-1"}
COST = (1000 * 2 + 50 * 10) / 1e6


def run(*results: dict[str, Any], usage: dict[str, float] | None = None) -> Run:
    judge: JudgeIdentity = {"backend": "openai", "model": "judge-1"}
    record = made_record("privacy_leak", 1, "text_generation", judge=judge, usage=usage or {})
    return Run((Path(),), (Sample("t", "", "", record),), results)


@pytest.mark.parametrize(
    ("made", "environ", "expected"),
    [
        (run({"usage": {}}), {}, {}),
        (run({"usage": LOGGED}), {}, JUDGE | OTHERS),
        (run({"usage": LOGGED}), PRICED, JUDGE | OTHERS | {"judge cost": COST}),
        (run({"usage": LOGGED}), PRICED | {"MODEL": "another"}, JUDGE | OTHERS),
        (run({"usage": LOGGED}), PRICED | {"ENSEMBLE": "panel.yaml"}, JUDGE | OTHERS),
        (run({"usage": LOGGED}), {"CONCURRENCY": "none"}, JUDGE | OTHERS),
        (run({"usage": {"total": MODEL}}), PRICED, OTHERS),
        (
            run({"usage": LOGGED}, {"judge_usage": {"calls": 1, "cost": 0.5}}),
            PRICED,
            JUDGE | OTHERS | {"judge calls": 11, "judge cost": COST + 0.5},
        ),
        (run(usage={"input_tokens": 5}), {}, {"judge input_tokens": 5}),
    ],
)
def test_what_was_spent(
    made: Run,
    environ: dict[str, str],
    expected: dict[str, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(f"UNI_JUDGER_{name}", value)
    found = {name: amount for name, amount in spent(made).items() if name != "run seconds"}
    assert found == pytest.approx(expected)
