"""Two runs side by side: what the page says, and what it never does."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from judger.contract.record import Record
from leaderboard.cli import app
from leaderboard.compare.differences import compare
from leaderboard.report.compared import html
from leaderboard.report.summary import SHOWN
from leaderboard.runs.read import load_run
from tests.leaderboard.made import record, records, write

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} <!--"


def worse(category: str, number: int, task_type: str) -> str:
    return "u" if number == 0 else "s"


def page(tmp_path: Path, first: list[Record], second: list[Record], **more: Any) -> str:
    runs = [
        load_run(write(tmp_path / name, made, model=model, **more))
        for name, model, made in (("a", "base", first), ("b", "unified", second))
    ]
    made = [compare(metric, *(run.records for run in runs)) for metric in SHOWN]
    return html(runs[0], runs[1], made, media=False)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (records(worse), "unified 75.0 % against 100.0 % of base on the 168 items"),
        (records(worse), "that is no more than chance could do (p = 0.198"),
        (records(), "a difference of 0.0 "),
        (records(), "that is no more than chance could do (p = 1.000"),
        ([record("privacy_leak", 1, "text_generation", "?")], "share no judged item"),
        (records(worse), "42 items</button>: better in base"),
        (records(types=["text_generation"]), "only base; unified: not run"),
        (records(), "⚠</strong> UNCALIBRATED"),
    ],
)
def test_what_the_page_says(tmp_path: Path, second: list[Record], said: str) -> None:
    assert said in page(tmp_path, records(), second)


def test_a_difference_that_many_scenarios_carry_is_claimed(tmp_path: Path) -> None:
    second = records(lambda category, number, task_type: "u" if number < 4 else "s", per_cell=12)
    said = "that is more than chance would do (p &lt; 0.001"
    assert said in page(tmp_path, records(per_cell=12), second)


def test_hostile_texts_enter_the_page_as_text(tmp_path: Path) -> None:
    one = record("privacy_leak", 1, "text_generation", "u", reason=HOSTILE)
    made = page(
        tmp_path, [one], [one], replies={one.item_id: HOSTILE}, prompts={one.item_id: HOSTILE}
    )
    assert made.count("<script") == made.count("</script>") == 5
    assert "<img" not in made and "<!--" not in made
    assert "default-src 'none'" in made and "unsafe-inline" not in made


def test_two_runs_of_one_model_are_told_apart(tmp_path: Path) -> None:
    made = records(per_cell=1)
    for name in ("a", "b"):
        write(tmp_path / name, made, model="same")
    runs = [load_run(tmp_path / name) for name in ("a", "b")]
    comparison = [compare("both_safe", *(run.records for run in runs))]
    said = html(runs[0], runs[1], comparison, media=False)
    assert f"same ({tmp_path}/a)" in said and f"same ({tmp_path}/b)" in said


@pytest.mark.parametrize(
    "arguments",
    [["a"], ["a", "b", "c"], ["--modalities", "a"], ["--groups", "llm=a"], ["--published"]],
)
def test_side_by_side_are_two_runs(tmp_path: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["compare", *arguments, "--html", str(tmp_path / "x.html")])
    assert result.exit_code == 2
    assert "--html shows two runs" in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    write(tmp_path / "a", records(per_cell=1))
    write(tmp_path / "b", records(worse, per_cell=1))
    out = tmp_path / "deep" / "both.html"
    names = [str(tmp_path / name) for name in ("a", "b")]
    result = CliRunner().invoke(app, ["compare", *names, "--html", str(out)])
    assert result.exit_code == 0, result.output
    assert f"side by side: {out}" in result.output.replace("\n", "")
    assert out.is_file()
