"""A run of lmms-eval with its reply cache, on requests of a task of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lmms_eval.api.instance import Instance
from lmms_eval.caching.response_cache import ResponseCache

from judger.engine.run_state import Traffic
from uni_safe_tasks.harness.patches import reply_cache

FAILED = "[LMMS_EVAL_REQUEST_FAILED after 3 retries] Connection error."


BLOCKED = "[UNI_SAFE_BLOCKED] finish_reason=content_filter"


OURS, OTHERS = "uni_safe_privacy_leak_text_generation", "mmlu"


class Model:
    """Replies by document; counts what it is asked."""

    def __init__(self, reply: Callable[[int], str]) -> None:
        self.reply, self.asked = reply, []  # type: ignore[var-annotated]

    def generate_until(self, requests: list[Instance]) -> list[str]:
        self.asked += [request.doc_id for request in requests]
        return [self.reply(int(request.doc_id)) for request in requests]


class Killed(BaseException):
    """The process is gone: nothing is caught, nothing is finalized."""


def requests(task: str, count: int) -> list[Instance]:
    return [
        Instance(
            request_type="generate_until",
            arguments=(f"prompt {i}", None, {"until": []}, i, task, "test"),
            idx=0,
            metadata={"task": task, "doc_id": i, "repeats": 1},
        )
        for i in range(count)
    ]


def ran(folder: Path, model: Model, task: str = OURS, count: int = 4, **options: Any) -> list[str]:
    """One run through the cache, from opening to merging, as the harness does it."""
    tasks = {task: SimpleNamespace(dump_config=lambda: {"task": task})}
    cache = ResponseCache.create(str(folder), model="m", task_dict=tasks, **options)
    with ExitStack() as mends:
        if task == OURS:
            mends.enter_context(reply_cache.mended(cache, {OURS}, Traffic()))
        replies: list[str] = cache.execute(model, "generate_until", requests(task, count))
    cache.finalize(success=True)
    return replies


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def kept(folder: Path) -> list[tuple[str, int, str]]:
    with sqlite3.connect(folder / "cache.db") as database:
        rows = database.execute(
            "SELECT task_name, doc_id, response FROM responses ORDER BY task_name, doc_id"
        ).fetchall()
    database.close()
    return rows
