"""How many files this process may have open: raised where it can be, else a bound on questions."""

from __future__ import annotations

import os
import sys

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

#: Handles that one question takes at most: its connection, a file of a reply and one of a request.
EACH = 3
#: Handles kept for everything else: the model, the harness's files, pools of threads.
SPARE = 64


def room_for(questions: int) -> int:
    """How many questions may be in flight, at most `questions`, for all to have their files.

    The soft limit (RLIMIT_NOFILE) is raised as far as the hard one lets it; says so in one line
    where even that is too little.
    """
    if resource is None:
        return questions
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _in_use() + SPARE + EACH * questions
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return questions
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if most > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
        except (OSError, ValueError):  # some systems have a lower bound of their own
            pass
    room = max(1, min(questions, (soft - _in_use() - SPARE) // EACH))
    if room < questions:
        print(
            f"Uni-Judger: {soft} open files are allowed (ulimit -n), so {room} questions are in "
            f"flight at most, not {questions}.",
            file=sys.stderr,
        )
    return room


def _in_use() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return len(os.listdir(folder))  # noqa: PTH208 a count is all that is wanted
        except OSError:
            continue
    return SPARE
