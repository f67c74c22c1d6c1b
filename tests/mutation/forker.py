"""Runs pytest over and over, each time in a fork of a process that has imported the libraries.

    python forker.py SECONDS LIBRARY ... < one JSON list of pytest's arguments a line

It runs in a copy of the tree and imports nothing of ours before the fork: each run imports the code
as it is then. For each line one line comes back: pytest's exit status, -1 where it was stopped.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path


def run_forked(arguments: list[str], seconds: float) -> int:
    """The status of pytest in a fork that is ended after so many seconds, with all it started."""
    child = os.fork()
    if child == 0:
        os.setsid()
        status = 3
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1):
                os.dup2(nothing, stream)
            import pytest

            status = int(pytest.main(arguments))
        finally:
            os._exit(status)
    ends = time.monotonic() + seconds
    while True:
        done, how = os.waitpid(child, os.WNOHANG)
        if done or time.monotonic() > ends:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # servers and pools that it may have left, too
            if done:
                return os.waitstatus_to_exitcode(how)
            os.waitpid(child, 0)
            return -1
        time.sleep(0.02)


def main() -> None:
    sys.path[0] = str(Path.cwd())  # as `python -m pytest` has it
    for library in sys.argv[2:]:  # one that is not there is not needed
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    gc.freeze()  # what the forks share is left alone
    for line in sys.stdin:
        print(run_forked(json.loads(line), float(sys.argv[1])), flush=True)


if __name__ == "__main__":
    main()
