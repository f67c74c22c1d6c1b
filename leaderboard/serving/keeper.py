"""Runs a server for as long as its starter lives: `python -m leaderboard.serving.keeper COMMAND…`.

Standard input is a pipe that the starter holds open and never writes to. When it closes, be it that
the starter closes it, ends or is killed, the server and all that it started end, too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

#: Seconds between asking a server to end and ending it.
GRACE = 10.0


def keep(command: Sequence[str]) -> int:
    """Run `command` in a process group of its own; returns its exit status."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_until_closed, args=(server,), daemon=True).start()
    try:
        return server.wait()
    finally:
        _signal(server.pid, signal.SIGKILL)  # what it started and left behind


def _until_closed(server: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    _signal(server.pid, signal.SIGTERM)
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        _signal(server.pid, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    raise SystemExit(keep(sys.argv[1:]))
