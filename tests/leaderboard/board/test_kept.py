"""What was made of a submission is taken again for the same bytes, and for nothing else."""

from __future__ import annotations

import dataclasses
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from leaderboard.board import kept
from leaderboard.board.made import KeptNumbers
from leaderboard.board.site import making
from leaderboard.board.site.build import build
from leaderboard.submission.facts import SUBMISSION, VERDICTS
from leaderboard.submission.validate import held
from tests.leaderboard.board.site.test_site import files
from tests.leaderboard.submissions import TEXT_ONLY, make


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The submissions that are held to the rules, as it happens."""
    seen: list[str] = []

    def watched(root: Path, relative: str, read: Any) -> Any:
        seen.append(relative.partition("/")[0])
        return held(root, relative, read)

    monkeypatch.setattr(making, "held", watched)
    return seen


def submissions(root: Path, *seeds: int) -> Path:
    for seed in seeds:
        make(root, seed, model=f"org/m{seed}", name=f"M {seed}", modalities=TEXT_ONLY)
    return root


def test_only_what_is_new_is_made(tmp_path: Path, checked: list[str]) -> None:
    root = submissions(tmp_path / "s", 0, 1)
    for _ in range(2):
        build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert checked == ["org__m0", "org__m1"]
    submissions(root, 2)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert checked == ["org__m0", "org__m1", "org__m2"]
    build(root, tmp_path / "without")
    assert files(tmp_path / "site") == files(tmp_path / "without")


def change_a_byte(folder: Path) -> None:
    data = (folder / VERDICTS).read_bytes()
    (folder / VERDICTS).write_bytes(data[:-2] + b" }\n")


def change_the_state(folder: Path) -> None:
    text = (folder / SUBMISSION).read_text()
    (folder / SUBMISSION).write_text(text.replace('"listed"', '"withdrawn"'))


def add_a_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("hello")


@pytest.mark.parametrize("change", [change_a_byte, change_the_state, add_a_file])
def test_whatever_changes_is_looked_at_again(
    tmp_path: Path, checked: list[str], change: Any
) -> None:
    root = submissions(tmp_path / "s", 0)
    assert len(build(root, tmp_path / "site", cache=tmp_path / "cache").rows) == 1
    change(next(root.glob("*/*")))
    assert not build(root, tmp_path / "site", cache=tmp_path / "cache").rows
    assert checked == ["org__m0"] * 2


def test_a_submission_that_breaks_a_rule_is_not_kept(tmp_path: Path, checked: list[str]) -> None:
    root = submissions(tmp_path / "s", 0)
    add_a_file(next(root.glob("*/*")))
    for _ in range(2):
        assert build(root, tmp_path / "site", cache=tmp_path / "cache").left_out
    assert checked == ["org__m0"] * 2


def test_other_code_makes_everything_anew(
    tmp_path: Path, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = submissions(tmp_path / "s", 0)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    monkeypatch.setattr(kept, "code_version", lambda: "other")
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    assert checked == ["org__m0"] * 2
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["other"]


@pytest.mark.parametrize(
    "damage", [b"", b"\x80\x05no JSON", b"null", b"{}", b'{"submission": "{}", "print": {}}']
)
def test_a_damaged_file_is_made_again(tmp_path: Path, checked: list[str], damage: bytes) -> None:
    root = submissions(tmp_path / "s", 0)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    for path in (tmp_path / "cache").glob("*/*"):
        path.write_bytes(damage)
    assert len(build(root, tmp_path / "site", cache=tmp_path / "cache").rows) == 1
    assert checked == ["org__m0"] * 2


class Told:
    """Something that would tell when it is unpickled."""

    def __reduce__(self) -> Any:
        return (exec, ("raise SystemExit('unpickled what others wrote')",))


def test_what_is_kept_is_read_as_json_and_runs_nothing(tmp_path: Path, checked: list[str]) -> None:
    root = submissions(tmp_path / "s", 0)
    build(root, tmp_path / "site", cache=tmp_path / "cache")
    for path in (tmp_path / "cache").glob("*/*"):
        json.loads(path.read_bytes())
        path.write_bytes(pickle.dumps(Told()))
    assert len(build(root, tmp_path / "site", cache=tmp_path / "cache").rows) == 1
    assert checked == ["org__m0"] * 2


@pytest.mark.parametrize("name", ["../shared-" + "0" * 64, "/etc/hostname", "shared-0"])
def test_only_names_of_what_is_kept_are_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        kept.Kept(tmp_path).shared(name, tuple)


def test_a_row_that_was_kept_is_the_row(tmp_path: Path) -> None:
    root = submissions(tmp_path / "s", 0)
    make(root, 7, model="org/whole", name="Whole")
    first = build(root, tmp_path / "site", cache=tmp_path / "cache").rows
    again = build(root, tmp_path / "site", cache=tmp_path / "cache").rows
    for made, kept_row in zip(first, again, strict=True):
        assert isinstance(kept_row.found, KeptNumbers)
        for field in dataclasses.fields(made):
            if field.name != "found":
                assert getattr(kept_row, field.name) == getattr(made, field.name), field.name
        for field in dataclasses.fields(made.found):
            assert getattr(kept_row.found, field.name) == getattr(made.found, field.name)


def test_a_folder_that_others_may_write_is_not_used(tmp_path: Path, checked: list[str]) -> None:
    root = submissions(tmp_path / "s", 0)
    cache = tmp_path / "cache"
    build(root, tmp_path / "site", cache=cache)
    for path in cache.glob("*/*"):
        path.write_bytes(b"{}")
    cache.chmod(0o777)
    assert len(build(root, tmp_path / "site", cache=cache).rows) == 1
    assert checked == ["org__m0"] * 2


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    root = submissions(tmp_path / "s", 0)
    assert len(build(root, tmp_path / "site", cache=tmp_path / "file" / "cache").rows) == 1


def test_only_folders_of_other_versions_are_dropped(tmp_path: Path) -> None:
    """`--cache` may name a folder that holds other things of the user's."""
    for name in ("photos", "0" * 64):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("mine")
    with kept.opened(tmp_path) as opened:
        assert opened.folder.parent == tmp_path
    assert (tmp_path / "photos/file").read_text() == "mine"
    assert not (tmp_path / ("0" * 64)).exists()
