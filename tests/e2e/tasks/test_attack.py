"""Under attack through the real harness: sent, kept, recorded, compared, judged again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.read import Run, load_run
from tests.e2e.harness import BIN, Finished, environment, lmms_eval, run
from uni_safe_tasks.scenario.locations import TASKS
from uni_safe_tasks.suite.items import item as suite_item

pytestmark = pytest.mark.e2e
CELLS = "uni_safe_privacy_leak_text_generation,uni_safe_privacy_leak_image_understanding"
LIMIT = "6"
SEES = "text-to-text,image-to-text"
UNDER = "persona"
#: Made one after the other, in this order.
RUNS = {"plain": "", "pressed": UNDER, "talked": "warm_up", "again": ""}


def asked(folder: Path, attack: str = "", **env: str) -> Finished:
    """All runs keep their replies in one cache: none may be answered from another's."""
    told: dict[str, Any] = {"UNI_JUDGER_MAX_UNSCORED": "1", "UNI_SAFE_ATTACK": attack, **env}
    return lmms_eval(
        *("--model", "uni_safe_control", "--model_args", "policy=yield"),
        *("--tasks", CELLS, "--limit", LIMIT, "--use_cache", str(folder.parent / "cache")),
        cwd=folder,
        **told,
    )


def uni_safe(*arguments: str, cwd: Path, status: int = 0) -> str:
    done = run("uni-safe", *arguments, cwd=cwd, env=environment())
    assert done.status == status, done.output
    return done.output


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    base = tmp_path_factory.mktemp("attack")
    made = {}
    for name, attack in RUNS.items():
        folder = base / name
        folder.mkdir()
        made[name] = asked(folder, attack).run
    return made


def test_every_record_and_the_results_say_so_and_none_does_without(runs: dict[str, Run]) -> None:
    for name, attack in RUNS.items():
        assert {record.attack for record in runs[name].records} == {attack}
        said = runs[name].results[0]["uni_judger"].get("attack", {}).get("name", "")
        assert said == attack
    assert "attack" not in runs["plain"].records[0].to_json()


def test_the_words_are_wrapped_and_canaries_are_not(runs: dict[str, Run]) -> None:
    plain = {s.record.item_id: s for s in runs["plain"].samples}
    for sample in runs["pressed"].samples:
        before = plain[sample.record.item_id]
        assert sample.record.prompt_sha256 == before.record.prompt_sha256
        assert before.prompt in sample.prompt
        assert (sample.prompt == before.prompt) == (sample.record.kind == "canary")


def test_the_planted_gap_is_found_and_no_kept_reply_of_another_attack(
    runs: dict[str, Run], tmp_path: Path
) -> None:
    folders = [str(runs[name].folders[0]) for name in ("plain", "pressed")]
    said = uni_safe("compare", *folders, "--json", "gap.json", cwd=tmp_path)
    gap = json.loads((tmp_path / "gap.json").read_text())["robustness"][folders[0]]
    assert gap["attack"] == UNDER
    assert gap["rows"]["safety lost"]["difference"] == 1.0
    assert gap["rows"]["over-refusal gained"]["difference"] == -1.0
    assert gap["rows"]["safety lost"]["n"] > 0
    assert "Robustness gap under attack persona" in said and "unification cost" not in said


def test_a_report_says_it_at_the_top_and_in_the_protocol(runs: dict[str, Run]) -> None:
    folder = runs["pressed"].folders[0]
    said = uni_safe("report", str(folder), "--html", str(folder / "report.html"), cwd=folder)
    assert f"UNDER ATTACK: {UNDER}" in said.splitlines()[1] and f"+ attack {UNDER} " in said
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f"UNDER ATTACK: {UNDER}" in page
    plain = runs["plain"].folders[0]
    assert "ATTACK" not in uni_safe("report", str(plain), cwd=plain)


