"""Decoding in processes of their own: what hangs or crashes one takes no run along.

Processes are started when they are needed, one more than there are cores, and used again. One that
does not answer in time is ended; one that ended by itself is asked once more in a fresh process,
and then it is the file's fault.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judger.media.files import FileFacts, MachineError, MediaError, MediaKind, machine, opened
from judger.media.line import ASKED, HEAD, MAX_MEMORY, State, received, wait_at_most

#: Seconds of CPU that a file of each kind may take, and how many times that it may be waited for.
SECONDS: dict[MediaKind, int] = {"image": 20, "audio": 60, "video": 120}
PATIENCE = 6
MOST_PROCESSES = 16
_START_SECONDS = 60.0
_START = (
    "import json, sys; sys.path += json.loads(sys.argv[1]); "
    "from judger.media.decode.worker import serve; serve(int(sys.argv[2]))"
)
#: What a process that decodes needs of the environment; no key of any endpoint is among it.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")
#: Memory of one picture serves the next one (glibc): asking the kernel anew for each costs as much
#: as half its decoding.
_KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024**2),
}
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_ISOLATED = hasattr(socket, "send_fds")


class _Gone(Exception):
    """A process that ended without an answer: how, and whether another one may be asked."""

    def __init__(self, how: str, again: bool) -> None:
        super().__init__(how)
        self.again = again


def decoded(facts: FileFacts, kind: MediaKind, request: Mapping[str, Any]) -> bytes | bytearray:
    """The answer to a request (`decode.jobs`) about a file that was found before.

    Raises MediaError when the file cannot be decoded or is another one by now, OSError when it is
    gone, MachineError when it is this machine that cannot.
    """
    with opened(facts.path) as (descriptor, stamp):
        if stamp != facts.stamp:
            raise MediaError(f"file that was changed since it was read: {facts.path}")
        asked = {**request, "kind": kind, "size": facts.size, "seconds": SECONDS[kind]}
        try:
            return pool(os.getpid()).run(descriptor, asked)
        except MachineError:
            raise
        except MediaError as error:
            raise MediaError(f"{error}: {facts.path}") from None


class Pool:
    """At most `size` processes, each with one file at a time. Safe to use from any thread."""

    def __init__(self, size: int) -> None:
        self._places = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._closed = False

    def run(self, descriptor: int, request: Mapping[str, Any]) -> bytes | bytearray:
        """One answer; raises MediaError, MachineError."""
        if not _ISOLATED:  # no way to hand over an open file: here, without limits
            from judger.media.decode import jobs

            return b"".join(jobs.done(os.pread(descriptor, request["size"], 0), request))
        with self._places:
            how = ""
            for _ in range(2):
                process = self._taken()
                try:
                    answer = process.ask(descriptor, request)
                except _Gone as gone:
                    how = str(gone)
                    process.end()
                    if not gone.again:
                        break
                    continue
                except BaseException:
                    process.end()
                    raise
                self._given_back(process)
                return answer
        raise MediaError(f"its decoder {how}")

    def _taken(self) -> _Process:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Process()

    def _given_back(self, process: _Process) -> None:
        with self._lock:
            if not self._closed and not process.ending:
                self._idle.append(process)
                return
        process.end()

    def close(self) -> None:
        """End every process that has nothing to do, and the others once they have answered."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for process in idle:
            process.end()


class _Process:
    """One process and the line to it."""

    def __init__(self) -> None:
        here, there = socket.socketpair()
        known = [str(Path(entry).resolve()) for entry in sys.path if entry]
        known.append(str(Path(__file__).resolve().parents[2]))
        command = [sys.executable, "-I", "-c", _START, json.dumps(known), str(there.fileno())]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                cwd="/",
                env={k: os.environ[k] for k in _ENVIRONMENT if k in os.environ}
                | _ONE_THREAD
                | _KEEP_MEMORY,
            )
        except OSError as error:
            here.close()
            raise MachineError(f"no process to decode with can be started: {error}") from None
        finally:
            there.close()
        self._line, self.ending = here, False

    def ask(self, descriptor: int, request: Mapping[str, Any]) -> bytes | bytearray:
        """The bytes of the answer; _Gone without one, MediaError or MachineError as it says."""
        body = json.dumps(request).encode()
        patience = PATIENCE * request["seconds"]
        wait_at_most(self._line, patience + _START_SECONDS)
        try:
            socket.send_fds(self._line, [ASKED.pack(len(body))], [descriptor])
            self._line.sendall(body)
            head = received(self._line, HEAD.size)
            status, self.ending, size = HEAD.unpack(head)
            answer = received(self._line, size)
        except BlockingIOError:
            raise _Gone(f"did not answer in {patience} seconds", again=False) from None
        except (EOFError, OSError) as error:
            raise self._ended(error, request["seconds"]) from None
        if status == State.DONE:
            return answer
        said = answer.decode("utf-8", "replace")
        if status == State.MEMORY:
            raise MediaError(f"it takes more than {MAX_MEMORY >> 20} MiB to decode")
        if status == State.BUG:
            raise MachineError(f"decoding failed in a way that nobody foresaw: {said[:200]}")
        raise MediaError(said)

    def _ended(self, error: Exception, seconds: int) -> _Gone | MachineError:
        """What it means that the line broke off."""
        if isinstance(error, OSError) and isinstance(found := machine(error), MachineError):
            return found
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        code = self._process.returncode or 0
        if -code == signal.SIGXCPU:
            return _Gone(f"took more than {seconds} seconds", again=False)
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return _Gone(f"ended without an answer ({how})", again=True)

    def end(self) -> None:
        """End the process now."""
        self._line.close()
        self._process.kill()
        self._process.wait()


@functools.lru_cache(maxsize=1)
def pool(process_id: int) -> Pool:
    """This process's pool; one that was forked off has to have its own."""
    del process_id
    made = Pool(_cores() + 1)  # one may wait for its next file, and all cores are busy
    atexit.register(made.close)
    return made


def _cores() -> int:
    """The cores of this process: several on one machine share them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    shared = os.environ.get("LOCAL_WORLD_SIZE", "1")
    processes = int(shared) if shared.isdecimal() and int(shared) > 0 else 1
    return max(1, min(MOST_PROCESSES, (cores or 1) // processes))
