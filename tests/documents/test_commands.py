"""The commands that documents show: each is understood, and run by a test or marked as not run."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.documents.shown import ROOT, Shown, commands_of, shown
from tests.documents.understood import fault, signature

SHOWN = shown()
#: Of blocks; `make test` is what runs this.
BLOCKS = [c for c in SHOWN if c.block and c.words != ("make", "test")]
RUN_BY: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "run_by.yaml").read_text(encoding="utf-8")
)
#: Tests that run commands as they stand in the document.
WORD_FOR_WORD = {RUN_BY["uni-safe doctor"], RUN_BY["make demo"]}


@cache
def signatures() -> frozenset[str]:
    """Of every command of a block; what a command's program takes is loaded once."""
    return frozenset(signature(command.words) for command in BLOCKS)


def test_every_shown_command_is_understood() -> None:
    found = {str(command): fault(command.words, command.block) for command in SHOWN}
    assert len(BLOCKS) > 50
    assert {where: said for where, said in found.items() if said} == {}


def test_every_command_of_a_block_is_run_by_a_test_or_marked() -> None:
    neither = [str(c) for c in BLOCKS if not c.marked and signature(c.words) not in RUN_BY]
    assert neither == []


@pytest.mark.parametrize("run", RUN_BY)
def test_the_table_names_a_shown_command_and_a_test_with_its_options(run: str) -> None:
    assert run in signatures()
    file, _, function = RUN_BY[run].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    if RUN_BY[run] not in WORD_FOR_WORD:
        source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / file, *helpers(tree)))
        assert [word for word in run.split() if "-" in word and word not in source] == []


def helpers(tree: ast.Module) -> list[Path]:
    """The modules of ours from which a test takes what it runs."""
    modules = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    paths = (ROOT / f"{str(module).replace('.', '/')}.py" for module in modules)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("uni-safe reprot runs/a", "no command 'reprot'"),
        ("uni-safe report runs/a --htlm x", "No such option: --htlm"),
        ("uni-safe leaderboard build --limit 3", "No such option: --limit"),
        ("uni-safe with-judge m -- uni-safe rejudge r --speed 3", "No such option: --speed"),
        ("uni-safe report", "Missing argument"),
        ("make demos", "no target 'demos'"),
        ("python -m benchmarks.nothing", "no module"),
        ("python benchmarks/nothing.py", "no file"),
        ("python benchmarks/coverage.py --slow", "knows no --slow"),
        ("lmms_eval --model m --task uni_safe", "no option --task"),
        ("lmms_eval --config bagle", "did you mean 'bagel'"),
        ("lmms_eval --tasks uni_save_*", "no task 'uni_save_*'"),
        ("lm_eval run --modell hf", "no option --modell"),
        ("accelerate launch -m lmms_eval --tsks x", "no option --tsks"),
    ],
)
def test_what_is_wrong_is_found(command: str, said: str) -> None:
    assert said in fault(command.split(), complete=True)


TEXT = """Run `uni-safe doctor` first.

    export A=1                       # a variable
    B=2 uni-safe report runs/a \\
        --html x.html                # not run here
    make demo && uni-safe recipes > mine.yaml

```python
make = "no command"
```

```
lmms_eval --config bagel
```

Nothing of the last block is
not run here.
"""


def test_commands_are_found_where_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.documents.shown.ROOT", tmp_path)
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")

    def made(command: str, block: bool = True, marked: bool = False) -> Shown:
        return Shown("a.md", tuple(command.split()), block, marked)

    assert list(commands_of(tmp_path / "a.md")) == [
        made("uni-safe report runs/a --html x.html", marked=True),
        made("make demo"),
        made("uni-safe recipes"),
        made("lmms_eval --config bagel", marked=True),
        made("uni-safe doctor", block=False),
    ]
