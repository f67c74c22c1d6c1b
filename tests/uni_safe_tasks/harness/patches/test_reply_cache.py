"""The harness's reply cache as mended: faults are generated again, killed runs are taken up."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lmms_eval.api.instance import Instance
from lmms_eval.caching.response_cache import ResponseCache
from lmms_eval.tasks import TaskManager
from PIL import Image

from judger.contract.settings import SettingsError
from judger.engine.run_state import Traffic
from uni_safe_tasks.harness.patches import discovery, reply_cache
from uni_safe_tasks.scenario import locations

FAILED = "[LMMS_EVAL_REQUEST_FAILED after 3 retries] Connection error."
BLOCKED = "[UNI_SAFE_BLOCKED] finish_reason=content_filter"
OURS, OTHERS = "uni_safe_privacy_leak_text_generation", "mmlu"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


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
        replies = cache.execute(model, "generate_until", requests(task, count))
    cache.finalize(success=True)
    return replies


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


@pytest.mark.parametrize("form", ["json", "path", "folder"])
def test_a_picture_that_is_gone_is_drawn_again(form: str, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    def draw(i: int) -> str:
        path = pictures / f"{i:04d}_s0.png"
        Image.new("RGB", (4, 4), "red").save(path)
        return {"json": json.dumps({"text": "", "images": [str(path)]}), "path": str(path)}.get(
            form, str(pictures)
        )

    ran(tmp_path / "cache", Model(draw))
    (pictures / "0002_s0.png").unlink()
    second = Model(draw)
    ran(tmp_path / "cache", second)
    assert second.asked == [2]
    third = Model(draw)
    ran(tmp_path / "cache", third)
    assert third.asked == []


@pytest.mark.parametrize("form", ["json", "path", "folder"])
def test_a_picture_that_was_written_over_is_drawn_again(form: str, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    def drawn(colour: str) -> Callable[[int], str]:
        def draw(i: int) -> str:
            path = pictures / f"{i:04d}_s0.png"
            Image.new("RGB", (4, 4), colour).save(path)
            forms = {"json": json.dumps({"text": "", "images": [str(path)]}), "path": str(path)}
            return forms.get(form, str(pictures))

        return draw

    ran(tmp_path / "cache", Model(drawn("red")))
    for i in (1, 3):  # another model's run, with the same `output_dir`
        drawn("blue")(i)
    second = Model(drawn("red"))
    ran(tmp_path / "cache", second)
    assert second.asked == [1, 3]
    third = Model(drawn("green"))
    ran(tmp_path / "cache", third)
    assert third.asked == []


def test_a_picture_that_was_kept_without_its_hash_is_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4), "red").save(path)
    ran(tmp_path / "cache", Model(lambda i: str(path) if i == 2 else f"text {i}"))
    with sqlite3.connect(tmp_path / "cache" / "cache.db") as database:  # as an earlier version did
        database.execute("UPDATE responses SET response = json_extract(response, '$.raw')")
        database.execute("UPDATE responses SET response = json_quote(response)")
    database.close()
    second = Model(lambda i: str(path))
    assert ran(tmp_path / "cache", second)[1] == "text 1"
    assert second.asked == [2]


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


def test_other_pictures_in_the_requests_are_other_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a key of the tasks' YAML, which enters the harness's fingerprint of a task."""
    discovery.install()
    prints = set[str]()
    for version in ("some pictures", "others"):
        monkeypatch.setattr(locations, "media_version", version, raising=False)
        tasks = TaskManager(include_defaults=False).load_task_or_group([OURS])
        cache = ResponseCache.create(str(tmp_path / version), model="m", task_dict=tasks)
        prints.add(cache._task_fingerprints[OURS])
        cache.close()
    assert len(prints) == 2


def test_a_broken_file_of_a_killed_run_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard = tmp_path / "cache" / "runs" / "x" / "rank_0.db"
    shard.parent.mkdir(parents=True)
    shard.write_bytes(b"no database" * 100)
    assert ran(tmp_path / "cache", Model(lambda i: "reply")) == ["reply"] * 4
    assert str(shard) in capsys.readouterr().err
    assert shard.read_bytes() == b"no database" * 100


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


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


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


def kept(folder: Path) -> list[tuple[str, int, str]]:
    with sqlite3.connect(folder / "cache.db") as database:
        rows = database.execute(
            "SELECT task_name, doc_id, response FROM responses ORDER BY task_name, doc_id"
        ).fetchall()
    database.close()
    return rows


def test_both_kinds_of_task_in_one_run(tmp_path: Path) -> None:
    tasks = {t: SimpleNamespace(dump_config=lambda t=t: {"task": t}) for t in (OURS, OTHERS)}
    mixed = [r for pair in zip(requests(OURS, 3), requests(OTHERS, 3), strict=True) for r in pair]
    for reply, again in ((FAILED, 6), ("a reply", 3)):
        cache = ResponseCache.create(str(tmp_path / "cache"), model="m", task_dict=tasks)
        model = Model(lambda i, reply=reply: reply)
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
