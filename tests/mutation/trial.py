"""One mutant: put into a copy of the tree, tested, taken out again; and what makes a kill a kill.

A mutant is killed if a test fails with it that passes without it. So whatever fails, hangs or
crashes with the mutant runs again in the same copy without it, before it is believed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from tests.install.declared import ROOT
from tests.mutation.scope import tracked

#: Seconds: one test, and one call of pytest. Both are many times what they take.
TEST, CALL = 240, 600
#: What pytest says: all passed, some failed, collection failed, no test was there.
PASSED, FAILED, BROKEN, NONE = 0, 1, 2, 5

#: What takes long to import and is not ours: imported once, before the forks.
LIBRARIES = (
    *("pytest", "hypothesis", "numpy", "pandas", "pydantic", "openai", "aiohttp"),
    *("httpx2", "statsmodels.api", "PIL.Image", "av", "rich.console", "typer", "jinja2", "yaml"),
    *("krippendorff", "soundfile", "huggingface_hub", "sklearn.metrics", "scipy.stats"),
)


@dataclass
class Copy:
    """A copy of the tree to mutate, and a process in it that runs its tests."""

    root: Path
    forker: subprocess.Popen[str]

    @classmethod
    @contextlib.contextmanager
    def made(cls) -> Iterator[Copy]:
        """A copy of the whole tree, for as long as it is wanted."""
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            root = Path(folder) / "tree"
            for name in tracked():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
            asked = [sys.executable, "-c", "import judger; print(judger.__file__)"]
            where = subprocess.check_output(asked, cwd=root, env=cls._environ(root), text=True)
            if not where.startswith(str(root)):
                raise SystemExit(f"tests/mutation: a copy of the tree imports {where}")
            with cls.opened(root, LIBRARIES) as copy:
                yield copy

    @classmethod
    @contextlib.contextmanager
    def opened(cls, root: Path, libraries: Sequence[str] = ()) -> Iterator[Copy]:
        """What is at `root` already, to be mutated there."""
        forker = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("forker.py")), str(CALL), *libraries],
            cwd=root,
            env=cls._environ(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with forker:
            yield cls(root, forker)

    @staticmethod
    def _environ(root: Path) -> dict[str, str]:
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # none to lose in a fork
        return {**os.environ, **threads, "PYTHONPATH": str(root), "TMPDIR": str(root.parent)}

    def write(self, path: str, code: str) -> None:
        """A file of this code; what was compiled of the one before is not taken for it."""
        (self.root / path).write_text(code, encoding="utf-8")
        Path(cache_from_source(str(self.root / path))).unlink(missing_ok=True)

    def test(self, file: str, *more: str) -> tuple[int, list[str]]:
        """pytest's status (below 0: it was stopped, or died) and the names of what failed."""
        cache = self.root.parent / "cache"
        arguments = [
            *("-q", "-n", "0", "-m", "not e2e", "-o", f"cache_dir={cache}"),
            *("-o", f"faulthandler_timeout={TEST}", "-o", "faulthandler_exit_on_timeout=true"),
            *("--hypothesis-seed=0", *more, file),
        ]
        assert self.forker.stdin is not None and self.forker.stdout is not None
        self.forker.stdin.write(json.dumps(arguments) + "\n")
        self.forker.stdin.flush()
        status = int(self.forker.stdout.readline())
        if status in (3, 4):
            raise SystemExit(f"tests/mutation: pytest cannot run {arguments}")
        kept = cache / "v" / "cache" / "lastfailed"
        return status, sorted(json.loads(kept.read_text())) if kept.is_file() else []


def try_out(copy: Copy, mutant: dict[str, Any], tests: list[str]) -> dict[str, Any]:
    """The mutant's fate: killed, by what; or survived, how many test files."""
    for file in tests:
        if killer := _killer(copy, mutant, file):
            return {"name": mutant["name"], "killed": True, "by": killer}
    return {"name": mutant["name"], "killed": False, "by": f"{len(tests)} test files passed"}


def _killer(copy: Copy, mutant: dict[str, Any], file: str) -> str:
    """Which test of a file fails with the mutant and passes without it; empty if none does."""
    unsound: list[str] = []
    while True:
        leave_out = [f"--deselect={name}" for name in unsound]
        shutil.rmtree(copy.root.parent / "cache", ignore_errors=True)
        copy.write(mutant["path"], mutant["mutated"])
        try:
            status, failed = copy.test(file, "-x", *leave_out)
        finally:
            copy.write(mutant["path"], mutant["code"])
        if status in (PASSED, NONE):
            return ""
        if not (status in (FAILED, BROKEN) and failed):
            if copy.test(file, *leave_out)[0] in (PASSED, NONE):
                return f"{file}: a hang or a crash"
            print(f"{file} hangs or crashes without a mutant, too", file=sys.stderr)
            return ""
        clean, still = copy.test(file, "--lf", "--lfnf=none", *leave_out)
        if clean == NONE:  # a test that there is with the mutant only: the whole file, then
            clean, still = copy.test(file, *leave_out)
        if clean != PASSED:
            unsound += still or failed
            print(f"fails without a mutant, too: {', '.join(still)}", file=sys.stderr)
            continue
        # A test that fails now and then, on a busy machine, has to fail for the mutant again.
        copy.write(mutant["path"], mutant["mutated"])
        try:
            status, again = copy.test(failed[0].split("::")[0], "-x", *leave_out)
        finally:
            copy.write(mutant["path"], mutant["code"])
        if status not in (PASSED, NONE) and (not again or failed[0] in again):
            return failed[0]
        unsound.append(failed[0])
        print(f"fails now and then: {failed[0]}", file=sys.stderr)
