"""`uni-safe doctor RUN`: the check that follows a run, for one from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaderboard.cli import app
from leaderboard.preflight.check_run import check
from tests.leaderboard.made import records, write


def states(place: Path) -> list[tuple[str, str]]:
    return [(finding.state, finding.what) for finding in check(place)]


def test_a_whole_run_agrees(tmp_path: Path) -> None:
    write(tmp_path / "run", records(per_cell=2))
    assert states(tmp_path) == [("ok", "run")]
    done = CliRunner().invoke(app, ["doctor", str(tmp_path)])
    assert done.exit_code == 0 and "agree" in done.output


def test_a_line_that_is_gone_is_found(tmp_path: Path) -> None:
    write(tmp_path / "run", records(per_cell=2))
    path = sorted(tmp_path.rglob("*.jsonl"))[0]
    path.write_text("".join(line + "\n" for line in path.read_text().splitlines()[1:]))
    done = CliRunner().invoke(app, ["doctor", str(tmp_path)])
    assert done.exit_code == 1
    (finding,) = check(tmp_path)
    task = path.name.partition("_samples_")[2].removesuffix(".jsonl")
    assert finding.state == "fail" and finding.seen.startswith(f"{task}: ")


@pytest.mark.parametrize("name", ["x_results.json", "results.json"])
def test_every_file_that_cannot_be_read_is_a_line(name: str, tmp_path: Path) -> None:
    write(tmp_path / "run", records(per_cell=1))
    for n in range(3):
        (tmp_path / f"{n}").mkdir()
        (tmp_path / f"{n}" / name).write_text("{")
    found = [finding for finding in check(tmp_path) if finding.state == "fail"]
    assert len(found) == 3 and not any("\n" in finding.seen for finding in found)


def test_no_run_and_no_folder(tmp_path: Path) -> None:
    assert states(tmp_path) == [("fail", "run")]
    assert states(tmp_path / "nothing") == [("fail", "run")]


def test_two_models_and_what_a_killed_process_left_are_told(tmp_path: Path) -> None:
    write(tmp_path / "a", records(per_cell=1), model="a")
    write(tmp_path / "b", records(per_cell=1), model="b")
    (tmp_path / "b" / "x_samples_y.jsonl.partial").write_text("half")
    told = {finding.what: finding.seen for finding in check(tmp_path) if finding.state == "warn"}
    assert "2 models" in told["runs"] and told["partial"].startswith("1 files of a killed process")


def test_a_run_without_any_verdict_names_its_likely_cause(tmp_path: Path) -> None:
    lost = [
        one.changed(
            outcome="no_output", contextual=None, intrinsic=None, helped=None, delivered=None,
            parts=(), reason="an empty reply",
        )
        for one in records(per_cell=1)
    ]  # fmt: skip
    write(tmp_path, lost)
    seen = " ".join(finding.seen for finding in check(tmp_path))
    assert "nothing was judged" in seen and "an empty reply" in seen
    assert "above UNI_JUDGER_MAX_UNSCORED=0.2" in seen


def test_numbers_of_a_hostile_results_file_stop_nothing(tmp_path: Path) -> None:
    write(tmp_path, records(per_cell=1))
    (path,) = tmp_path.glob("*_results.json")
    whole = json.loads(path.read_text())
    cell = next(iter(whole["results"]))
    for odd in (None, "x", [1], {"items": "many"}, {"items": 1e400, "n": 3}):
        whole["results"][cell]["uni_judger,none"] = odd
        whole["uni_judger"] = {"traffic": {cell: odd}, "faults": odd}
        whole["n-samples"] = {cell: {"original": odd, "effective": odd}}
        path.write_text(json.dumps(whole))
        assert list(check(tmp_path))
