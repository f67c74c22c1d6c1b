"""One server for each of pytest's processes, started when it is first asked; and who may use it."""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
#: The commands and their entry points, as the scripts in `bin` have them.
ENTRIES = {
    "lmms_eval": "uni_safe_tasks.console:lmms_eval",
    "uni-safe": "uni_safe_tasks.console:uni_safe",
}
#: What they import, then and later; each command alone imports a part of it.
MODULES = (
    *("uni_safe_tasks.harness.launch", "lmms_eval.__main__", "lmms_eval.evaluator"),
    *("lmms_eval.models", "lmms_eval.tasks", "torch", "transformers", "datasets"),
    *("pytablewriter", "nltk", "uni_safe_tasks.harness.begin"),
    *("uni_safe_tasks.harness.process_docs", "uni_safe_tasks.models.control"),
    *("judger.bridges.aggregate", "judger.judges.rules", "leaderboard.cli"),
)
#: Variables that libraries read without Python, or before it: another value, another process.
NATIVE = ("OMP_", "MKL_", "KMP_", "OPENBLAS_", "CUDA_", "PYTHON", "LD_", "LC_", "LANG", "TZ")

#: For all of them; a table has the same width everywhere.
OURS = {"PYTHONPATH": str(ROOT), "UNI_JUDGER_CACHE": "off", "COLUMNS": "200"}
#: Not for a command under test: settings of ours, a place among processes, that pytest runs it.
LEFT_OUT = ("UNI_", "RANK", "WORLD", "PYTEST_")


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without settings of ours, plus `extra`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(LEFT_OUT)}
    return {**kept, **OURS, **extra}


@dataclass
class Server:
    """A process that has imported everything, the environment it did so in, and what it read."""

    process: subprocess.Popen[str]
    environ: Mapping[str, str]
    read: Mapping[str, str | None]
    turn: threading.Lock = field(default_factory=threading.Lock)

    def fits(self, env: Mapping[str, str]) -> bool:
        """Would the imports have been the same in this environment?"""
        native = {n for n in {*env, *self.environ} if n.startswith(NATIVE)}
        return all(env.get(n) == self.environ.get(n) for n in native) and all(
            env.get(name) == value for name, value in self.read.items()
        )

    def run(
        self, name: str, arguments: list[str], cwd: Path, env: Mapping[str, str], seconds: float
    ) -> tuple[int, str]:
        """(exit status, everything printed) of a command in a fork; else TimeoutExpired."""
        words = [str(BIN / name), *arguments]
        with tempfile.NamedTemporaryFile("r", prefix="warm-", errors="replace") as output:
            job = {"entry": ENTRIES[name], "argv": words, "cwd": str(cwd), "env": dict(env)}
            with self.turn:
                answer = self.ask({**job, "output": output.name, "seconds": seconds})
            printed = output.read()
        if answer["status"] is None:
            raise subprocess.TimeoutExpired(words, seconds, printed)
        return answer["status"], printed

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one job."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it: it stops at the end of its input."""
        self.process.communicate()


@functools.cache
def server() -> Server:
    """This process's server; the first call takes as long as its imports."""
    # Without any setting of ours, so that none can be taken for one that an import needed.
    environ = {k: v for k, v in environment().items() if not k.startswith("UNI_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.warm", str(BIN / "lmms_eval"), *MODULES],
        cwd=ROOT,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    read = json.loads(process.stdout.readline())["read"]
    made = Server(process, environ, read)
    atexit.register(made.close)
    return made
