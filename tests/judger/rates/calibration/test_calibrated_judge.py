"""Which judge a calibration file calibrates: this one, in these words, above the floor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import Settings, SettingsError
from judger.engine.session import Session
from judger.judges.rules import RulesJudge
from judger.rates.agreement import agreement
from judger.rates.calibration import covers, load, of_identity, warning, who
from tests.calibrations import fit, written
from tests.judger.rates.calibration.test_calibration import JUDGE, WORDING


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calibration.json"
    path.write_bytes(written(fit(JUDGE, WORDING)))
    return path


def settings(**fields: Any) -> Settings:
    return Settings(backend="openai", model="m", base_url="http://127.0.0.1:1/v1", **fields)


def test_a_file_about_this_judge_in_this_wording_calibrates_it(file: Path) -> None:
    assert covers(settings(calibration=str(file)), JUDGE, WORDING) is True
    assert covers(settings(), JUDGE, WORDING) is False


def test_a_session_says_of_its_judge_that_it_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    plain = Session(settings(cache="off"))
    whose, wording = plain.judge.identity, plain.judge.template_sha256
    plain.close()
    assert whose["calibrated"] is False
    path.write_bytes(written(fit(whose, wording)))
    measured = Session(settings(cache="off", calibration=str(path)))
    assert measured.judge.identity["calibrated"] is True
    assert "unfit" not in measured.judge.identity and who(measured.judge.identity) == who(whose)
    measured.close()
    with pytest.raises(SettingsError, match="other templates"):
        Session(settings(cache="off", calibration=str(path), variant="terse"))


def test_a_judge_below_the_floor_was_measured_and_is_not_calibrated(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    plain = Session(settings(cache="off"))
    whose, wording = plain.judge.identity, plain.judge.template_sha256
    plain.close()
    path.write_bytes(written(fit(whose, wording, wrong=1)))
    measured = Session(settings(cache="off", calibration=str(path)))
    identity = measured.judge.identity
    measured.close()
    assert identity["calibrated"] is False and "kappa" in identity["unfit"]
    assert warning(identity).startswith("MEASURED, UNFIT: judged by 'openai'")
    assert "\n" not in warning(identity) and who(identity) == who(whose)


def test_a_session_says_on_what_labels_its_judge_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    plain = Session(settings(cache="off"))
    whose, wording = plain.judge.identity, plain.judge.template_sha256
    plain.close()
    counts = {"not_by_people": 336, "twice": 336}
    path.write_bytes(written(fit(whose, wording).model_copy(update=counts)))
    measured = Session(settings(cache="off", calibration=str(path)))
    identity = measured.judge.identity
    measured.close()
    on = "labels of language models, not of people"
    assert (identity["calibrated"], identity["labelled"]) == (True, on)
    assert who(identity) == who(whose)
    assert warning(identity) == f"Judged by 'openai', calibrated, on {on}."
    assert of_identity(identity).told == f"calibrated, on {on}"


def test_the_rules_judge_is_never_calibrated(file: Path) -> None:
    with pytest.raises(SettingsError, match="`rules` judge is never calibrated"):
        Session(Settings(calibration=str(file)))
    assert RulesJudge.identity["calibrated"] is False


@pytest.mark.parametrize(
    ("changed", "wording", "fault"),
    [
        ({"model": "other"}, WORDING, "is about the judge"),
        ({"mode": "reference"}, WORDING, "is about the judge"),
        ({}, {**WORDING, "contextual": "x" * 64}, "measured with other templates"),
    ],
)
def test_a_file_about_another_judge_is_said_at_once(
    file: Path, changed: dict[str, Any], wording: dict[str, str], fault: str
) -> None:
    with pytest.raises(SettingsError, match=fault):
        covers(settings(calibration=str(file)), {**JUDGE, **changed}, wording)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 2}', '{"format": 1}', "\0" * 100])
def test_a_broken_file_is_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"is no calibration file .*validate-judge") as error:
        load(path)
    assert "\n" not in str(error.value)
    with pytest.raises(SettingsError, match="is no calibration file"):
        load(tmp_path / "missing.json")


def test_a_verdict_that_is_not_offered_is_none() -> None:
    found = agreement("intrinsic", [("safe", "safe"), ("safe", "refusal")], unscored=1)
    assert (found.n, found.unscored) == (1, 2)
