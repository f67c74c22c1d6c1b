"""The session of this process: the one that its environment describes.

It is made when it is first asked for. When the environment describes another judge, that one is
made and the old one closed, unless replies still wait for it.
"""

from __future__ import annotations

import atexit
import threading

from judger.contract.settings import Settings, load, shared
from judger.engine.session import Session

_lock = threading.Lock()
_open: dict[Settings, Session] = {}


def current() -> Session:
    """This process's session; SettingsError when the environment describes none that can work."""
    settings = shared(load())
    with _lock:
        if settings not in _open:
            made = Session(settings)
            _close(idle=True)
            _open[settings] = made
        return _open[settings]


def stopped() -> str:
    """Why a judge of this process asks nothing more; "" while it does, or where there is none."""
    with _lock:
        return next((s.judge.stopped for s in _open.values() if s.judge.stopped), "")


def silence() -> str:
    """What came in place of answers if the model answered nothing; "" otherwise."""
    with _lock:
        return next((said for s in _open.values() if (said := s.answers.silence())), "")


def reset() -> None:
    """Close every session of this process: what comes next is judged by a new one."""
    with _lock:
        _close(idle=False)


def _close(idle: bool) -> None:
    for settings, session in list(_open.items()):
        if not idle or not session.state.pending():
            session.close()
            del _open[settings]


atexit.register(reset)  # connections and cache are given back however a run ends
