"""The harness's reply cache as mended: faults are generated again, killed runs are taken up."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from lmms_eval.caching.response_cache import ResponseCache

from judger.contract.settings import SettingsError
from judger.engine.run_state import Traffic
from tests.uni_safe_tasks.harness.patches.cached_runs import (
    BLOCKED,
    FAILED,
    OTHERS,
    OURS,
    Model,
    ran,
    requests,
)
from uni_safe_tasks.harness.patches import reply_cache


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("first", "task", "again"),
    [
        ("a reply", OURS, []),
        (FAILED, OURS, [0, 1, 2, 3]),
        ("[UNI_SAFE_FAILED] APITimeoutError: Request timed out.", OURS, [0, 1, 2, 3]),
        ("[UNI_SAFE_UNSUPPORTED] no ears", OURS, [0, 1, 2, 3]),
        ("[SAFETY_BLOCKED:finish_reason=FinishReason.MAX_TOKENS]", OURS, [0, 1, 2, 3]),
        ("", OURS, [0, 1, 2, 3]),
        (BLOCKED, OURS, []),
        (FAILED, OTHERS, []),
    ],
)
def test_what_is_generated_again(first: str, task: str, again: list[int], tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    ran(folder, Model(lambda i: first), task)
    second = Model(lambda i: f"reply {i}")
    replies = ran(folder, second, task)
    assert second.asked == again
    assert replies == ([f"reply {i}" for i in range(4)] if again else [first] * 4)
    third = Model(lambda i: "never asked")
    assert ran(folder, third, task) == replies and third.asked == []


@pytest.mark.parametrize("damage", ["whole", "page"])
def test_a_damaged_cache_is_one_line_before_anything_is_asked(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    ran(folder, Model(lambda i: "reply " * 2000), count=20)
    root = folder / "cache.db"
    with sqlite3.connect(root) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    data = bytearray(root.read_bytes())
    data[0 if damage == "whole" else 4096 :] = b"x" * len(data[0 if damage == "whole" else 4096 :])
    root.write_bytes(data)
    asked = Model(lambda i: "reply")
    with pytest.raises(SettingsError, match=r"cache.db is damaged .* move it elsewhere") as caught:
        ran(folder, asked)
    assert asked.asked == [] and "\n" not in str(caught.value)


def test_both_kinds_of_task_in_one_run(tmp_path: Path) -> None:
    tasks = {t: SimpleNamespace(dump_config=lambda t=t: {"task": t}) for t in (OURS, OTHERS)}
    mixed = [r for pair in zip(requests(OURS, 3), requests(OTHERS, 3), strict=True) for r in pair]
    for reply, again in ((FAILED, 6), ("a reply", 3)):
        cache = ResponseCache.create(str(tmp_path / "cache"), model="m", task_dict=tasks)

        def always(_: int, reply: str = reply) -> str:
            return reply

        model = Model(always)
        traffic = Traffic()
        with reply_cache.mended(cache, {OURS}, traffic):
            replies = cache.execute(model, "generate_until", mixed)
        cache.finalize(success=True)
        assert len(model.asked) == again, "a failure of another task is kept, as the harness does"
        assert replies[::2] == [reply] * 3
    assert replies[1::2] == [FAILED] * 3


def test_an_unreadable_entry_is_a_fault(tmp_path: Path) -> None:
    ran(tmp_path / "cache", Model(lambda i: "reply"))
    with sqlite3.connect(tmp_path / "cache" / "cache.db") as database:
        database.execute("UPDATE responses SET response = '{half' WHERE doc_id = 1")
        database.execute("UPDATE responses SET response = '[1, 2]' WHERE doc_id = 3")
    database.close()
    second = Model(lambda i: "again")
    assert ran(tmp_path / "cache", second) == ["reply", "again", "reply", "again"]


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_wrong_slice_size_is_an_error(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_SAFE_CACHE_EVERY", text)
    with pytest.raises(SettingsError, match="UNI_SAFE_CACHE_EVERY"):
        reply_cache.slice_size()
