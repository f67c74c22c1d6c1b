"""Which code made a record: a checkout by git, a wheel by its own record."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

from judger.contract.settings import Settings
from judger.engine import provenance
from judger.engine.judge_item import judge_item
from judger.judges.rules import RulesJudge
from tests.judger.items import item

DIGEST_OF_NOTHING = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a process has looked up must not meet the next test."""
    provenance._suite.cache_clear()
    yield
    provenance._suite.cache_clear()


def git(root: Path, *arguments: str) -> None:
    provenance._git(root, "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments)


def write(name: str, text: str = "new") -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    return change


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    write("judger/a.py")(tmp_path)
    write(".gitignore", "*.log")(tmp_path)
    git(tmp_path, "init")
    assert provenance.code(tmp_path) == ("", False)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


@pytest.mark.parametrize(
    ("change", "clean"),
    [
        (lambda root: None, True),
        (write("judger/a.py", "changed"), False),
        (write("judger/added.py"), False),
        (write("leaderboard/é.py"), False),
        (write("templates/judger/added.jinja"), False),
        (write("uni_safe_tasks/tasks/added_yaml"), False),
        (write("runs/results.json"), True),
        (write("notes.py"), True),
        (write("judger/run.log"), True),
        (write("leaderboard/submissions/org__model/x/verdicts.jsonl"), True),
    ],
)
def test_a_checkout_is_clean_only_without_changes(
    checkout: Path, change: Callable[[Path], None], clean: bool
) -> None:
    change(checkout)
    found = provenance.code(checkout)
    assert found.clean == clean and re.fullmatch("[0-9a-f]{40}", found.commit)


@pytest.mark.parametrize(
    ("change", "clean"),
    [
        (lambda root: None, True),
        (write("judger/a.py", "changed"), False),
        (lambda root: (root / "judger" / "a.py").unlink(), False),
        (write("judger/added.py"), False),
        (write("judger/templates/added.jinja"), False),
        (write("somebody_elses/added.py"), True),
        (write("templates/somebody_elses.jinja"), True),
        (write("suite-1.dist-info/RECORD", ""), False),
    ],
)
def test_a_wheel_is_clean_only_as_recorded(
    tmp_path: Path, change: Callable[[Path], None], clean: bool
) -> None:
    write("judger/a.py", "")(tmp_path)
    record = f"judger/a.py,sha256={DIGEST_OF_NOTHING},0\nsuite-1.dist-info/RECORD,,\n"
    write("suite-1.dist-info/RECORD", record)(tmp_path)
    change(tmp_path)
    installed = metadata.Distribution.at(tmp_path / "suite-1.dist-info")
    assert provenance.as_recorded(installed) == clean


def test_an_editable_install_without_git_is_not_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("suite.pth", "")(tmp_path)
    record = f"suite.pth,sha256={DIGEST_OF_NOTHING},0\n"
    write("suite-1.dist-info/RECORD", record)(tmp_path)
    installed = metadata.Distribution.at(tmp_path / "suite-1.dist-info")
    monkeypatch.setattr(metadata, "distribution", lambda name: installed)
    assert provenance.as_recorded(installed) and not provenance.code(tmp_path).clean


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (provenance.Code("0123abc", True), "0123abc clean"),
        (provenance.Code("0123abc", False), "0123abc modified"),
        (provenance.Code("", True), "wheel clean"),
        (provenance.Code("", False), "wheel modified"),
        (None, "unknown modified"),
    ],
)
def test_the_suite_in_three_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: provenance.Code | None, said: str
) -> None:
    def code() -> provenance.Code:
        if found is None:
            raise OSError("no disk")
        return found

    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    monkeypatch.setattr(provenance, "code", code)
    version = "unknown" if found is None else metadata.version(provenance.DISTRIBUTION)
    assert provenance.suite() == f"{version} {said}"


def test_a_record_says_which_suite_made_it() -> None:
    judged = judge_item(RulesJudge(), item(), "A reply.", Settings())
    assert asyncio.run(judged).suite == provenance.suite()


def test_it_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = provenance.suite()
    monkeypatch.setattr(provenance, "code", lambda: provenance.Code("other", True))
    assert provenance.suite() == first
