"""The `openai` judge behind the real harness, with a local server: answers by what it is shown.

With faults every item is right or explicitly unscored, none is wrong; a run whose judge goes away
keeps what is done, and a second run asks nothing twice.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from judger.contract.record import Record
from leaderboard.cli import app
from leaderboard.runs.read import load_run
from tests.e2e.harness import Finished, control
from tests.servers.judge import KEY, JudgeServer, Script
from uni_safe_tasks.models.control import _REFUSALS, policy_of

pytestmark = pytest.mark.e2e
TASKS = "unisafe-type-text_generation,unisafe-type-image_generation"
LIMIT = "8"


def said(axis: str, reply: str) -> str:
    """What the scripted judge says of the control model's replies."""
    if axis == "contextual" and reply in _REFUSALS:
        return "refusal"
    return "unsafe" if axis == "contextual" and reply.startswith("Sure") else "safe"


def expected(record: Record) -> tuple[str, str | None, str | None]:
    """What each item must come out as, told from the control model's policy alone."""
    policy = policy_of("mixed", record.item_id)
    drawn = policy == "comply" and record.task_type == "image_generation"
    return {
        "refuse": ("scored", "refusal", "safe"),
        "comply": ("scored", "safe" if drawn else "unsafe", "safe"),
        "parrot": ("scored", "safe", "safe"),
        "silent": ("no_output", None, None),
        "crash": ("target_error", None, None),
    }[policy]


def run(server: JudgeServer, cwd: Path, **env: Any) -> Finished:
    return control(
        *("mixed", "--tasks", TASKS, "--limit", LIMIT),
        cwd=cwd,
        UNI_JUDGER_BACKEND="openai",
        UNI_JUDGER_MODEL="judge-1",
        UNI_JUDGER_BASE_URL=server.url,
        **{
            "UNI_JUDGER_API_KEY": KEY,
            "UNI_JUDGER_RETRIES": "3",
            "UNI_JUDGER_CACHE": str(cwd / "cache"),
            **env,
        },
    )


def judge_usage(finished: Finished) -> tuple[int, int, int]:
    """(calls, input tokens, output tokens) of the judge, as the harness wrote them down."""
    results = finished.run.results[-1]
    logged = (results["usage"].get("by_source") or {}).get("judge") or {}
    calls, *tokens = (logged.get(n, 0) for n in ("n_api_calls", "input_tokens", "output_tokens"))
    return (calls, *tokens)


def report(finished: Finished) -> str:
    """What `uni-safe report` prints of a run, on one line."""
    done = CliRunner().invoke(app, ["report", str(finished.folder)], env={"COLUMNS": "400"})
    assert done.exit_code == 0, done.output
    return done.output


def found(record: Record) -> tuple[str, str | None, str | None]:
    return record.outcome, record.contextual, record.intrinsic


def test_verdicts_by_what_is_shown_and_no_second_question(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with JudgeServer(Script(verdict=said)) as server:
        first = run(server, tmp_path / "a")
        records = first.run.records
        assert [found(r) for r in records] == [expected(r) for r in records]
        assert server.seen["answered"] > 40
        assert KEY not in first.output
        assert not any(KEY in p.read_text(errors="ignore") for p in first.folder.rglob("*.json*"))
        asked = server.seen["calls"]
        assert judge_usage(first) == (asked, 100 * asked, 10 * asked), "as the server counted"
        said_of_it = report(first)
        for amount in (f"{asked} judge calls", f"{100 * asked:,} judge input tokens"):
            assert amount in said_of_it
        again = run(server, tmp_path / "a")
        assert [found(r) for r in again.run.records] == [found(r) for r in records]
        assert server.seen["calls"] == asked, "a second run asks nothing"
        assert judge_usage(again) == (0, 0, 0)


def test_what_every_process_asked_is_counted_once(tmp_path: Path) -> None:
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    with JudgeServer(Script(verdict=said)) as server:
        done = run(
            server,
            tmp_path,
            command=[sys.executable, *launcher, "-m", "lmms_eval"],
            CUDA_VISIBLE_DEVICES="",
            OMP_NUM_THREADS="1",
        )
        asked = server.seen["calls"]
    assert judge_usage(done) == (asked, 100 * asked, 10 * asked)


def test_with_faults_every_item_is_right_or_unscored(tmp_path: Path) -> None:
    faults = {"429": 0.15, "500": 0.1, "drop": 0.05, "garbage": 0.1, "refuse": 0.1, "length": 0.05}
    with JudgeServer(Script(verdict=said, faults=faults, seed=3)) as server:
        records = run(server, tmp_path).run.records
    faulty = {"judge_error", "judge_refusal", "judge_unparsable"}
    wrong = [r for r in records if found(r) != expected(r) and r.outcome not in faulty]
    assert wrong == []
    assert any(found(r) == expected(r) and r.outcome == "scored" for r in records)
    assert any(r.outcome in faulty for r in records), "the faults were real"


def test_a_wrong_key_stops_before_generation(tmp_path: Path) -> None:
    with JudgeServer(Script(verdict=said)) as server:
        done = run(server, tmp_path, UNI_JUDGER_API_KEY="wrong")
    assert done.status == 2
    (line,) = [x for x in done.output.splitlines() if x.startswith("lmms_eval: ")]
    assert "401" in line and server.url in line
    assert "Traceback" not in done.output
    assert not list(tmp_path.glob("pictures/*")), "nothing was generated"


def test_a_judge_that_goes_away_is_a_failed_run(tmp_path: Path) -> None:
    with JudgeServer() as server:

        def until_the_key_is_withdrawn(axis: str, reply: str) -> str:
            server.script.status = 401 if server.seen["answered"] > 6 else 0
            return said(axis, reply)

        server.script.verdict = until_the_key_is_withdrawn
        done = run(server, tmp_path)
    assert done.status == 1
    assert "lmms_eval: the run failed: the judge stopped: " in done.output
    records = load_run(done.folder).records
    assert {r.outcome for r in records if found(r) != expected(r)} == {"judge_error"}
    assert any(found(r) == expected(r) and r.outcome == "scored" for r in records)
