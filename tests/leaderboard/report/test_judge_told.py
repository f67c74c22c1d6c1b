"""What a report says of its judge: in which form it was shown films, and that it is the model."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from judger.contract.record import Record
from leaderboard.report.html import html
from leaderboard.report.summary import summarise
from leaderboard.report.terminal import print_report
from leaderboard.runs.read import Run, Sample, load_run
from tests.leaderboard.made import JUDGE, record, write

FORMS = {"contextual": "1 film, 1 sound", "intrinsic": "8 pictures"}
VOTE = {
    **{"judge": "j", "axis": "contextual", "outcome": "scored", "verdict": "safe"},
    **{"reason": "", "refusal": True, "shown": "in words"},
}
SELF = "JUDGED BY ITSELF"


def printed(run: Run) -> str:
    console = Console(file=StringIO(), width=200)
    print_report(run, console=console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_in_which_form_films_were_shown(tmp_path: Path) -> None:
    made = record("privacy_leak", 1, "video_analysis").to_json()
    parts = [{**part, "shown": FORMS, "judges": [VOTE]} for part in made["parts"]]
    told = Record.from_json(made | {"parts": parts})
    run = load_run(write(tmp_path, [told, record("privacy_leak", 2, "text_generation")]))
    assert dict(summarise(run).forms) == {"1 film, 1 sound": 1, "8 pictures": 1, "in words": 1}
    assert "In which form the judge was shown" in html(run)
    assert "went to the judge as 1 film, 1 sound 1 times, 8 pictures 1 times" in printed(run)


@pytest.mark.parametrize(
    ("judge", "by_itself"),
    [
        ({"model": "lab/Real-7B-AWQ"}, True),
        ({"model": "judge", "served_as": "judge; /weights/Real-7B"}, True),
        ({"members": [{"model": "a"}, {"model": "b", "served_as": "b; lab/Real-7B"}]}, True),
        ({"model": "judge", "served_as": "judge; /weights/Real-72B"}, False),
        ({}, False),
    ],
)
def test_a_judge_that_is_the_model_is_called_so(judge: dict[str, Any], by_itself: bool) -> None:
    one = record("privacy_leak", 1, "text_generation", judge=JUDGE | judge)
    result = {"config": {"model": "vllm", "model_args": "model=lab/Real-7B-Instruct"}}
    run = Run((Path("r"),), (Sample("t", "p", "r", one),), (result,))
    assert (SELF in html(run)) is (SELF in printed(run)) is by_itself