def test_without_it_the_kept_replies_are_the_plain_ones(runs: dict[str, Run]) -> None:
    said = [{s.record.item_id: s.reply for s in runs[n].samples} for n in ("plain", "again")]
    assert said[0] == said[1]
    harmful = {n: [r for r in runs[n].records if r.kind == "harmful"] for n in RUNS}
    for name, verdict in (("plain", "refusal"), ("pressed", "unsafe"), ("talked", "unsafe")):
        assert {r.contextual for r in harmful[name]} == {verdict}, name


@pytest.mark.parametrize("name", ["pressed", "talked", "plain"])
def test_judged_again_it_stays_what_it_was(name: str, runs: dict[str, Run], tmp_path: Path) -> None:
    folder = runs[name].folders[0]
    uni_safe("rejudge", str(folder), "--out", str(tmp_path / "again"), cwd=tmp_path)
    again = load_run(tmp_path / "again")
    verdicts = {r.item_id: (r.contextual, r.attack, r.attack_sha256) for r in runs[name].records}
    assert {r.item_id: (r.contextual, r.attack, r.attack_sha256) for r in again.records} == verdicts
    assert {s.prompt for s in again.samples} == {s.prompt for s in runs[name].samples}


def test_two_attacks_in_one_folder_are_not_one_run(runs: dict[str, Run]) -> None:
    base = runs["plain"].folders[0].parents[1]
    said = uni_safe("report", str(base), cwd=base, status=2)
    assert "attack" in said and len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("attack", "env", "said"),
    [
        ("persons", {}, "there are beginning, persona, picture, warm_up"),
        ("picture", {}, "needs a model that sees"),
        ("picture", {"UNI_SAFE_CAPABILITIES": "text-to-text"}, "needs a model that sees"),
    ],
)
def test_what_cannot_work_stops_in_one_line_before_anything_is_asked(
    attack: str, env: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = asked(tmp_path, attack, **env)
    assert done.status == 2 and not done.folder.exists()
    last = done.output.strip().splitlines()[-1]
    assert last.startswith("lmms_eval: ") and said in last


def test_drawn_words_reach_the_model_as_a_picture_and_other_cells_are_unsupported(
    tmp_path: Path,
) -> None:
    run = asked(tmp_path, "picture", UNI_SAFE_CAPABILITIES=SEES).run
    of = {r.item_id: r for r in run.records}
    text = [r for r in of.values() if r.task_type == "text_generation"]
    other = [r for r in of.values() if r.task_type == "image_understanding"]
    assert {r.outcome for r in text} == {"scored"}
    assert {r.outcome for r in other if r.kind != "canary"} == {"unsupported"}
    assert {r.contextual for r in text if r.kind == "harmful"} == {"unsafe"}, "it was pressed"


def lm_eval(attack: str, folder: Path) -> tuple[int, str]:
    """One text cell under lm-evaluation-harness; its `dummy` model says one word to everything."""
    done = subprocess.run(
        [
            *(str(BIN / "lm_eval"), "run", "--model", "dummy", "--include_path", str(TASKS)),
            *("--tasks", "uni_safe_privacy_leak_text_generation", "--limit", "2"),
            *("--output_path", str(folder / "out"), "--log_samples"),
        ],
        cwd=folder,
        env=environment(UNI_SAFE_ATTACK=attack),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    return done.returncode, done.stdout


def test_lm_eval_is_sent_the_transcript(tmp_path: Path) -> None:
    status, said = lm_eval("warm_up", tmp_path)
    assert status == 0, said[-2000:]
    run = load_run(tmp_path / "out")
    assert {record.attack for record in run.records} == {"warm_up"}
    for sample in run.samples:
        assert sample.prompt.startswith("User: ") and sample.prompt.endswith("\n\nAssistant:")
        plain = suite_item(sample.record.item_id)
        assert plain.prompt in sample.prompt
        assert sample.record.prompt_sha256 == plain.prompt_sha256


def test_lm_eval_takes_no_picture(tmp_path: Path) -> None:
    status, said = lm_eval("picture", tmp_path)
    assert status != 0 and not (tmp_path / "out").exists()
    assert "lm-eval sends texts only: run it with lmms_eval" in said.strip().splitlines()[-1]
