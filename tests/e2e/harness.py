"""Running the real command line, and reading what it wrote."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaderboard.runs.read import Run, load_run
from tests.e2e.warm.client import BIN, ROOT, environment, server

__all__ = [
    "BIN",
    "ROOT",
    "Finished",
    "alone",
    "control",
    "environment",
    "lmms_eval",
    "run",
]
#: So long a command may take.
SECONDS = 900


@dataclass(frozen=True)
class Finished:
    """A finished command: exit status, everything it printed, and where it wrote."""

    status: int
    output: str
    folder: Path

    @property
    def run(self) -> Run:
        """The run that it wrote; fails with the command's output when there is none."""
        assert self.status == 0, self.output[-3000:]
        return self.saved

    @property
    def saved(self) -> Run:
        """The run that it wrote, also where the command says that it failed."""
        return load_run(self.folder)


def run(name: str, *arguments: str, cwd: Path, env: dict[str, str], cold: bool = False) -> Finished:
    """Run one of the two commands in `cwd`, in exactly this environment.

    It runs in a fork of a process that has imported what it imports (tests/e2e/warm says why that
    is as good), or, if it is to be `cold` or the imports would differ, in a process of its own.
    """
    if cold or not server().fits(env):
        return alone([str(BIN / name), *arguments], cwd, env)
    status, output = server().run(name, list(arguments), cwd, env, SECONDS)
    return Finished(status, output, cwd / "out")


def alone(words: list[str], cwd: Path, env: dict[str, str]) -> Finished:
    """Run any command in a process of its own, in exactly this environment."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Finished(done.returncode, done.stdout, cwd / "out")


def lmms_eval(
    *arguments: str,
    cwd: Path,
    log: bool = True,
    command: list[str] | None = None,
    cold: bool = False,
    **env: str,
) -> Finished:
    """Run `lmms_eval` with `arguments` in `cwd`; samples go to `cwd`/out unless `log` is False.

    `command` is another program in its place, and `cold` a process of its own: see `run`.
    """
    logging = ["--output_path", str(cwd / "out"), "--log_samples"] if log else []
    if command:
        return alone([*command, *arguments, *logging], cwd, environment(**env))
    words = [*arguments, *logging]
    return run("lmms_eval", *words, cwd=cwd, env=environment(**env), cold=cold)


def control(policy: str, *arguments: str, cwd: Path, **env: Any) -> Finished:
    """Run the control model under one policy; a run may be told what may be unscored (all)."""
    model_args = f"policy={policy},output_dir={cwd / 'pictures'}"
    return lmms_eval(
        *("--model", "uni_safe_control", "--model_args", model_args),
        *arguments,
        cwd=cwd,
        **{"UNI_JUDGER_MEDIA_ROOTS": str(cwd), "UNI_JUDGER_MAX_UNSCORED": "1", **env},
    )
