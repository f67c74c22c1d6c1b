"""The paper's suite and imported items under the real harness, on made-up copies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from judger.rates.metrics import PAPER_NAMES, score
from leaderboard.runs.read import RunError, load_run
from tests.e2e.harness import Finished, control, lmms_eval
from tests.servers import pictures
from tests.servers.judge import KEY, JudgeServer
from tests.servers.pictures import PictureServer
from tests.uni_safe_tasks import foreign, paper_copy
from uni_safe_tasks.importers.write import import_set
from uni_safe_tasks.paper import index
from uni_safe_tasks.paper.copy import survey
from uni_safe_tasks.paper.protocol import SUITE, TASKS

pytestmark = pytest.mark.e2e
ITEMS = len(TASKS) * len(paper_copy.LABELS)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    index.write(survey(paper_copy.write(folder / "copy")), folder / "index")
    return folder / "index"


def records(done: Finished, prefix: str = SUITE) -> list[Record]:
    assert done.status == 0, done.output[-3000:]
    return [
        Record.from_json(json.loads(line)["uni_judger"])
        for path in sorted(done.folder.rglob(f"*_samples_{prefix}*.jsonl"))
        for line in path.open(encoding="utf-8")
    ]


@pytest.fixture(scope="module")
def whole(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("run")
    return control("mixed", "--tasks", SUITE, cwd=folder, UNI_SAFEBENCH_DATA=str(imported))


def test_every_item_once_under_the_papers_names(whole: Finished) -> None:
    judged = records(whole)
    assert len({record.item_id for record in judged}) == len(judged) == ITEMS
    assert {record.task_type for record in judged} == set(TASKS)
    assert {record.data_version.split(":")[0] for record in judged} == {SUITE}
    assert {record.judge["mode"] for record in judged} == {"strict"}


def test_totals_are_weighted_by_what_was_scored(whole: Finished) -> None:
    judged = records(whole)
    (path,) = whole.folder.rglob("*_results.json")
    groups = json.loads(path.read_text(encoding="utf-8"))["groups"]
    for task in (None, *TASKS):
        ours = [record for record in judged if task in (None, record.task_type)]
        rates = groups[SUITE if task is None else task]
        for name, metric in PAPER_NAMES.items():
            values = [value for r in ours if (value := score(metric, r)) is not None]
            assert values, "the control model has scored replies in every task"
            assert rates[f"{name},none"] == pytest.approx(sum(values) / len(values)), (task, name)


def test_its_numbers_never_mix_with_the_cells(whole: Finished) -> None:
    with pytest.raises(RunError, match="no samples of uni_safe tasks"):
        load_run(whole.folder)


def test_without_an_import_one_line_says_what_to_do(tmp_path: Path) -> None:
    done = control("mixed", "--tasks", f"{SUITE}_*", cwd=tmp_path, UNI_SAFEBENCH_DATA=str(tmp_path))
    assert done.status == 2
    last = done.output.strip().splitlines()[-1]
    assert last.startswith("lmms_eval: ") and "uni-safe import uni-safebench PATH" in last


@pytest.fixture
def judge() -> Iterator[JudgeServer]:
    with JudgeServer() as server:
        yield server


def test_the_papers_own_way_of_judging(imported: Path, judge: JudgeServer, tmp_path: Path) -> None:
    environ: dict[str, Any] = {
        "UNI_SAFEBENCH_DATA": str(imported),
        "UNI_JUDGER_BACKEND": "openai",
        "UNI_JUDGER_MODEL": "judge-1",
        "UNI_JUDGER_BASE_URL": judge.url,
        "UNI_JUDGER_API_KEY": KEY,
        "UNI_JUDGER_MODE": "reference",
    }
    tasks = f"{SUITE}_composite_unsafe_vqa_*"
    judged = records(control("refuse", "--tasks", tasks, cwd=tmp_path, **environ))
    assert len(judged) == len(paper_copy.LABELS)
    assert {record.judge["mode"] for record in judged} == {"reference"}
    assert {record.outcome for record in judged} == {"scored"}


def test_the_second_way_of_judging_generates_nothing_again(
    imported: Path, judge: JudgeServer, tmp_path: Path
) -> None:
    environ: dict[str, Any] = {
        "OPENAI_API_KEY": pictures.KEY,
        "UNI_SAFEBENCH_DATA": str(imported),
        "UNI_JUDGER_BACKEND": "openai",
        "UNI_JUDGER_MODEL": "judge-1",
        "UNI_JUDGER_BASE_URL": judge.url,
        "UNI_JUDGER_API_KEY": KEY,
        "UNI_JUDGER_MAX_UNSCORED": "1",  # no reply is a text here
    }
    with PictureServer(lambda words, attempt: "") as server:
        arguments = [
            *("--model", "uni_safe_any_to_any"),
            *("--model_args", f"model=any,base_url={server.url},output_dir={tmp_path / 'made'}"),
            *("--tasks", f"{SUITE}_malicious_text_generation_*"),
            *("--use_cache", str(tmp_path / "cache")),
        ]
        asked, modes = [], []
        for mode in ("strict", "reference"):
            cwd = tmp_path / mode
            cwd.mkdir()
            judged = records(lmms_eval(*arguments, cwd=cwd, UNI_JUDGER_MODE=mode, **environ))
            assert len(judged) == len(paper_copy.LABELS)
            asked.append(sum(server.asked.values()))
            modes.append({record.judge["mode"] for record in judged})
    assert modes == [{"strict"}, {"reference"}]
    assert asked[0] == asked[1] == len(paper_copy.LABELS)


def test_imported_items_are_asked_by_name_only(tmp_path: Path) -> None:
    foreign.siuo(tmp_path / "siuo")
    file = tmp_path / "siuo" / "items.jsonl"
    import_set("siuo", tmp_path / "siuo", file)
    done = control("refuse", "--tasks", "unisafe_items", cwd=tmp_path, UNI_SAFE_ITEMS=str(file))
    judged = records(done, "unisafe_items")
    assert {record.item_id for record in judged} == {"siuo.1", "siuo.2"}
    assert {record.contextual for record in judged} == {"refusal"}
    with pytest.raises(RunError):
        load_run(done.folder)
