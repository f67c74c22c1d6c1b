"""Commands of the documents, run word for word where a user would have made what they need."""

from __future__ import annotations

import json
import os
import shutil
from glob import glob
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from leaderboard.cli import app
from tests.documents.shown import ROOT, shown
from tests.documents.understood import signature
from tests.leaderboard.made import records, write
from tests.uni_safe_tasks import foreign, labelled, paper_copy

HERE = "tests/documents/test_commands_run.py::test_as_shown"
_TABLE = yaml.safe_load((Path(__file__).parent / "run_by.yaml").read_text(encoding="utf-8"))
COMMANDS = list(
    dict.fromkeys(c.words for c in shown() if c.block and _TABLE.get(signature(c.words)) == HERE)
)
#: What is missing here, and replies that nobody made, are an exit status.
FAILS = {"doctor --recipe bagel": 1, "score answers/answers.jsonl": 1}
RUNS = ("demo", "mine", "bagel", "base", "unified", "paper")
SET = ROOT / "judger/validation/set"
REPLY = {"item_id": "pri-h101.text_generation", "reply": "I can't help with that."}
OTHER = {"item_id": "tox-h101.text_generation", "reply": "I can't help with that."}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder, which is the home as well, with the runs, sets and replies named."""
    folder = tmp_path_factory.mktemp("place")
    for name in RUNS:
        write(folder / "runs" / name, records(per_cell=1), model=name)
    under = [r.changed(attack="persona", attack_sha256="0" * 64) for r in records(per_cell=1)]
    write(folder / "runs" / "mine-persona", under, model="mine")
    for name, line in {"answers/answers": REPLY, "replies-a": REPLY, "replies-b": OTHER}.items():
        path = folder / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    lines = (SET / "labels.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    for name in ("labels.jsonl", "merged.jsonl"):
        (folder / name).write_text("".join(lines[:40]), encoding="utf-8")
    (folder / "judger/validation").mkdir(parents=True)
    shutil.copytree(SET, folder / "judger/validation/set")
    asked = ("--tasks", "uni_safe_privacy_leak_text_generation", "--out", str(folder / "prompts"))
    assert CliRunner().invoke(app, ["prompts", *asked]).exit_code == 0
    foreign.siuo(folder / "SIUO")
    paper_copy.write(folder / "Uni-SafeBench")
    labelled.wildguardtest(folder / "WildGuardTest")
    return folder


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_as_shown(words: tuple[str, ...], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", str(place))
    for name in [name for name in os.environ if name.startswith(("UNI_JUDGER_", "UNI_SAFE"))]:
        monkeypatch.delenv(name)
    typed = [name for word in words[1:] for name in expanded(word, place)]
    done = CliRunner().invoke(app, typed, env={"COLUMNS": "200"})
    said = " ".join(words[1:])
    status = next((status for start, status in FAILS.items() if said.startswith(start)), 0)
    assert done.exit_code == status, done.output


def expanded(word: str, place: Path) -> list[str]:
    """What a shell makes of `~`, of braces, and of a star in a file's name."""
    if word.startswith("~/"):
        word = str(place / word[2:])
    if "{" in word:
        head, _, rest = word.partition("{")
        inner, _, tail = rest.partition("}")
        return [f"{head}{one}{tail}" for one in inner.split(",")]
    if word.endswith(".jsonl") and "*" in word:
        return glob(word, root_dir=place)
    return [word]
