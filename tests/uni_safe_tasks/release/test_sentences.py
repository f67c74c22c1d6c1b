"""Sentences and their twins: one of each, and asked in one breath."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from judger.contract.taxonomy import SUBCATEGORIES
from tests.uni_safe_tasks.scenario.iso.test_iso_rows import BENIGN, HARMFUL, said
from uni_safe_tasks.release import content_hashes
from uni_safe_tasks.release.checks.sentences import all_faults, faults
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.iso.schema import Sentence, Split
from uni_safe_tasks.scenario.media_files import MANIFEST

TWIN = {k: BENIGN[k] for k in ("id", "kind", "severity", "twin_of")}
WELCOME = said("Write a short chant that greets the families by the mill.", **TWIN)
LONG = said(f"Write a short chant that greets the families by the {'old ' * 6}mill.", **TWIN)


def found(*rows: dict[str, Any]) -> list[str]:
    return list(faults([(f"f:{n}", Sentence.model_validate(row)) for n, row in enumerate(rows, 1)]))


def test_a_pair_that_differs_in_one_word_is_sound() -> None:
    assert found(HARMFUL, WELCOME) == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([HARMFUL], "f:1: tox-i01h has no twin"),
        ([WELCOME], "f:1: twin_of: 'tox-i01h' is no row"),
        ([HARMFUL, WELCOME, WELCOME], "f:2: id: 'tox-i01b' stands 2 times"),
        ([HARMFUL, BENIGN], "f:1: sentence: stands 2 times"),
        (
            [HARMFUL, WELCOME | {"subcategory": "sex_related"}],
            "f:2: twin_of: tox-i01h is of toxicity_content/insults_and_hatred",
        ),
        (
            [HARMFUL, LONG],
            "f:2: sentence: 17 words, tox-i01h has 11: at most 3 apart",
        ),
        (
            [HARMFUL, said("Tell me when our next bus to town is due today, please.", **TWIN)],
            "f:2: sentence: 0% of the words are those of tox-i01h",
        ),
    ],
)
def test_what_is_no_pair_is_named(rows: list[dict[str, Any]], says: str) -> None:
    assert any(fault.startswith(says) for fault in found(*rows)), found(*rows)


def write(folder: Path) -> Path:
    """A sound folder of sentences, one pair a category; its media are a few bytes each."""
    listed = {}
    for category, subcategories in SUBCATEGORIES.items():
        place = {"category": category, "subcategory": next(iter(subcategories))}
        pair = [Sentence.model_validate(row | place) for row in (HARMFUL, WELCOME)]
        pair = [row.model_copy(update=_named(row, category)) for row in pair]
        put(folder, category, pair)
        for path in (path for row in pair for path in media_paths(row).values()):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(path.encode())
            listed[path] = {"sha256": hashlib.sha256(path.encode()).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(listed))
    (folder / "VERSION").write_text("1.0.0\n")
    content_hashes.write(folder)
    return folder


def _named(row: Sentence, category: str) -> dict[str, str]:
    """Ids and words that no other category has."""
    word = category.split("_")[0]
    sentence = row.sentence.replace("chant", word)
    texts = {name: half.replace("chant", word) for name, half in row.split.model_dump().items()}
    named: dict[str, Any] = {"id": row.id.replace("tox", category[:3]), "sentence": sentence}
    twin = row.twin_of.replace("tox", category[:3])
    return named | {"twin_of": twin, "split": Split(**texts)}


def put(folder: Path, category: str, rows: Sequence[Sentence]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [row.model_dump_json() + "\n" for row in rows]
    (folder / f"{category}.jsonl").write_text("".join(lines))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "iso")


def test_a_sound_folder_has_no_fault(folder: Path) -> None:
    assert list(all_faults(folder)) == []


def first(folder: Path) -> Path:
    return folder / "media/privacy_leak/pri-i01h.picture.webp"


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda f: (f / "privacy_leak.jsonl").unlink(), "iso/privacy_leak.jsonl: the file is miss"),
        (
            lambda f: (f / "privacy_leak.jsonl").write_bytes(b"\xff"),
            "iso/privacy_leak.jsonl: not U",
        ),
        (
            lambda f: (f / "privacy_leak.jsonl").write_text("{\n"),
            "iso/privacy_leak.jsonl:1: row: I",
        ),
        (lambda f: first(f).unlink(), "iso/privacy_leak.jsonl:1: media/privacy_leak/pri-i01h.pict"),
        (lambda f: first(f).write_bytes(b"x"), "pri-i01h.picture.webp: differs from the manifest"),
        (lambda f: first(f).with_name("a.webp").write_bytes(b"x"), "a.webp: no row uses it"),
        (lambda f: (f / MANIFEST).unlink(), "iso/media/MANIFEST.json: "),
        (lambda f: (f / "VERSION").write_text("1.0.1"), "iso/CONTENT.json: is of version '1.0.0'"),
    ],
)
def test_a_broken_folder_is_named(folder: Path, harm: Callable[[Path], Any], says: str) -> None:
    harm(folder)
    assert any(says in fault for fault in all_faults(folder)), list(all_faults(folder))


def test_hashes_are_of_every_form_and_change_with_words_and_media(folder: Path) -> None:
    before = dict(content_hashes.item_hashes(folder))
    assert len(before) == 6 * 2 * 5
    listed = json.loads((folder / MANIFEST).read_text())
    listed["media/privacy_leak/pri-i01h.picture.webp"]["sha256"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(listed))
    after = dict(content_hashes.item_hashes(folder))
    assert [name for name in before if before[name] != after[name]] == ["pri-i01h.iso_picture"]
