"""A judge that flips where nothing that matters changed is marked wherever its rates stand."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from judger.rates.calibration import Calibration, who
from judger.rates.calibration.flips import Flips
from leaderboard.report.html import html
from leaderboard.report.terminal import print_report
from leaderboard.runs.read import Run, load_run
from tests.calibrations import fit
from tests.leaderboard.made import JUDGE, records, write


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder: Path = tmp_path_factory.mktemp("run")
    return load_run(write(folder, records(per_cell=1)))


def table(run: Run, calibration: Calibration) -> str:
    console = Console(file=(out := StringIO()), width=220)
    print_report(run, calibration, console=console)
    return out.getvalue()


@pytest.mark.parametrize("page", [table, html])
@pytest.mark.parametrize(("flips", "per_cell"), [(None, 8), (5, 8), (6, 8), (6, 1)])
def test_in_a_report(run: Run, page: object, flips: int | None, per_cell: int) -> None:
    """Also where the judge is unfit (one label a cell): what it flips on is known all the same."""
    assert callable(page)
    wording = {"contextual": "a" * 64, "intrinsic": "b" * 64}
    found = fit(who(JUDGE), wording, per_cell=per_cell)
    if flips is not None:
        upper = Flips(n=100, flips=flips, contextual=flips)
        stress = {"upper case": upper, "padding": Flips(n=9, flips=0)}
        found = found.model_copy(update={"stress": stress})
    said = page(run, calibration=found)
    assert ("UNSTEADY JUDGE" in said) is (flips == 6)
    assert ("upper case flips 6 of 100 verdicts, 0.06 [0.03, 0.12]" in said) is (flips == 6)
    if page is html:
        assert ("<caption>Verdicts that flip" in said) is (flips is not None)
        assert ("stress-judge" in said) is (flips is None)
        assert ("⚠ upper case" in said) is (flips == 6) and "⚠ padding" not in said
