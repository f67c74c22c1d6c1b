"""How far the judge is known: uncalibrated, measured, of something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import SettingsError
from judger.rates.statistics import rate
from leaderboard.report.html import html
from leaderboard.runs.read import Run, load_run
from leaderboard.runs.run_calibration import calibration_of
from tests.calibrations import written
from tests.known import known
from tests.leaderboard.made import JUDGE, records, write
from tests.leaderboard.report.reported import Page, calibration, spread, table


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    return load_run(write(folder, records(spread, per_cell=5)))


@pytest.mark.parametrize("page", [table, html])
def test_an_uncalibrated_judge_is_shown_loudly(run: Run, page: Page) -> None:
    assert "UNCALIBRATED" in page(run)


@pytest.mark.parametrize("page", [table, html])
def test_a_calibrated_judge_is_shown_with_corrected_rates(tmp_path: Path, page: Page) -> None:
    judge = JUDGE | {"calibrated": True}
    made = [r.changed(**{"judge": judge}) for r in records(spread, per_cell=5)]
    run = load_run(write(tmp_path, made))
    assert "UNCALIBRATED" not in page(run)
    found = calibration().corrected("contextual_unsafe", rate(2, 4, 1))
    assert f"{100 * known(known(found).value):.1f} %" in page(run, calibration=calibration())


@pytest.mark.parametrize("page", [table, html])
def test_a_judge_can_be_measured_after_it_judged(run: Run, page: Page) -> None:
    assert "UNCALIBRATED" not in page(run, calibration=calibration())


@pytest.mark.parametrize("page", [table, html])
def test_it_is_said_that_language_models_labelled(run: Run, page: Page) -> None:
    counts = {"not_by_people": 336, "twice": 336}
    made = calibration().model_copy(update=counts)
    shown = page(run, calibration=made)
    assert "calibrated, on labels of language models, not of people" in " ".join(shown.split())
    assert "UNCALIBRATED" not in shown
    once = page(run, calibration=made.model_copy(update={"twice": 0}))
    assert "neither by people nor given twice" in " ".join(once.split())


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"judge": JUDGE | {"model": "another"}}, "measures the judge"),
        ({"contextual": "z"}, "other judge templates"),
    ],
)
def test_a_calibration_of_something_else_is_refused(
    run: Run, tmp_path: Path, other: dict[str, Any], said: str
) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(written(calibration(**other)))
    with pytest.raises(SettingsError, match=said):
        calibration_of(run, path)


def test_the_calibration_of_this_judge_is_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "calibration.json"
    path.write_bytes(written(calibration()))
    assert calibration_of(run) is None
    assert calibration_of(run, path) == calibration()
    monkeypatch.setenv("UNI_JUDGER_CALIBRATION", str(path))
    assert calibration_of(run) == calibration()
