"""Content hashes: the shipped content is that of its version, and none changes under one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.uni_safe_tasks.mini_data import put, rows, write
from uni_safe_tasks.release import content_hashes as content
from uni_safe_tasks.scenario.locations import DATA

HOW = (
    "raise data/VERSION, write CHANGELOG.md, run `python -m uni_safe_tasks.release.content_hashes`"
)


def test_the_shipped_content_is_that_of_its_version() -> None:
    assert content.recorded() == content.content(), HOW
    assert content.recorded()["items"] == 7 * 720 + 4 * 24
    version = (DATA / "VERSION").read_text(encoding="utf-8").strip()
    assert f"\n## {version}\n" in (DATA / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_item_has_a_stable_hash_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = dict(content.item_hashes(folder))
    assert len(before) == 6 * (7 + 7 + 4) and len(set(before.values())) == len(before)
    assert dict(content.item_hashes(folder)) == before
    harmful, benign, canary = rows("privacy_leak")
    harmful["text_generation"]["prompt"] += " Please."
    put(folder, "privacy_leak", [canary, harmful, benign])
    after = dict(content.item_hashes(folder))
    changed = {item for item in before if before[item] != after[item]}
    assert changed == {f"{harmful['id']}.text_generation"}, "order and neighbours do not count"


def test_another_medium_is_another_item(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = dict(content.item_hashes(folder))
    manifest = folder / "media/MANIFEST.json"
    listed = json.loads(manifest.read_text())
    path = next(p for p in listed if p.endswith(".ogg"))
    listed[path]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(listed))
    after = dict(content.item_hashes(folder))
    assert [i for i in before if before[i] != after[i]] == [Path(path).stem]
    del listed[path]
    manifest.write_text(json.dumps(listed))
    with pytest.raises(content.ContentError, match="does not stand in"):
        content.content(folder)


def test_content_cannot_change_under_a_version(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert content.write(folder) is False
    changed = rows("privacy_leak")
    changed[0]["intent"] += " Nothing else has changed."
    put(folder, "privacy_leak", [*changed])
    with pytest.raises(content.ContentError, match=r"not that of version 1\.0\.0: raise"):
        content.write(folder)
    (folder / "VERSION").write_text("1.0.1\n")
    assert content.write(folder) is True
    assert content.recorded(folder) == content.content(folder)
