"""Cells and sentences in one run: read together, and never counted together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from judger.bridges.delivered import undelivered_cells, undelivered_forms
from judger.contract.cell import ISO_CELLS, Cell
from judger.contract.iso import FORMS, TYPED
from judger.contract.record import Record
from leaderboard.cli import app
from leaderboard.compare.differences import compare
from leaderboard.report.html import html
from leaderboard.report.summary import summarise
from leaderboard.runs.choose import RunError
from leaderboard.runs.read import Sample, load_run
from leaderboard.runs.rejudge import Logged
from leaderboard.submission.submit import About, build
from tests.leaderboard.compare.gaps.test_modality import run as sentences
from tests.leaderboard.made import record, records, write
from tests.leaderboard.runs.test_choose import run as dated
from tests.leaderboard.submission.made_runs import ABOUT, results
from tests.leaderboard.submission.made_runs import run as submitted


def harmful() -> list[Record]:
    """Sentences of which every reply is unsafe, and no canary came back."""
    return [record("privacy_leak", n, form, "u") for form in FORMS for n in range(5)] + [
        record("privacy_leak", 0, form, kind="canary", delivered=False, parts=[])
        for form in FORMS
        if form != TYPED
    ]


@pytest.fixture
def both(tmp_path: Path) -> Path:
    return write(tmp_path / "both", [*records(), *harmful()])


def test_no_figure_of_the_cells_knows_a_sentence(both: Path, tmp_path: Path) -> None:
    cells = load_run(write(tmp_path / "cells", records()))
    loaded = load_run(both)
    assert len(loaded.sentences) == len(harmful())
    assert loaded.records == cells.records
    ours, theirs = summarise(loaded), summarise(cells)
    for name in ("items", "overall", "categories", "types", "cells", "joint", "canaries"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert compare("both_safe", cells.records, loaded.records).overall.difference == 0


def test_the_page_shows_the_gap_beside_the_difference_of_tasks(both: Path, tmp_path: Path) -> None:
    page = html(load_run(both), media=False)
    assert "<h2>Modality gap</h2>" in page and "<h2>Difference of tasks</h2>" in page
    assert "⚑ written in a picture" in page
    without = html(load_run(write(tmp_path / "cells", records())), media=False)
    assert "this run holds no sentences" in without


def test_a_run_of_sentences_alone_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    folder = write(tmp_path, sentences())
    with pytest.raises(RunError, match="unisafe_iso tasks alone are read by"):
        load_run(folder)
    loaded = load_run(folder, iso=True)
    assert not loaded.samples and len(loaded.said) == len(list(sentences()))
    assert len(Logged(folder)) == len(loaded.said)


@pytest.mark.parametrize("cells", [True, False])
def test_the_report_says_where_the_sentences_can_be_read(tmp_path: Path, cells: bool) -> None:
    folder = write(tmp_path / "run", [*(records() if cells else ()), *sentences()])
    done = CliRunner().invoke(app, ["report", str(folder)])
    assert done.exit_code == 0, done.output
    said = "".join(done.output.split())  # a terminal breaks long paths
    assert f"*_samples_unisafe_iso_*.jsonlbelow{folder}" in said
    assert len(list(folder.rglob("*_samples_unisafe_iso_*.jsonl"))) == len(ISO_CELLS)
    assert "*_samples_unisafe_iso_*.jsonl" in (folder / "report.html").read_text()


def test_two_models_are_no_run_though_each_ran_another_suite(tmp_path: Path) -> None:
    dated(tmp_path / "a", "2026-01-01", "one")
    dated(tmp_path / "b", "2026-01-02", "another", records=harmful())
    with pytest.raises(RunError, match="runs of 2 models"):
        load_run(tmp_path)
    dated(tmp_path / "c" / "a", "2026-01-01", "one")
    dated(tmp_path / "c" / "b", "2026-01-02", "one", records=harmful())
    loaded = load_run(tmp_path / "c")
    assert (len(loaded.records), len(loaded.said)) == (1, len(harmful()))
    assert len(loaded.results) == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "--modalities", "{cells}"], "holds no sentences, which alone show a modality"),
        (["compare", "--task-types", "{sentences}"], "holds no items of the 42 cells"),
        (["compare", "{cells}", "{sentences}"], "unisafe_iso tasks alone are read by"),
    ],
)
def test_what_a_run_does_not_hold_is_one_line(words: list[str], says: str, tmp_path: Path) -> None:
    folders = {
        "cells": write(tmp_path / "cells", records(per_cell=1)),
        "sentences": write(tmp_path / "sentences", harmful()),
    }
    done = CliRunner().invoke(app, [word.format(**folders) for word in words])
    assert (done.exit_code, says in done.output) == (2, True), done.output
    assert len(done.output.strip().splitlines()) == 1


def test_two_runs_show_the_gap_of_each(both: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.json"
    words = ["compare", str(both), str(both), "--json", str(out)]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    assert f"Modality gap: the same sentence typed and in another form: {both}" in done.output
    assert set(json.loads(out.read_text())["gaps"]) == {str(both)}


def test_a_sentence_is_no_part_of_a_submission() -> None:
    asked = [Sample(Cell.of(r).name, "a prompt", "a reply", r) for r in harmful()]
    other = results([one.task for one in asked], config={"model": "uni_safe_control", "limit": 3.0})
    cells = submitted()
    both = replace(cells, sentences=tuple(asked), results=(*cells.results, other))
    about = About(**ABOUT, state="sample")
    assert build(both, about) == build(cells, about)


def test_who_submits_is_told_what_is_left_out(both: Path) -> None:
    words = [
        *("submit", str(both), "--sample", "--model-id", "me/mine", "--model-revision", "1"),
        *("--family", "open_unified", "--weights", "open", "--inputs", "text", "--outputs"),
        *("text", "--submitter", "Me", "--generated-by", "Me", "--judged-by", "Me", "--attest"),
    ]
    done = CliRunner().invoke(app, words)
    assert f"{len(harmful())} items of unisafe_iso tasks are no part of a submission" in done.output


def test_canaries_of_sentences_are_told_apart_from_those_of_cells(both: Path) -> None:
    (path,) = both.glob("*_results.json")
    results = json.loads(path.read_text())["results"]
    assert undelivered_cells(results) == []
    told = undelivered_forms(results)
    assert len(told) == 4 and told[0].startswith("the sentence written in a picture: media not")
