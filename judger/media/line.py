"""What goes over the line between the run and a process that decodes: lengths, states, bytes."""

from __future__ import annotations

import socket
import struct
from enum import IntEnum

#: How a request begins: the length of its JSON. The file itself comes as an open descriptor.
ASKED = struct.Struct(">I")
#: How an answer begins: its state, whether the process ends now, how many bytes follow.
HEAD = struct.Struct(">BBQ")
#: Bytes of memory that one process may map.
MAX_MEMORY = 3 * 1024**3


class State(IntEnum):
    """How a request ended."""

    DONE = 0
    FAULT = 1
    MEMORY = 2
    BUG = 3


def wait_at_most(line: socket.socket, seconds: float) -> None:
    """So long may one step on the line take, else BlockingIOError.

    The kernel keeps the time. Python's own `settimeout` would look at the line before each step,
    and fetch a long answer in many small ones, each of which waits for the interpreter.
    """
    whole, rest = divmod(seconds, 1)
    bound = struct.pack("@ll", int(whole), int(rest * 1e6))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, bound)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, bound)


def received(line: socket.socket, size: int) -> bytearray:
    """Exactly so many bytes; EOFError when the other side ends before."""
    buffer = bytearray(size)
    view, have = memoryview(buffer), 0
    while have < size:
        got = line.recv_into(view[have:], 0, socket.MSG_WAITALL)
        if got == 0:
            raise EOFError("the other side is gone")
        have += got
    return buffer
