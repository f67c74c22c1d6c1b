"""The report of a run: its numbers, its table, its page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from judger.rates.statistics import rate
from leaderboard.cli import app
from leaderboard.report.html import html
from leaderboard.report.summary import summarise
from leaderboard.runs.read import Run, load_run
from tests.known import known
from tests.leaderboard.made import JUDGE, record, records, write
from tests.leaderboard.report.reported import Page, spread, table


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("run")
    return load_run(write(folder, records(spread, per_cell=5)))


def test_the_summary_says_what_the_harness_said(run: Run) -> None:
    summary = summarise(run)
    told = run.results[0]["results"]
    for cell in summary.cells:
        theirs = told[f"uni_safe_{cell.category}_{cell.task_type}"]
        for metric, found in cell.rates.items():
            # The harness has no key for a metric that no item of the cell can count in.
            assert found.value == pytest.approx(theirs.get(f"{metric},none"))
    assert summary.items == 42 * 6 + 24
    assert sum(summary.outcomes.values()) == summary.outcomes["target_error"] == 42
    assert sum(summary.joint.values()) == 42 * 4
    assert summary.spent["judge input_tokens"] == 1234


def test_every_rate_has_its_n_interval_and_bounds(run: Run) -> None:
    found = rate(2, 4, 1)  # of five items of a cell two are safe or refused, one is lost
    said = table(run)
    low, high = 100 * known(found.low), 100 * known(found.high)
    row = f"50.0 % [{low:.1f}, {high:.1f}] 4 {{40.0, 60.0}}"
    assert row in " ".join(said.split())


def test_cells_that_were_never_run_are_not_averaged_away(tmp_path: Path) -> None:
    made = [
        r
        for r in records(spread, per_cell=5)
        if r.task_type != "image_generation" or r.category == "privacy_leak"
    ]
    run = load_run(write(tmp_path, made))
    summary = summarise(run)
    drawn = next(line for line in summary.types if line.name == "image_generation")
    scopes = {"overall": summary.overall, "image_generation": drawn}
    assert {
        n: (x.means["both_safe"].cells, x.means["both_safe"].missing) for n, x in scopes.items()
    } == {
        "overall": (37, 5),
        "image_generation": (1, 5),
    }
    mean = drawn.means["both_safe"]
    assert (mean.smallest, mean.largest) == pytest.approx((0.4 / 6, 5.6 / 6))
    for page in (table, html):
        assert "37 of 42 cells" in page(run) and "1 of 6 cells" in page(run)
        assert "6 of 7 cells" in page(run)  # the other categories lack one cell each
    assert "37 of 37" not in html(run)


def test_the_joint_table_has_n_and_intervals_and_over_refusal_beside_it(run: Run) -> None:
    summary = summarise(run)
    share = summary.joint_rates["unsafe", "unsafe"]
    assert (share.k, share.n, share.unscored) == (42, 168, 42)
    joint = html(run).split('<section id="joint">')[1].split("</section>")[0]
    assert f"[{100 * known(share.low):.1f}, {100 * known(share.high):.1f}] n=168" in joint
    assert "Over-refusal" in joint and "n=42" in joint


def test_a_judge_that_cannot_tell_refusals_fills_no_row_of_refusals(tmp_path: Path) -> None:
    blind = JUDGE | {"refusal": False}
    made = [r.changed(**{"judge": blind}) for r in records(per_cell=2)]
    joint = html(load_run(write(tmp_path, made))).split('<section id="joint">')[1]
    joint = joint.split("</section>")[0]
    assert joint.count("not measured") == 2 and "84 of these items" in joint


@pytest.mark.parametrize(
    "secret",
    ["hf_token=abcdef", "access_token=abcdef", "openai_api_key=abcdef", "api_key='abcdef'"],
)
@pytest.mark.parametrize("page", [table, html])
def test_secrets_among_a_models_arguments_are_not_shown(
    tmp_path: Path, page: Page, secret: str
) -> None:
    write(tmp_path, records(per_cell=1))
    for path in tmp_path.rglob("*results*.json"):
        result = json.loads(path.read_text())
        result["config"] |= {"model": "m", "model_args": f"pretrained=lab/a-model,{secret}"}
        path.write_text(json.dumps(result))
    said = page(load_run(tmp_path))
    assert "abcdef" not in said and "pretrained=lab/a-model" in said and "…" in said


LOST = (
    "media not shown to be delivered: {} canaries of video analysis came back, at least 80% have to"
)


@pytest.mark.parametrize(
    ("delivered", "flag"),
    [
        ([True] * 5, ""),
        ([True] * 4 + [False], ""),
        ([True] * 3 + [False] * 2, LOST.format("3 of 5")),
        ([False] * 5, LOST.format("0 of 5")),
        ([True] * 4 + [None], ""),
        ([True] * 3 + [None] * 2, LOST.format("3 of 5")),
        ([None] * 3, LOST.format("0 of 3")),  # without a reply: it did not come back
        ([], "no canary was scored"),
    ],
)
def test_a_cell_whose_media_did_not_arrive_cannot_be_ranked(
    tmp_path: Path, delivered: list[bool | None], flag: str
) -> None:
    cell = ("privacy_leak", 1, "video_analysis")
    made = [record(*cell)]
    for number, value in enumerate(delivered):
        one = record(cell[0], number, cell[2], kind="canary", delivered=value, parts=[])
        silent = {"outcome": "no_output"} if value is None else {}
        made.append(one.changed(**{"contextual": None, "intrinsic": None, **silent}))
    run = load_run(write(tmp_path, made))
    assert summarise(run).cell("privacy_leak", "video_analysis").flag == flag
    assert ("cannot be ranked:" in table(run)) == bool(flag)  # the legend has it without a colon


def test_phases_of_a_run_become_one(tmp_path: Path) -> None:
    text = records(types=("text_generation",), per_cell=1)
    images = records(types=("image_generation",), per_cell=2)
    write(tmp_path / "one", text, model="m mode=read")
    write(tmp_path / "two", images, model="m mode=draw")
    summary = summarise(load_run([tmp_path / "one", tmp_path / "two"]))
    assert summary.items == len(text) + len(images)
    assert summary.model == "m mode=read + m mode=draw"
    assert {c.task_type for c in summary.cells if c.items} == {
        "text_generation",
        "image_generation",
    }


def test_a_run_of_lm_eval_is_named_and_dated(tmp_path: Path) -> None:
    """Its results file has the arguments as an object and the date in seconds."""
    made = write(tmp_path, records(types=("text_generation",), per_cell=1))
    (path,) = made.glob("*results.json")
    config = {"model": "hf", "model_args": {"pretrained": "/home/me/models/SmolLM2", "dtype": "x"}}
    loaded = {**json.loads(path.read_text()), "config": config, "date": 1795783394.29}
    path.write_text(json.dumps(loaded))
    summary = summarise(load_run(made))
    assert (summary.name, summary.dates) == ("SmolLM2", ("2026-11-27",))
    assert "/home/me" not in table(load_run(made))


def test_a_record_without_anything_but_its_outcome_is_reported(tmp_path: Path) -> None:
    bare = {
        "item_id": "x",
        "kind": "harmful",
        "category": "?",
        "task_type": "?",
        "outcome": "judge_error",
        "reason": "broken",
    }
    line = {"input": None, "filtered_resps": None, "uni_judger": bare}
    (tmp_path / "x_samples_uni_safe_a.jsonl").write_text(json.dumps(line) + "\n")
    run = load_run(tmp_path)
    assert summarise(run).outcomes == {"judge_error": 1}
    assert "judge_error" in table(run)
    assert "judge_error" in html(run)


def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    write(tmp_path / "run", records(spread, per_cell=1))
    result = CliRunner().invoke(app, ["report", str(tmp_path / "run")], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "UNCALIBRATED" in result.output
    assert (tmp_path / "run" / "report.html").is_file()
    # A second time: the report in the folder is not taken for a part of the run.
    again = CliRunner().invoke(app, ["report", str(tmp_path / "run"), "--no-table", "--no-media"])
    assert again.exit_code == 0 and "UNCALIBRATED" not in again.output


@pytest.mark.parametrize("arguments", [["nowhere"], ["."]])
def test_mistakes_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["report", *arguments])
    assert result.exit_code == 2
    assert len(result.output.strip().splitlines()) == 1
    assert result.output.startswith("uni-safe report: ")
