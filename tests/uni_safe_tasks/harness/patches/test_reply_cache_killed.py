"""Reply caches of killed runs: taken up, named where broken, left alone where foreign."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from lmms_eval.caching.response_cache import ResponseCache

from judger.engine.run_state import Traffic
from tests.uni_safe_tasks.harness.patches.cached_runs import (
    FAILED,
    OTHERS,
    OURS,
    Killed,
    Model,
    files,
    kept,
    ran,
    requests,
)
from uni_safe_tasks.harness.patches import reply_cache


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("every", [1, 2, 3])
def test_a_killed_run_keeps_all_but_its_last_slice(
    every: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_SAFE_CACHE_EVERY", str(every))

    def dies_at_five(i: int) -> str:
        if i == 5:
            raise Killed
        return f"reply {i}"

    with pytest.raises(Killed):
        ran(tmp_path / "cache", Model(dies_at_five), count=8)
    second = Model(lambda i: f"reply {i}")
    assert ran(tmp_path / "cache", second, count=8) == [f"reply {i}" for i in range(8)]
    assert second.asked == list(range(5 - 5 % every, 8))


def test_two_processes_killed_are_taken_up_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")  # what torchrun sets on one node
    for rank in (0, 1):
        cache = ResponseCache.create(
            str(tmp_path / "cache"),
            model="m",
            task_dict={OURS: SimpleNamespace(dump_config=lambda: {"task": OURS})},
            world_size=2,
            global_rank=rank,
        )
        asked = requests(OURS, 4)[rank::2]
        with reply_cache.mended(cache, {OURS}, Traffic()):
            cache.execute(Model(lambda i: f"reply {i}"), "generate_until", asked)
        cache.close()
    monkeypatch.delenv("TORCHELASTIC_RUN_ID")
    alone = Model(lambda i: "never asked")
    assert ran(tmp_path / "cache", alone) == [f"reply {i}" for i in range(4)]
    assert alone.asked == []


def test_a_broken_file_of_a_killed_run_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard = tmp_path / "cache" / "runs" / "x" / "rank_0.db"
    shard.parent.mkdir(parents=True)
    shard.write_bytes(b"no database" * 100)
    assert ran(tmp_path / "cache", Model(lambda i: "reply")) == ["reply"] * 4
    assert str(shard) in capsys.readouterr().err
    assert shard.read_bytes() == b"no database" * 100


def test_a_killed_run_of_another_task_is_not_tidied(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    tasks = {OTHERS: SimpleNamespace(dump_config=lambda: {"task": OTHERS})}
    killed = ResponseCache.create(str(folder), model="m", task_dict=tasks)
    killed.execute(Model(lambda i: FAILED), "generate_until", requests(OTHERS, 4))
    ran(folder, Model(lambda i: FAILED), OTHERS)  # and a finished one, with failures in it
    before, rows = files(folder), kept(folder)
    assert ran(folder, Model(lambda i: "reply")) == ["reply"] * 4
    after = files(folder)
    theirs = {name: data for name, data in before.items() if name.startswith("runs/")}
    assert {name: after[name] for name in theirs} == theirs
    assert [row for row in kept(folder) if row[0] == OTHERS] == rows
    killed.close()
