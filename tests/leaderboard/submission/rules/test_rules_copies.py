"""Another model's verdicts handed in again, names that look alike, files that do not belong."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

from leaderboard.submission.facts import VERDICTS
from leaderboard.submission.rules import Case
from leaderboard.submission.validate import check, check_all, check_collection
from leaderboard.submission.verdicts import MAX_FAULTS, MAX_LINES, LineFaults
from leaderboard.submission.verdicts import parse as parse_verdicts
from tests.leaderboard.breaking import put
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.rules.dishonest import both, hashes
from tests.leaderboard.submissions import make


def renamed(draft: Draft, model: str, name: str = "Other") -> Case:
    both(put("model.id", model), put("model.name", name))(draft)
    return draft.case()


def test_another_models_verdicts_are_not_handed_in_again(draft: Draft) -> None:
    cases = [draft.case(), renamed(draft, "lab/other")]
    found = check_collection(cases)
    assert {f.rule for f in found} == {"RepliesAreTheModelsOwn"}
    hashes("0" * 64, ())(draft)
    for n, x in enumerate(draft.lines):  # other hashes, the same verdicts
        x["response_sha256"] = f"{n:064x}"
    (said,) = check_collection([cases[0], draft.case()])
    assert said.rule == "RepliesAreTheModelsOwn" and "same verdicts" in said.what


def test_a_part_of_another_models_replies_is_enough(draft: Draft) -> None:
    first = draft.case()
    for n, x in enumerate(draft.lines):
        if n % 3 == 0:
            x["response_sha256"] = f"{n:064x}"
        if n % 5 == 0 and x["kind"] == "harmful" and x["outcome"] == "scored":
            x |= {"contextual": "safe", "intrinsic": "safe"}
    from tests.leaderboard.breaking import recount

    recount(draft)
    found = check_collection([first, renamed(draft, "lab/other")])
    assert any("same reply to" in f.what for f in found)


def test_models_that_refuse_alike_are_no_copies(draft: Draft) -> None:
    def refuses(text: str) -> None:
        for n, x in enumerate(draft.lines):
            if x["kind"] == "harmful":
                x |= {"outcome": "scored", "contextual": "refusal", "intrinsic": "safe"}
                x["response_sha256"] = "c" * 64  # the same sentence
            else:
                x["response_sha256"] = f"{text}{n:063x}"
            if x["kind"] == "benign":
                x |= {"outcome": "scored", "contextual": "refusal", "helped": False}

    refuses("1")
    first = draft.case()
    refuses("2")
    assert check_collection([first, renamed(draft, "lab/other")]) == []


@pytest.mark.parametrize(
    ("model", "name", "refused"),
    [
        ("lab/model", "Mоdel", True),  # a Cyrillic o
        ("lab/model", "Modeⅼ", True),
        ("lab/model", "Mo\u0301del", True),
        ("0rg/model", "Other", True),  # a zero for the o
        ("org/modeI", "Other", True),  # a capital I for the l
        ("lab/model", "Model", False),  # the same name; the ids stand beside it
        ("lab/model", "Model Two", False),
    ],
)
def test_names_that_look_alike(draft: Draft, model: str, name: str, refused: bool) -> None:
    first = draft.case()
    found = check_collection([first, renamed(draft, model, name)])
    assert ("NamesAreDistinct" in {f.rule for f in found}) is refused


def test_stray_files_and_links_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path, modalities={"inputs": ["text"], "outputs": ["text"]})
    (tmp_path / "README.md").write_text("about")
    assert check_all(tmp_path) == []
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "org__model" / "reply.png").write_bytes(b"x")
    (tmp_path / "org__other").mkdir()
    (tmp_path / "org__linked").symlink_to(folder.parent)
    (tmp_path / "org__model" / "20260101-000000000000").symlink_to(folder)
    found = check_all(tmp_path)
    assert {f.rule for f in found} == {"NothingBeside"}
    assert {f.where for f in found} == {
        "notes.txt",
        "org__linked",
        "org__model/20260101-000000000000",
        "org__model/reply.png",
        "org__other",
    }


@pytest.mark.parametrize(
    "data", [b"{}\n" * 2_700_000, b'{"item_id": 1}\n' * 19_000, b"[" * 8_000_000, b"\n" * 8_000_000]
)
def test_a_file_of_rubbish_costs_little_and_is_refused_early(data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LineFaults) as error:
        parse_verdicts(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert 1 <= len(error.value.faults) <= MAX_FAULTS
    assert error.value.faults[-1].line <= MAX_LINES + 1
    assert grown < 100 * 1024  # KiB: some times the file, not thousands


def test_its_first_faults_are_findings(draft: Draft) -> None:
    found = check(draft.case(**dict[str, Any]({VERDICTS: b"{}\n" * 1000})))
    assert {f.rule for f in found} == {"ValidSchema"} and len(found) <= 6
    assert any("line 1 item_id" in f.where for f in found)
