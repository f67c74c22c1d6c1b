"""Reading submissions from disk: hostile folders, and earlier states to compare with."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaderboard.board.site import build as building
from leaderboard.board.site import making
from leaderboard.cli import app
from leaderboard.submission import validate
from leaderboard.submission.facts import SUBMISSION, VERDICTS
from leaderboard.submission.rules import Case
from leaderboard.submission.validate import baseline_of, check_all, folders, parse
from tests.leaderboard.submissions import TEXT_ONLY, make, sealed, verdict_bytes, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "submissions"
    make(made, modalities=TEXT_ONLY)
    return made


def link(folder: Path) -> None:
    (folder / VERDICTS).rename(folder.parents[1] / "elsewhere")
    (folder / VERDICTS).symlink_to(folder.parents[1] / "elsewhere")


def huge(folder: Path) -> None:
    with (folder / SUBMISSION).open("ab") as file:
        file.truncate(300 * 1024)


def is_a_folder(folder: Path) -> None:
    (folder / VERDICTS).unlink()
    (folder / VERDICTS).mkdir()


def picture(folder: Path) -> None:
    (folder / "reply.png").write_bytes(b"\x89PNG")


@pytest.mark.parametrize(
    ("change", "place"),
    [(link, VERDICTS), (huge, SUBMISSION), (is_a_folder, VERDICTS), (picture, "reply.png")],
)
def test_only_plain_files_of_bounded_size(
    root: Path, change: Callable[[Path], None], place: str
) -> None:
    change(root / folders(root)[0])
    found = check_all(root)
    assert found[0].rule == "KnownFilesOnly" and place in found[0].where
    assert {f.rule for f in found} <= {"KnownFilesOnly", "NothingBeside"}


def test_a_renamed_folder_is_noticed(root: Path) -> None:
    folder = root / folders(root)[0]
    folder.rename(folder.parent / "20260202-000000000000")
    assert "PathNamesModel" in {f.rule for f in check_all(root)}


def test_other_files_beside_submissions_are_no_submissions(root: Path) -> None:
    (root / "README.md").write_text("")
    (root / ".git" / "objects").mkdir(parents=True)
    assert len(folders(root)) == 1 and check_all(root) == []


def test_a_submission_is_a_plain_folder_in_a_plain_folder(root: Path) -> None:
    (known,) = folders(root)
    model, one = known.split("/")
    for hidden in (root / ".hidden" / one, root / model / ".hidden"):
        hidden.mkdir(parents=True)
    (root / model / "file").write_text("")
    (root / model / "link").symlink_to(root / known)
    (root / "org__link").symlink_to(root / model)
    (root / "org__other" / "two").mkdir(parents=True)
    assert folders(root) == [known, "org__other/two"]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True)


def test_an_accepted_state_by_folder_or_by_git_revision(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "accepted")
    by_git, by_folder = baseline_of("HEAD", root), baseline_of(str(root), root)
    assert by_git == by_folder and len(by_git) == 3
    assert check_all(root, by_git) == []
    make(root, 1, model="org/second", modalities=TEXT_ONLY, state="pending")
    assert check_all(root, by_git) == []
    (root / folders(root)[0] / VERDICTS).unlink()
    options = ["--submissions", str(root), "--against", "HEAD"]
    said = CliRunner().invoke(app, ["leaderboard", "validate", *options])
    assert said.exit_code == 1
    assert "R20 AppendOnly" in said.output and "was accepted and is gone" in said.output


@pytest.mark.parametrize("against", [False, True])
def test_the_summary_says_what_was_not_checked(root: Path, against: bool) -> None:
    options = ["--submissions", str(root), *(["--against", str(root)] if against else [])]
    said = CliRunner().invoke(app, ["leaderboard", "validate", *options])
    assert said.exit_code == 0 and "1 submissions" in said.output
    assert ("R20 AppendOnly not checked: no --against" in said.output) != against


def kindness(folder: Path) -> None:
    """An archived row on unknown data, with a line of no cell of the suite."""
    made = json.loads((folder / SUBMISSION).read_text())
    lines = [json.loads(line) for line in (folder / VERDICTS).read_text().splitlines()]
    lines[0]["category"] = "kindness"
    made["status"]["state"] = "archived"
    made["protocol"] |= {"data_sha256": "0" * 64, "data_version": "0.0.9"}
    verdicts = verdict_bytes(lines)
    shutil.rmtree(folder)
    write(folder.parents[1], sealed(made, verdicts), verdicts)


def a_bug_of_ours(folder: Path) -> None:
    (folder / SUBMISSION).write_text("raise")


@pytest.mark.parametrize("spoil", [kindness, a_bug_of_ours])
def test_one_bad_folder_costs_the_others_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    bad = make(root, 1, model="org/bad", modalities=TEXT_ONLY)
    spoil(bad)
    if spoil is a_bug_of_ours:
        monkeypatch.setattr(validate, "parse", raising_on(b"raise"))
    options = ["--submissions", str(root)]
    said = CliRunner().invoke(app, ["leaderboard", "validate", *options])
    assert said.exit_code == 1 and "org__bad" in said.output
    said = CliRunner().invoke(
        app, ["leaderboard", "build", *options, "--out", str(tmp_path / "s"), "--cache", "off"]
    )
    assert said.exit_code == 1 and "left out: R" in said.output and "1 row" in said.output
    assert "org__bad" in said.output and (tmp_path / "s" / "index.html").is_file()


def raising_on(word: bytes) -> Callable[..., Case]:
    def parse_or_raise(relative: str, files: Mapping[str, bytes]) -> Case:
        if files[SUBMISSION] == word:
            raise RuntimeError("a bug")
        return parse(relative, files)

    return parse_or_raise


def test_a_row_that_cannot_be_shown_is_left_out(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def derive(case: Case) -> None:
        raise ValueError("negative elements")

    monkeypatch.setattr(making, "derive", derive)
    made = building.build(root, tmp_path / "s")
    assert [list(map(str, found)) for found in made.left_out.values()] == [
        [f"R02 ValidSchema: {folders(root)[0]}/{SUBMISSION}: "
         "cannot be used: ValueError: negative elements"]
    ]  # fmt: skip
