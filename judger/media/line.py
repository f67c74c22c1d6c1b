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


def received(line: socket.socket, size: int) -> bytearray:
    """Exactly so many bytes; EOFError when the other side ends before."""
    buffer = bytearray(size)
    view, have = memoryview(buffer), 0
    while have < size:
        got = line.recv_into(view[have:])
        if got == 0:
            raise EOFError("the other side is gone")
        have += got
    return buffer
