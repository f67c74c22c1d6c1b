"""What is wrong with a command that a document shows, found without running it."""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer

from judger.contract.errors import UserError
from leaderboard.cli import COMMANDS, load
from tests.documents.shown import ROOT
from uni_safe_tasks.harness import recipe

#: Programs of others that a document names; they need a GPU, or are no module of ours.
FOREIGN = {"sglang.launch_server", "torch.distributed.run", "venv", "lmms_eval"}
_HOLE = ("…", "...")
#: What a wrong call raises; some releases of typer bring a click of their own.
USAGE: Any = typer.BadParameter.__base__
_NAMES = re.compile(r"^(?:task|group): *(\S+)|^tag: *\[(.*)\]|^task: *\[?(\S+)", re.M)


def fault(words: Sequence[str], complete: bool) -> str:
    """One line on what the command's program would not take; "" where it is right.

    A command in a sentence may leave out what it needs (`complete` is false then).
    """
    program, *given = (word for word in words if word not in _HOLE)
    if program == "accelerate":
        given = given[given.index("-m") + 2 :] if "-m" in given else []
        return _harness(given) if given else ""
    if program == "python":
        return _python(given)
    if program == "make":
        return _make(given)
    if program == "uni-safe":
        return _uni_safe(given, complete)
    return _harness(given) if program == "lmms_eval" else _lm_eval(given)


def signature(words: Sequence[str]) -> str:
    """A command without its values: program, command or target, and the names of its options."""
    program, *given = words
    head, options = [program], sorted({word for word in given if word.startswith("--")} - {"--"})
    if program == "uni-safe":
        head += _named(given)[0]
    elif program == "accelerate" or given[:1] == ["run"]:
        head += given[:1]
    elif program == "make":
        head += [word for word in given if "=" not in word]
    elif program == "python":
        head += given[:2] if given[0] == "-m" else given[:1]
    if "--" in given:
        options = [name for name in options if name in given[: given.index("--")]]
    return " ".join([*head, *options])


def _named(given: Sequence[str]) -> tuple[list[str], Any]:
    """The words that name a command of `uni-safe`, and the command."""
    if not given or given[0] not in COMMANDS:
        return [], None
    names, command = [given[0]], _loaded(given[0])
    for word in given[1:]:
        inner = getattr(command, "commands", {})
        if word not in inner:
            break
        names, command = [*names, word], inner[word]
    return names, command


#: Each is asked for by many shown commands, and reading one does not change it.
_loaded = cache(load)


def _uni_safe(given: list[str], complete: bool) -> str:
    if not given:
        return ""
    names, command = _named(given)
    if command is None:
        return f"no command {given[0]!r}"
    rest = given[len(names) :]
    if "--" in rest:
        after = rest[rest.index("--") + 1 :]
        if after[0] == "uni-safe" and (found := _uni_safe(after[1:], complete)):
            return found
    try:
        command.make_context(" ".join(names), rest)
    except typer.Exit:
        return ""
    except USAGE as error:
        missing = type(error).__name__ == "MissingParameter"
        return "" if missing and not complete else str(error.format_message())
    return ""


def _make(given: list[str]) -> str:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    missing = [word for word in given if "=" not in word and word not in targets]
    return f"no target {missing[0]!r}" if missing else ""


def _python(given: list[str]) -> str:
    """Module or file is there, each option stands in its source; of `-c`, what it imports is."""
    if given[0] == "-c":
        return _imports(given[1])
    if given[0] != "-m":
        file = ROOT / given[0]
        return _options(file, given[1:])
    if given[1] in FOREIGN:
        return ""
    spec = find_spec(given[1])
    if spec is None or spec.origin is None:
        return f"no module {given[1]!r}"
    file = Path(spec.origin)
    file = file.with_name("__main__.py") if file.name == "__init__.py" else file
    return _options(file, given[2:])


def _imports(code: str) -> str:
    named = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import)]
    missing = [n.name for node in named for n in node.names if find_spec(n.name) is None]
    return f"no module {missing[0]!r}" if missing else ""


def _options(file: Path, given: Sequence[str]) -> str:
    if not file.is_file():
        return f"no file {file}"
    source = file.read_text(encoding="utf-8")
    unknown = [word for word in given if word.startswith("--") and word not in source]
    return f"{file.name} knows no {unknown[0]}" if unknown else ""


@cache
def _harness_parser() -> argparse.ArgumentParser:
    from lmms_eval import __main__ as harness  # seconds, which collecting tests should not take

    before, sys.argv = sys.argv, ["lmms_eval"]
    try:
        parser: argparse.ArgumentParser = harness.parse_eval_args()[0]
    finally:
        sys.argv = before
    parser.allow_abbrev = False
    return parser


def _harness(given: list[str]) -> str:
    known = {name for action in _harness_parser()._actions for name in action.option_strings}
    return _known(given, known) or _recipe(given) or _tasks(given)


def _lm_eval(given: list[str]) -> str:
    from lm_eval._cli.harness import HarnessCLI

    run = HarnessCLI()._subparsers.choices["run"]
    known = {name for action in run._actions for name in action.option_strings}
    return _known(given, known) or _tasks(given)


def _known(given: Sequence[str], known: set[str]) -> str:
    unknown = [word for word in given if word.startswith("-") and word not in known]
    return f"no option {unknown[0]}" if unknown else ""


def _value(given: Sequence[str], option: str) -> str:
    return given[given.index(option) + 1] if option in given[:-1] else ""


def _recipe(given: Sequence[str]) -> str:
    name = _value(given, "--config")
    if not name or name.endswith(".yaml"):
        return ""
    try:
        recipe.load(name)
    except UserError as error:
        return str(error)
    return ""


@cache
def _task_names() -> frozenset[str]:
    found: set[str] = set()
    for file in (ROOT / "uni_safe_tasks").rglob("tasks/**/*.yaml"):
        for parts in _NAMES.findall(file.read_text(encoding="utf-8")):
            found |= {name.strip(" '\"") for part in parts for name in part.split(",")}
    return frozenset(found - {""})


def _tasks(given: Sequence[str]) -> str:
    from lmms_eval.utils import pattern_match

    asked = [name for name in _value(given, "--tasks").split(",") if name and name not in _HOLE]
    unknown = [name for name in asked if not pattern_match([name], _task_names())]
    return f"no task {unknown[0]!r}" if unknown else ""
