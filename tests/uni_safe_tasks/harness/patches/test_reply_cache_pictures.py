"""Pictures of cached replies: gone, written over or changed, they are drawn again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from lmms_eval.caching.response_cache import ResponseCache
from lmms_eval.tasks import TaskManager
from PIL import Image

from tests.uni_safe_tasks.harness.patches.cached_runs import OURS, Model, ran
from uni_safe_tasks.harness.patches import discovery
from uni_safe_tasks.scenario import locations


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


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
