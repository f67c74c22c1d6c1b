"""A server for the time of a `with` block: started, waited for, stopped whatever happens."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from judger.contract.errors import UserError
from leaderboard.serving.engines import HOST
from leaderboard.serving.keeper import GRACE

#: Lines of a server's log that are shown when it fails.
SHOWN = 40
_POLL = 0.25


class ServerError(UserError):
    """A server that does not come up: why, in one line, and `log`, the end of its log."""

    def __init__(self, why: str, log: str) -> None:
        super().__init__(why)
        self.log = log


class Interrupted(BaseException):
    """A signal that ends this process; raised so that everything on the way out is closed."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Server:
    """A server that answers. `model` is the name by which it serves the model."""

    base_url: str
    model: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def alive(self) -> bool:
        """Is it still there?"""
        return self.process.poll() is None

    def tail(self) -> str:
        """The end of its log."""
        return tail(self.log)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int, model: str, patience: float) -> Iterator[Server]:
    """Start `command`, wait until it answers at `port`, stop it in the end.

    ServerError, with the end of the log, when it ends by itself or does not answer in `patience`
    seconds. The keeper process between it and us ends it even if we are killed.
    """
    with tempfile.TemporaryDirectory(prefix="uni-safe-judge-") as folder, _signals():
        log = Path(folder) / "server.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "leaderboard.serving.keeper", *command],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the command; the server ends after it
            )
        try:
            base_url = f"http://{HOST}:{port}/v1"
            served = _wait(process, base_url, model, log, patience)
            yield Server(base_url, served, log, process)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(GRACE + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(
    process: subprocess.Popen[bytes], base_url: str, model: str, log: Path, patience: float
) -> str:
    """The name under which the server lists the model, once it lists any."""
    end, health = time.monotonic() + patience, f"{base_url.removesuffix('/v1')}/health"
    # The machine's proxy has no way to a port of this machine.
    with httpx.Client(timeout=5.0, trust_env=False) as client:
        while time.monotonic() < end:
            if process.poll() is not None:
                why = f"the server ended with status {process.returncode}"
                raise ServerError(why, tail(log))
            try:
                answer = client.get(f"{base_url}/models")
                if answer.status_code == 200:
                    return _served(answer, model)
                # `transformers serve` fails to list where there is no cache of a hub, and serves.
                if answer.status_code >= 500 and client.get(health).status_code == 200:
                    return model
            except httpx.HTTPError:
                pass
            time.sleep(_POLL)
    raise ServerError(f"no answer at {base_url} after {patience:.0f} seconds", tail(log))


def _served(answer: httpx.Response, model: str) -> str:
    """The only model that is listed; with more of them, or none, the name that it was started by.

    `transformers serve` lists what its cache holds and takes the name it was started by.
    """
    try:
        listed = [str(entry["id"]) for entry in answer.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return model
    return listed[0] if len(listed) == 1 and model not in listed else model


def tail(log: Path) -> str:
    """The last lines of a log, indented, on lines of their own."""
    text = log.read_bytes()[-65536:].decode("utf-8", errors="replace")
    lines = [line.rsplit("\r", 1)[-1] for line in text.splitlines()][-SHOWN:]
    return "".join(f"\n    {line}" for line in lines) or " empty"


@contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end this process through its `finally` blocks, as Ctrl-C does."""

    def interrupt(number: int, _: object) -> None:
        raise Interrupted(number)

    handled = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
