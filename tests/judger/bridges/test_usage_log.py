"""lmms-eval's usage log holds what the judge spent: all of it, once, from every process."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from judger.bridges import aggregate, harness, usage_log
from judger.contract.cell import SUITE
from judger.engine.current import reset
from tests.judger.items import item
from tests.servers.judge import KEY, JudgeServer

Entries = list[dict[str, Any]]


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Entries:
    """What the harness's log was told."""
    told: Entries = []
    module = ModuleType("usage_metrics")

    def log_usage(model_name: str, task_name: str, **entry: Any) -> None:
        told.append({"model": model_name, "task": task_name, **entry})

    module.log_usage = log_usage  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, usage_log._MODULE, module)
    return told


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[JudgeServer]:
    with JudgeServer() as started:
        for name, value in {
            "BACKEND": "openai",
            "MODEL": "judge-1",
            "BASE_URL": started.url,
            "API_KEY": KEY,
            "CACHE": "off",
        }.items():
            monkeypatch.setenv(f"UNI_JUDGER_{name}", value)
        yield started


def results(name: str, count: int) -> list[dict[str, Any]]:
    return [
        harness.process_results(item(item_id=f"{name}{n}").model_dump(), [f"reply {name} {n}"])
        for n in range(count)
    ]


def summed(entries: Entries) -> tuple[int, int, int]:
    """(calls, input tokens, output tokens)."""
    tokens = ("input_tokens", "output_tokens")
    return (len(entries), *(sum(e[name] for e in entries) for name in tokens))


def test_one_process_logs_all_calls_once_when_all_is_judged(
    server: JudgeServer, entries: Entries
) -> None:
    made = [results(cell, 3) for cell in "ab"]
    for _ in range(2):
        for cell in made:
            for metric in ("both_safe", "contextual_unsafe"):
                aggregate.mean_of_scored([r[metric] for r in cell])
    assert summed(entries) == (12, 1200, 120) and server.seen["calls"] == 12
    assert {(e["model"], e["task"], e["source"]) for e in entries} == {("judge-1", SUITE, "judge")}
    aggregate.mean_of_scored([r["both_safe"] for r in results("c", 1)])  # a second run in here
    assert summed(entries) == (14, 1400, 140)


def test_what_other_processes_spent_comes_with_their_records(
    server: JudgeServer, entries: Entries
) -> None:
    sent = [pickle.dumps(results("a", 2))]
    reset()  # another process has a session of its own
    sent += [pickle.dumps(results("b", 3))] * 2
    there = [record for one in sent for record in pickle.loads(one)]
    aggregate.mean_of_scored([r["both_safe"] for r in there])
    aggregate.mean_of_scored([r["unscored"] for r in there])
    assert summed(entries) == (10, 1000, 100) and server.seen["calls"] == 10


def test_a_harness_without_such_a_log_is_told_nothing(
    server: JudgeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, usage_log._MODULE, raising=False)
    assert aggregate.mean_of_scored([r["both_safe"] for r in results("a", 2)]) == 1.0
    assert usage_log._MODULE not in sys.modules
