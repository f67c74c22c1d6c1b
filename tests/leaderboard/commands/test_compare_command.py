"""`uni-safe compare`: what it prints, what it writes, and what it says of mistakes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaderboard.cli import app
from tests.leaderboard.compare.test_compare import EVEN, ODD, RENAMED, TEXT, worse
from tests.leaderboard.made import records, write


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    write(folder / "base", records(types=TEXT, per_cell=2))
    write(folder / "unified", records(worse, per_cell=2))
    write(folder / "odd", [*ODD, *records(categories=["biased_opinion"], types=TEXT)])
    few = records(lambda c, n, t: "s" if n == 1 else "?", categories=["biased_opinion"], types=TEXT)
    write(folder / "even", [*EVEN, *few])
    write(folder / "renamed", RENAMED)
    write(folder / "limited", records(types=TEXT, per_cell=2), limit=2)
    return folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{base}", "{unified}"], ["unification cost: +25.0", "UNCALIBRATED", "not run"]),
        (
            ["{base}", "{unified}"],
            ["Thin: fewer than 5 shared items", "12 of 12 cells", "Replies as such"],
        ),
        (["{base}", "{limited}"], ["A PART OF THE SUITE (--limit): ", "/limited; "]),
        (["{base}", "{base}", "{unified}", "--metric", "contextual_unsafe"], ["+25.0"]),
        (["--task-types", "{unified}"], ["Difference of tasks", "-50.0"]),
        (["--groups", "llm={base}", "open_unified={unified}"], ["specialised", "n=12, 6 cells"]),
        (
            ["--groups", "llm={base}", "llm={odd}"],
            ["odd lacks ", "privacy leak × text understanding", "n=10, 2 cells", "{87.5, 100.0}"],
        ),
        (
            ["{odd}", "{even}"],
            [
                "privacy leak × text generation: no shared scored item",
                "left out",
                "biased opinion × text generation: 1 of 4",
            ],
        ),
        (
            ["{odd}", "{renamed}"],
            ["4 items left out: their prompts differ", "privacy leak × text generation: 4"],
        ),
        (["--published"], ["As published, not measured here", "Bagel", "+46.7 points"]),
    ],
)
def test_the_command(runs: Path, arguments: list[str], said: list[str], tmp_path: Path) -> None:
    names = {path.name: path for path in runs.iterdir()}
    out = tmp_path / "out.json"
    filled = [*(a.format(**names) for a in arguments), "--json", str(out)]
    result = CliRunner().invoke(app, ["compare", *filled], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert [words for words in said if words not in result.output] == []
    assert json.loads(out.read_text())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["one"], "give a base and a unified run"),
        (["nowhere", "neither"], "nowhere is no folder"),
        (["a", "b", "--metric", "charm"], "--metric charm: use one of both_safe"),
        (["--modalities", "a", "b"], "--modalities takes one run"),
        (["--task-types", "a", "b"], "--task-types takes one run"),
        (["--groups", "a"], "a: write FAMILY=RUN, FAMILY one of llm"),
        (["--groups", "dragons=a"], "dragons=a: write FAMILY=RUN"),
        (["--groups"], "--groups needs FAMILY=RUN"),
        (["--groups", "--modalities", "a"], "go alone"),
        (["--published", "a", "b"], "--published without runs"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["compare", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1
