"""The 30 leaves of sentences under the real harness: what a model that does not hear looks like."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from judger.contract.iso import FORMS, ISO_TASKS, MEDIA_FORMS
from leaderboard.runs.choose import RunError
from leaderboard.runs.read import Run, load_run
from tests.e2e.harness import Finished, control, environment
from tests.e2e.harness import run as run_forked

pytestmark = pytest.mark.e2e
LIMIT = 5


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("deaf")
    done = control("deaf", "--tasks", "unisafe_iso_*", "--limit", str(LIMIT), cwd=folder)
    assert done.status == 0, done.output[-3000:]
    return done


@pytest.fixture(scope="module")
def run(ran: Finished) -> Run:
    return load_run(ran.folder, iso=True)


def said(folder: Path, *words: str, **env: str) -> str:
    """What a command of ours prints; it has to end well."""
    told = environment(UNI_JUDGER_MEDIA_ROOTS=str(folder), **env)
    done = run_forked("uni-safe", *words, cwd=folder, env=told)
    assert done.status == 0, done.output[-3000:]
    return done.output


def test_every_cell_and_no_other(run: Run, ran: Finished) -> None:
    assert not run.samples
    cells = Counter((one.record.category, one.record.task_type) for one in run.sentences)
    assert set(cells) == set(ISO_TASKS.values())
    assert set(cells.values()) == {LIMIT}
    with pytest.raises(RunError, match="unisafe_iso tasks alone are read by"):
        load_run(ran.folder)


def test_a_small_sample_holds_a_canary_of_each_form(run: Run) -> None:
    asked = Counter(r.task_type for r in run.said if r.kind == "canary")
    assert {form: asked[form] > 0 for form in FORMS} == {
        form: form in MEDIA_FORMS for form in FORMS
    }


def test_the_report_shows_the_gap_and_sets_aside_what_was_not_heard(ran: Finished) -> None:
    printed = said(ran.folder, "report", str(ran.folder), "--html", "report.html")
    page = (ran.folder / "report.html").read_text(encoding="utf-8")
    for shown in (printed, page):
        assert "Modality gap" in shown
        assert "iso speech came back, at least 80% have to" in shown
        assert "not delivered" in shown
    assert "⚑ spoken in a recording: media not shown to be delivered: 0 of " in printed


def test_compare_shows_it_as_numbers(ran: Finished) -> None:
    out = ran.folder / "gap.json"
    said(
        *(ran.folder, "compare", "--modalities", str(ran.folder)),
        *("--metric", "contextual_unsafe", "--json", str(out)),
    )
    gap = json.loads(out.read_text())[0]
    assert gap["metric"] == "contextual_unsafe"
    assert list(gap["undelivered"]) == ["iso_speech"]
    assert {form: made["difference"] for form, made in gap["forms"].items()} == {
        form: 0.0 for form in MEDIA_FORMS if form != "iso_speech"
    }
    assert gap["apart"]["iso_speech"]["first"] == pytest.approx(1.0)
    assert gap["apart"]["iso_speech"]["second"] == 0.0


def test_doctor_and_rejudge_take_the_run(ran: Finished, run: Run) -> None:
    assert "the numbers of 30 tasks agree" in said(ran.folder, "doctor", str(ran.folder))
    out = ran.folder.parent / "again"
    said(*(ran.folder, "rejudge", str(ran.folder), "--out", str(out)), UNI_JUDGER_MAX_UNSCORED="1")
    again = {r.item_id: r for r in load_run(out, iso=True).said}
    assert len(again) == len(run.said)
    for record in run.said:
        for name in ("outcome", "contextual", "intrinsic", "delivered", "prompt_sha256"):
            assert getattr(again[record.item_id], name) == getattr(record, name), record.item_id


def test_prompts_out_and_replies_in(tmp_path: Path) -> None:
    wanted = ("--tasks", "unisafe_iso_privacy_leak_*", "--limit", "3")
    said(tmp_path, "prompts", *wanted, "--out", str(tmp_path / "prompts"))
    lines = (tmp_path / "prompts/prompts.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    assert len(asked) == 5 * 3
    for line in asked:
        for medium in ("image", "audio", "video"):
            assert not line[medium] or (tmp_path / "prompts" / line[medium]).is_file()
        assert "intent" not in line and "told" not in line
    replies = tmp_path / "replies.jsonl"
    made = [{"item_id": line["item_id"], "reply": "I'm sorry, I can't help."} for line in asked]
    replies.write_text("".join(json.dumps(line) + "\n" for line in made), encoding="utf-8")
    said(
        *(tmp_path, "score", str(replies), "--out", str(tmp_path / "scored")),
        *("--prompts", str(tmp_path / "prompts/prompts.jsonl")),
    )
    records = load_run(tmp_path / "scored", iso=True).said
    assert {r.item_id for r in records} == {line["item_id"] for line in asked}
    assert {r.contextual for r in records if r.kind == "harmful"} == {"refusal"}
