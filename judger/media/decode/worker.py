"""The process that decodes: one file at a time, within limits that the kernel keeps.

`pool` starts it and hands over open files; it opens none itself, writes none and has no address to
go to. What it answers is bytes of known forms, never pickled objects: a decoder that was taken over
must not take over the run.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from judger.media.decode import jobs
from judger.media.files import MediaError
from judger.media.line import ASKED, HEAD, MAX_MEMORY, State, received

#: Bytes of memory that a process may have used and go on.
KEPT_MEMORY = 512 * 1024**2
_OPEN_FILES = 32


def serve(descriptor: int) -> None:
    """Answer requests until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends us
    _limit()
    with socket.socket(fileno=descriptor) as line:
        while (asked := _asked(line)) is not None:
            request, data = asked
            try:
                state, parts = State.DONE, jobs.done(data, request)
            except MediaError as error:
                state, parts = State.FAULT, [str(error).encode("utf-8", "replace")]
            except MemoryError:
                state, parts = State.MEMORY, []
            except BaseException as error:
                _answer(line, State.BUG, True, [repr(error).encode("utf-8", "replace")])
                raise
            ending = state is State.MEMORY or _used_memory() > KEPT_MEMORY
            _answer(line, state, ending, parts)
            if ending:
                return


def _asked(line: socket.socket) -> tuple[Mapping[str, Any], bytes] | None:
    """The next request with its file's bytes; None when there is none any more."""
    head, descriptors, _, _ = socket.recv_fds(line, ASKED.size, 1)
    if len(head) < ASKED.size or not descriptors:
        return None
    try:
        request = json.loads(received(line, ASKED.unpack(head)[0]))
        data = os.pread(descriptors[0], request["size"], 0)
    finally:
        os.close(descriptors[0])
    _limit_time(request["seconds"])
    return request, data


def _answer(line: socket.socket, state: State, ending: bool, parts: list[bytes]) -> None:
    line.sendall(HEAD.pack(state, ending, sum(map(len, parts))))
    for part in parts:
        line.sendall(part)


def _limit() -> None:
    import resource

    sys.dont_write_bytecode = True  # nor could it, from here on
    for kind, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _limit_time(seconds: int) -> None:
    """So many seconds of CPU from now on; then the kernel ends this process."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    ends = int(usage.ru_utime + usage.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (ends, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _used_memory() -> int:
    """The most memory that this process has had at a time.

    Linux counts into `ru_maxrss` what the process that started this one held: with a model loaded
    there, each of these would end after one file.
    """
    try:
        with Path("/proc/self/status").open(encoding="ascii", errors="replace") as lines:
            peak = next(line for line in lines if line.startswith("VmHWM:"))
        _, kibibytes, _ = peak.split()
        return int(kibibytes) * 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
