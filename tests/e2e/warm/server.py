"""The process that imports once and forks for each job; it runs nothing itself.

It reads a job a line (JSON: entry, argv, cwd, env, output, seconds) and answers a line each:
`{"status": 0}`, or `{"status": null}` of one that was stopped after its seconds. Its first line,
before any job, is what it was started with: `{"read": {NAME: value or null}}`, the variables that
were looked at while it imported.

Why a fork is as good as a process of its own: the child has what a fresh interpreter has after the
same imports, and nothing ran before. What an import makes of the environment is the one thing that
would differ, so the variables that imports read are written down and the client starts a process
of its own for a job with others. There is no thread to lose: Python has none (it is checked), and
OpenBLAS, whose threads begin with its import, ends and begins them around a fork itself.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pkgutil import resolve_name
from typing import Any, ClassVar, NoReturn, TextIO


class Watched(os._Environ[str]):
    """`os.environ`, which writes down the names that are asked of it."""

    read: ClassVar[set[str]] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)


def serve(script: str, modules: Sequence[str]) -> None:
    """Import, then answer jobs until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # an import that prints, prints no answer
    read, changed = warm_up(script, modules)
    answer(answers, {"read": read})
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            finish(become(job, changed))
        answer(answers, {"status": ended(child, job["seconds"])})
    os._exit(0)  # it ran nothing: there is nothing to end


def warm_up(
    script: str, modules: Sequence[str]
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Import as `script` would: (the variables that were read, those that were set or deleted)."""
    before = dict(os.environ)
    sys.argv[:] = [script]
    sys.path[0] = os.path.dirname(script)
    plain, os.environ.__class__ = os.environ.__class__, Watched
    for module in modules:
        importlib.import_module(module)
    os.environ.__class__ = plain
    after = dict(os.environ)
    threads = threading.enumerate()
    assert len(threads) == 1, f"these threads would not be in a fork: {threads}"
    gc.collect()
    gc.freeze()  # what the forks share is left alone
    read = {name: before.get(name) for name in Watched.read}
    names = {*before, *after}
    return read, {n: after.get(n) for n in names if after.get(n) != before.get(n)}


def become(job: dict[str, Any], changed: dict[str, str | None]) -> Callable[[], Any]:
    """Make this fork the job's process: its streams, folder, environment and words."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for kept, stream in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(kept, stream)
    os.closerange(3, max(nothing, output) + 1)
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    for name, value in changed.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    sys.argv[:] = job["argv"]
    run: Callable[[], Any] = resolve_name(job["entry"])
    return run


def finish(run: Callable[[], Any]) -> NoReturn:
    """Run, and end as Python does: threads are waited for, then what was registered at exit runs.

    Only modules are not taken apart: what is frozen here would be reported as a leak.
    """
    status: Any = 1
    try:
        status = run()
    except SystemExit as error:
        status = error.code
    except BaseException:  # noqa: BLE001 - said as Python says it
        sys.excepthook(*sys.exc_info())
    if not isinstance(status, int | None):
        print(status, file=sys.stderr)
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit((status or 0) & 0xFF)


def ended(child: int, seconds: float) -> int | None:
    """A child's exit status, as subprocess has it; None where it was stopped after `seconds`."""
    ends = time.monotonic() + seconds
    while True:
        done, how = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(how)
        if time.monotonic() > ends:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.02)


def answer(answers: TextIO, said: dict[str, Any]) -> None:
    """One line to the client."""
    print(json.dumps(said), file=answers, flush=True)
