"""Running the real command line in a process of its own, and reading what it wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaderboard.runs.read import Run, load_run

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parents[2]


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


def environment(**extra: str) -> dict[str, str]:
    """This process's environment without settings of ours, plus `extra`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("UNI_", "RANK", "WORLD"))}
    return {**kept, "PYTHONPATH": str(ROOT), "UNI_JUDGER_CACHE": "off", **extra}


def lmms_eval(
    *arguments: str, cwd: Path, log: bool = True, command: list[str] | None = None, **env: str
) -> Finished:
    """Run `lmms_eval` with `arguments` in `cwd`; samples go to `cwd`/out unless `log` is False."""
    folder = cwd / "out"
    logging = ["--output_path", str(folder), "--log_samples"] if log else []
    done = subprocess.run(
        [*(command or [str(BIN / "lmms_eval")]), *arguments, *logging],
        cwd=cwd,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    return Finished(done.returncode, done.stdout, folder)


def control(policy: str, *arguments: str, cwd: Path, **env: Any) -> Finished:
    """Run the control model under one policy; a run may be told what may be unscored (all)."""
    model_args = f"policy={policy},output_dir={cwd / 'pictures'}"
    return lmms_eval(
        *("--model", "uni_safe_control", "--model_args", model_args),
        *arguments,
        cwd=cwd,
        **{"UNI_JUDGER_MEDIA_ROOTS": str(cwd), "UNI_JUDGER_MAX_UNSCORED": "1", **env},
    )


def command(*words: str, cwd: Path, **env: str) -> str:
    """What any command prints, run in `cwd`; fails with its output where it does not end well."""
    done = subprocess.run(
        words,
        cwd=cwd,
        env=environment(**{"UNI_JUDGER_MEDIA_ROOTS": str(cwd), **env}),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr
