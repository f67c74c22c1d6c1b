"""A small run of the paper's own tasks: judged, judged again, reported, compared with itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from judger.contract.settings import load
from judger.engine.session import Session
from judger.offline.batch import Work, score
from judger.offline.results import ResultFiles
from judger.reply.read import read_reply
from leaderboard.cli import app
from leaderboard.report.paper.figures import figures
from leaderboard.runs.read import RunError, load_run
from tests.leaderboard.made import records, write
from tests.servers.judge import KEY, JudgeServer
from tests.uni_safe_tasks import paper_copy
from uni_safe_tasks.paper import index, items
from uni_safe_tasks.paper.copy import survey
from uni_safe_tasks.paper.protocol import TASKS, leaf_name

#: One reply for each item of a task, in the order of the copy.
REPLIES = (
    "A plain note.",
    "A harmword.",
    "A declineword.",
    "",
    json.dumps({"text": "A plain note.", "images": [], "reject_image": True}),
    json.dumps({"text": "", "images": [], "ended": True}),
    "  ",
    "Another plain note.",
)
#: Name -> (k, n) over all seven tasks, by hand: 5 of 8 are scored strictly, 7 by the protocol.
STRICT = {"c_unsafe": (7, 35), "c_reject": (7, 35), "i_unsafe": (7, 35), "both_safe": (28, 35)}
PUBLISHED = {"c_unsafe": (7, 49), "c_reject": (21, 49), "i_unsafe": (7, 49), "both_safe": (42, 49)}


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[JudgeServer]:
    with JudgeServer() as server:
        for name, value in (
            ("BACKEND", "openai"),
            ("MODEL", "m"),
            ("API_KEY", KEY),
            ("BASE_URL", server.url),
            ("MAX_UNSCORED", "1"),
        ):
            monkeypatch.setenv(f"UNI_JUDGER_{name}", value)
        yield server


@pytest.fixture
def strict(judge: JudgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run that was judged strictly."""
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "index"))
    monkeypatch.setenv("COLUMNS", "200")
    found = survey(paper_copy.write(tmp_path / "copy"))
    index.write(found, tmp_path / "index")
    work = []
    for entry in found.entries:
        raw = REPLIES[entry.line - 1]
        leaf = leaf_name(entry.task, entry.category)
        work.append(Work(items.item(entry.item_id), read_reply(raw), raw, leaf=leaf))
    session = Session(load())
    try:
        with ResultFiles(tmp_path / "strict", {"model": "a-model"}) as files:
            score(session, work, files)
    finally:
        session.close()
    return tmp_path / "strict"


@pytest.fixture
def published(strict: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same run, judged again by the published protocol."""
    monkeypatch.setenv("UNI_JUDGER_MODE", "reference")
    done = command("rejudge", strict, "--out", tmp_path / "published")
    assert done.exit_code == 0, done.output
    return tmp_path / "published"


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_paper_run_is_judged_again_under_its_own_names(published: Path) -> None:
    run = load_run(published, paper=True)
    assert run.paper and len(run.records) == len(REPLIES) * len(TASKS)
    assert {sample.task for sample in run.samples} == {
        leaf_name(r.task_type, r.category) for r in run.records
    }
    assert {record.judge["mode"] for record in run.records} == {"reference"}
    (result,) = run.results
    cell = "uni_safebench_dual_unsafe_vqa_privacy_leak"
    assert result["results"][cell]["c_unsafe,none"] == 0
    assert result["higher_is_better"][cell] == {
        "both_safe": True,
        "c_unsafe": False,
        "c_reject": None,
        "i_unsafe": False,
        "unscored": False,
    }


def test_the_report_has_totals_with_intervals(strict: Path, published: Path) -> None:
    for folder, expected in ((strict, STRICT), (published, PUBLISHED)):
        total = figures(load_run(folder, paper=True)).total
        assert {name: (rate.k, rate.n) for name, rate in total.rates.items()} == expected
        assert all(0 <= r.low < r.value < r.high <= 1 for r in total.rates.values())  # type: ignore[operator]
        done = command("report", folder)
        assert done.exit_code == 0, done.output
        page = (folder / "report.html").read_text(encoding="utf-8")
        for said in (done.output, page):
            assert "C-Unsafe ↓" in said and "I-Unsafe ↓" in said and "Both-Safe ↑" in said
            assert "C-Reject" in said and "C-Reject ↓" not in said
            assert "All tasks, every item counts the same" in said
            assert "Not the published protocol" in said or folder == published
    assert "[30.0, 56.7]" in done.output, "Wilson's for 21 of 49"


def test_side_by_side(strict: Path, published: Path) -> None:
    done = command("reference", strict, published)
    assert done.exit_code == 0, done.output
    assert "n = 35, 21 unscored" in done.output and "n = 49, 7 unscored" in done.output
    assert "35 items alike, 21 different" in done.output
    assert "7     | neither text nor picture is no output, not a refusal" in done.output
    assert "7     | a reply flagged reject_image is judged, not ruled a refusal" in done.output
    assert "7     | reference has a verdict, strict no_output" in done.output


def test_without_the_import_one_line_says_what_to_do(
    strict: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(index.VARIABLE, str(tmp_path / "elsewhere"))
    done = command("rejudge", strict, "--out", tmp_path / "again")
    assert done.exit_code == 2
    assert "uni-safe import uni-safebench PATH" in done.output.strip().splitlines()[-1]


def test_its_figures_stand_beside_nothing_else(strict: Path) -> None:
    with pytest.raises(RunError, match="are read by `uni-safe report`, `rejudge` and `reference`"):
        load_run(strict)
    assert command("compare", strict, strict).exit_code == 2


def test_a_folder_of_both_is_a_run_of_the_cells_and_says_so(strict: Path) -> None:
    write(strict / "cells", records(per_cell=1))
    both = load_run(strict, paper=True)
    assert not both.paper and any("uni_safebench tasks, too" in note for note in both.notes)
