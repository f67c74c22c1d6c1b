"""The twelve text cells under lm-evaluation-harness: a tiny real causal model, then the same again.

What lm-eval's model said to each prompt is what a local server says to lmms-eval when it gets that
prompt byte for byte; nothing else is answered. The records must come out alike.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES
from leaderboard.runs.read import load_run
from tests.e2e.harness import BIN, environment, lmms_eval
from tests.servers.pictures import KEY, PictureServer
from tests.tiny import causal
from uni_safe_tasks.scenario.locations import TASKS

pytestmark = pytest.mark.e2e
LIMIT = "2"
CELLS = {f"uni_safe_{c}_text_{t}" for c in CATEGORIES for t in ("understanding", "generation")}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of lm-eval's hf back end on the tiny model."""
    folder = tmp_path_factory.mktemp("lm_eval")
    model = causal.build(folder / "tiny")
    command = [
        *(str(BIN / "lm_eval"), "run", "--model", "hf", "--model_args", f"pretrained={model}"),
        *("--device", "cpu", "--include_path", str(TASKS), "--tasks", "uni_safe_*_text_*"),
        *("--limit", LIMIT, "--gen_kwargs", "max_gen_toks=12"),
        *("--output_path", str(folder / "out"), "--log_samples"),
    ]
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "out"


def raw_samples(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.rglob("samples_*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def prompt_of(sample: dict[str, Any]) -> str:
    return str(sample["arguments"]["gen_args_0"]["arg_0"])


def test_twelve_cells_with_records_and_metrics(base: Path) -> None:
    run = load_run(base)
    assert {sample.task for sample in run.samples} == CELLS
    assert len(run.samples) == 24
    assert {record.outcome for record in run.records} <= {"scored", "no_output"}
    (results,) = run.results
    for cell in CELLS:
        assert {"both_safe,none", "unscored,none"} <= set(results["results"][cell])


def test_lmms_eval_sends_the_same_bytes_and_judges_the_same(base: Path, tmp_path: Path) -> None:
    samples = raw_samples(base)
    replies = {prompt_of(s): s["filtered_resps"][0] for s in samples}
    assert len(replies) == 24
    with PictureServer(say=lambda words: replies[words]) as server:
        again = lmms_eval(
            *("--model", "uni_safe_any_to_any"),
            *("--model_args", f"model=tiny,base_url={server.url},images=none,max_retries=0"),
            *("--tasks", "uni_safe_*_text_*", "--limit", LIMIT),
            cwd=tmp_path,
            OPENAI_API_KEY=KEY,
        ).run
        assert set(server.asked) == set(replies), "byte for byte"
    there = {s["uni_judger"]["item_id"]: Record.from_json(s["uni_judger"]) for s in samples}
    here = {record.item_id: record for record in again.records}
    assert here == there
