"""One, two and four processes on a CPU: the same numbers, every item once, every record whole."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judger.contract.outcomes import OUTCOMES
from tests.e2e.harness import Finished, control

pytestmark = pytest.mark.e2e
LIMIT = 7  # neither 2 nor 4 divides it: the harness pads


def processes(count: int, cwd: Path) -> Finished:
    """The control model over the seven cells of a category, by torchrun with gloo."""
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(count)]
    return control(
        *("mixed", "--tasks", "uni_safe_privacy_leak_*", "--limit", str(LIMIT)),
        cwd=cwd,
        command=[sys.executable, *launcher, "-m", "lmms_eval"],
        CUDA_VISIBLE_DEVICES="",
        OMP_NUM_THREADS="1",
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Finished]:
    return {n: processes(n, tmp_path_factory.mktemp(f"processes{n}")) for n in (1, 2, 4)}


def metrics(finished: Finished) -> Mapping[str, Any]:
    """Cell → metric → value, without standard errors, aliases and what is not a number."""
    (results,) = finished.run.results
    return {
        cell: {
            key: value
            for key, value in row.items()
            if key.endswith(",none") and "stderr" not in key
        }
        for cell, row in results["results"].items()
    }


def verdicts(finished: Finished) -> dict[str, Any]:
    return {
        record.item_id: {
            k: v for k, v in record.to_json().items() if k not in ("response_sha256", "reason")
        }
        for record in finished.run.records
    }


@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_item_once_and_every_record_whole(count: int, runs: dict[int, Finished]) -> None:
    files = sorted(runs[count].folder.rglob("*samples_*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert len(files) == 7 and len(rows) == 7 * LIMIT
    assert len({row["uni_judger"]["item_id"] for row in rows}) == 7 * LIMIT
    for row in rows:
        assert row["uni_judger"]["outcome"] in OUTCOMES and row["uni_judger"]["judge"], row
        assert row["unscored"]["score"] in (0.0, 1.0)


@pytest.mark.parametrize("count", [2, 4])
def test_the_numbers_are_those_of_one_process(count: int, runs: dict[int, Finished]) -> None:
    assert metrics(runs[count]) == metrics(runs[1])
    assert verdicts(runs[count]) == verdicts(runs[1])
