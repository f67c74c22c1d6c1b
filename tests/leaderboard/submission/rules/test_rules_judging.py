"""What a submitter reads of a judge that is not the one that was measured, or is the model."""

from __future__ import annotations

import pytest

from leaderboard.submission.validate import check
from tests.leaderboard.breaking import put
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.rules.test_rules_calibration import edited, with_calibration


@pytest.mark.parametrize("field", ["backend", "model", "parser", "decoding"])
def test_in_what_the_measured_judge_is_another(draft: Draft, field: str) -> None:
    changed = edited(lambda x: x["judge"].update({field: "m" * 300}))
    found = [
        f.what for f in check(with_calibration(draft, changed)) if f.rule == "CalibrationHolds"
    ]
    (said,) = [what for what in found if what.startswith("is about a judge whose")]
    assert said == f"is about a judge whose {field} is '{'m' * 300}"[:200]


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        ("vendor/MODEL", "'vendor/MODEL' is the model under test, 'Model'"),
        ("mo-del", "'mo-del' is the model under test, 'Model'"),
    ],
)
def test_both_names_are_told_where_the_judge_is_the_model(
    draft: Draft, judge: str, said: str
) -> None:
    put("protocol.judge.model", judge)(draft)
    found = [f.what for f in check(draft.case()) if f.rule == "JudgeIsNotTheModel"]
    assert found == [said]
