"""A calibration that does not hold, is of another judge, or rests on a few labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from leaderboard.board.row import derive
from leaderboard.board.site import facets
from leaderboard.submission.facts import CALIBRATION
from leaderboard.submission.rules import Case
from leaderboard.submission.validate import check, parse
from tests.calibrations import fit, written
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.rules.dishonest import WORDING


def with_calibration(draft: Draft, data: bytes) -> Case:
    """The draft with this calibration file, named by its true hash."""
    import hashlib

    draft.made["calibration"]["sha256"] = hashlib.sha256(data).hexdigest()
    return draft.case(**dict[str, Any]({CALIBRATION: data}))


def edited(change: Callable[[dict[str, Any]], None]) -> bytes:
    facts = {
        "backend": "openai", "model": "judge-large", "parser": "uni-judger/1 strict",
        "decoding": {"temperature": 0},
    }  # fmt: skip
    loaded = json.loads(written(fit(facts, WORDING)))
    change(loaded)
    return json.dumps(loaded).encode()


def a_million(loaded: dict[str, Any]) -> None:
    loaded["labels"] = 3
    for errors in loaded["errors"].values():
        errors |= {"tp": 10**6, "tn": 10**6}


def another_judge(loaded: dict[str, Any]) -> None:
    loaded["judge"]["model"] = "judge-small"


def other_words(loaded: dict[str, Any]) -> None:
    loaded["template_sha256"]["contextual"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (a_million, "CalibrationHolds"),
        (another_judge, "CalibrationHolds"),
        (other_words, "CalibrationHolds"),
        (lambda x: x["errors"]["both_safe"].update(fp=-1), "ValidSchema"),
        (lambda x: x.update(extra=1), "ValidSchema"),
    ],
)
def test_a_calibration_that_does_not_hold(draft: Draft, change: Any, rule: str) -> None:
    found = check(with_calibration(draft, edited(change)))
    assert any(f.rule == rule and CALIBRATION in f.where for f in found), list(map(str, found))


@pytest.mark.parametrize("per_cell", [1])
def test_a_calibration_on_a_few_labels_is_unfit(draft: Draft, per_cell: int) -> None:
    judge_of = draft.made["protocol"]["judge"]
    facts = {k: judge_of[k] for k in ("backend", "model", "parser", "decoding")}
    found = check(with_calibration(draft, written(fit(facts, WORDING, per_cell=per_cell))))
    assert any("measured, unfit: " in f.what for f in found if f.rule == "CalibratedJudge")
    wrong = check(with_calibration(draft, written(fit(facts, WORDING, wrong=1))))
    assert any("kappa" in f.what for f in wrong if f.rule == "CalibratedJudge")


@pytest.mark.parametrize(
    ("twice", "standing"),
    [
        (336, "calibrated, on labels of language models, not of people"),
        (335, "measured, unfit: 1 of 336 labels are neither by people nor given twice and settled"),
    ],
)
def test_labels_of_language_models_count_where_two_gave_them(
    draft: Draft, twice: int, standing: str
) -> None:
    def by_models(loaded: dict[str, Any]) -> None:
        loaded |= {"not_by_people": 336, "twice": twice}

    case = with_calibration(draft, edited(by_models))
    said = [f.what for f in check(case) if f.rule == "CalibratedJudge"]
    assert said == ([] if twice == 336 else [standing])
    assert facets.standing(derive(case)) == standing


def test_a_calibration_that_is_named_has_to_be_there(draft: Draft) -> None:
    case = draft.case()
    without = {k: v for k, v in case.files.items() if k != CALIBRATION}
    found = check(parse(case.relative, without))
    assert [(f.rule, f.what) for f in found] == [("CalibratedJudge", "is missing")]
    swapped = check(parse(case.relative, without | {CALIBRATION: edited(lambda x: None)}))
    assert [f.rule for f in swapped] == ["CalibrationHolds"]
