"""Somebody else's benchmark, with our plug-in installed and without it: the same in everything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.harness import environment

pytestmark = pytest.mark.e2e
#: A task with thoughts, failures, silence and half a character in its replies; its cache was left
#: by a run that was killed. Prints what became of replies, records, config, cache and functions.
SCRIPT = """
import hashlib, importlib.metadata as metadata, json, sqlite3, sys
from pathlib import Path

if "without" in sys.argv:
    load = metadata.EntryPoint.load
    metadata.EntryPoint.load = lambda point: (
        [] if point.value.startswith("uni_safe_tasks") else load(point)
    )
from lmms_eval import evaluator
from lmms_eval.api.model import lmms
from lmms_eval.caching.response_cache import ResponseCache
from lmms_eval.tasks import TaskManager
from lmms_eval.utils import Collator

ours = [name for name in sys.modules if name.startswith("uni_safe_tasks")]
assert bool(ours) is ("without" not in sys.argv), ours
folder = Path(sys.argv[1])


class Model(lmms):
    asked = 0

    def __str__(self):
        return "model"

    def generate_until(self, requests):
        self.asked += len(requests)
        return [REPLIES[request.args[-3] % len(REPLIES)] for request in requests]

    loglikelihood = generate_until_multi_round = generate_until


REPLIES = [
    "<think>a</think> b",
    "[LMMS_EVAL_REQUEST_FAILED after 3 retries] Connection error.",
    "",
    None,
    "plain",
]
cache = folder / "cache"
shard = cache / "runs" / "killed" / "rank_0.db"
shard.parent.mkdir(parents=True)
ResponseCache(str(shard), str(shard.with_suffix(".audit.jsonl")))._store(
    "key", "generate_until", "theirs", 0, 0, {}, "[LMMS_EVAL_REQUEST_FAILED after 1 retries] x"
)
killed = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in shard.parent.iterdir()}
manager = TaskManager(include_path=str(folder), include_defaults=False)
runs = []
for _ in range(2):
    model = Model()
    found = evaluator.simple_evaluate(
        model=model, tasks=["theirs"], task_manager=manager, use_cache=str(cache), log_samples=True
    )
    samples = [
        {k: v for k, v in s.items() if k in ("resps", "filtered_resps", "exact_match")}
        for s in found["samples"]["theirs"]
    ]
    configs = {k: str(v) for k, v in found["configs"]["theirs"].items() if "folder" not in k}
    runs.append([model.asked, samples, found["results"], sorted(found), configs])
with sqlite3.connect(cache / "cache.db") as database:
    read = "SELECT task_name, doc_id, response FROM responses ORDER BY 2"
    rows = database.execute(read).fetchall()
after = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in shard.parent.iterdir()}
print("TOLD", json.dumps({
    "runs": runs,
    "rows": rows,
    "killed cache untouched": after == killed,
    "evaluate": evaluator.evaluate.__module__ + str(hasattr(evaluator.evaluate, "_uni_safe_tasks")),
    "functions": [str(f).split(" at ")[0] for f in (
        ResponseCache.execute, ResponseCache._lookup, ResponseCache.create, Collator.get_original
    )],
}, default=str, sort_keys=True))
"""
TASK = """task: theirs
dataset_path: json
dataset_kwargs: {data_files: DATA}
test_split: train
output_type: generate_until
doc_to_text: "{{question}}"
doc_to_target: "{{answer}}"
generation_kwargs: {until: [], temperature: 0, do_sample: false}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
metadata: {version: 1.0}
"""


def told(folder: Path, *arguments: str) -> dict[str, Any]:
    folder.mkdir()
    data = folder / "theirs.jsonl"
    lines = [{"question": f"question {n}", "answer": "b"} for n in range(10)]
    data.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "theirs.yaml").write_text(TASK.replace("DATA", str(data)))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), *arguments],
        env=environment(HF_DATASETS_OFFLINE="1"),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("TOLD ")]
    told: dict[str, Any] = json.loads(line.removeprefix("TOLD ").replace(str(folder), "FOLDER"))
    return told


def test_cache_replies_and_config_are_as_they_would_be_without_us(tmp_path: Path) -> None:
    with_us, without = told(tmp_path / "with"), told(tmp_path / "without", "without")
    assert with_us == without
    assert with_us["killed cache untouched"]
    assert with_us["evaluate"] == "lmms_eval.evaluatorFalse"
