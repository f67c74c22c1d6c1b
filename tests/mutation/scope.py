"""Which files are mutated, and which tests are asked about each: the nearest first."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

from tests.install.declared import ROOT

#: What decides outcomes, verdicts, rates, and who may be on the board.
DECIDING = (
    *(f"judger/contract/{name}.py" for name in ("outcomes", "record", "item", "cell")),
    "judger/reply/*.py",
    *(f"judger/endpoint/{name}.py" for name in ("faults", "provider_errors", "dialect", "client")),
    *("judger/endpoint/transport.py", "judger/endpoint/grammar/*.py"),
    *(f"judger/judges/{n}.py" for n in ("verdict", "ticket", "ensemble")),
    "judger/judges/published/*.py",
    "judger/contract/texts/provider_filters.py",
    *(
        f"judger/engine/{n}.py"
        for n in ("judge_item", "kept_answers", "judge_unchanged", "session")
    ),
    "judger/rates/**/*.py",
    *(f"judger/bridges/{name}.py" for name in ("aggregate", "run_check", "unscored", "harness")),
    "judger/offline/results.py",
    *("leaderboard/preflight/*.py", "leaderboard/submission/rules/**/*.py"),
    *("leaderboard/compare/*.py", "leaderboard/board/ranking.py"),
    *("leaderboard/board/row.py", "leaderboard/board/numbers.py"),
)
PACKAGES = ("judger", "leaderboard", "uni_safe_tasks", "tests")
#: Tests are asked that import a mutated file, or import what imports it: so many imports away.
FAR = 2


def tracked() -> list[str]:
    """Every file of the tree that git has or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def deciding(patterns: tuple[str, ...] = DECIDING) -> list[str]:
    """The files that are mutated. A pattern that finds none is a mistake here."""
    found = {pattern: sorted(ROOT.glob(pattern)) for pattern in patterns}
    for pattern, paths in found.items():
        if not paths:
            raise SystemExit(f"tests/mutation/scope.py: {pattern} finds no file")
    return sorted({str(path.relative_to(ROOT)) for paths in found.values() for path in paths})


def tests_for(path: str, far: int = FAR) -> list[str]:
    """The test files to ask about a file, the likeliest first: those of its name, those of its own
    folder of tests, then others, by how many imports lie between them and the file."""
    steps, home = _steps_to(path), _mirror(path)

    found: list[tuple[bool, bool, bool, bool, int, str]] = []
    for name in filter(_is_test, _imports()):
        step, near = steps.get(name, far + 1), name.startswith(home)
        own, folder = (word in Path(name).stem for word in _words(path))
        if own or near or folder or step <= far:
            found.append((not own, step > 1, not near, not folder, step, name))
    return [name for *_, name in sorted(found)]


def _is_test(name: str) -> bool:
    return Path(name).name.startswith("test_") and not name.startswith(("tests/e2e", "tests/muta"))


def _words(path: str) -> tuple[str, str]:
    """What a test of a file is called after: the file, or its folder."""
    return Path(path).stem, Path(path).parent.name


def _mirror(path: str) -> str:
    """The folder of the tests of a file: its own, or the next above that there is."""
    folder = Path("tests") / Path(path).parent
    while not (ROOT / folder).is_dir():
        folder = folder.parent
    return f"{folder}/"


def _steps_to(path: str) -> dict[str, int]:
    """Every file that imports `path`, by way of how many imports."""
    steps, edge = {path: 0}, [path]
    users: dict[str, list[str]] = {}
    for name, imported in _imports().items():
        for module in imported:
            users.setdefault(module, []).append(name)
    while edge:
        name = edge.pop(0)
        for user in users.get(name, ()):
            if user not in steps:
                steps[user] = steps[name] + 1
                edge.append(user)
    return steps


@cache
def _imports() -> dict[str, set[str]]:
    """File → the files of ours that it imports, wherever in it the import stands."""
    files = [n for n in tracked() if n.endswith(".py") and n.split("/")[0] in PACKAGES]
    known = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name
             for name in files}  # fmt: skip
    made: dict[str, set[str]] = {}
    for name in files:
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        asked: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                asked |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                parts = {f"{node.module}.{alias.name}" for alias in node.names}
                asked |= {part if part in known else node.module for part in parts}
        made[name] = {known[module] for module in asked if module in known} - {name}
    return made
