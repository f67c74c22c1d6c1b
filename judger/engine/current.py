"""The session of this process: the one that its environment describes.

It is made when it is first asked for. When the environment describes another judge, that one is
made and the old one closed, unless replies still wait for it.
"""

from __future__ import annotations

import atexit
import functools
import os
import threading

from judger.contract.settings import PREFIX, Settings, load, shared
from judger.engine.session import Session

_lock = threading.Lock()
_open: dict[Settings, Session] = {}
#: The variables that settings are read from.
_NAMES = (*(PREFIX + name.upper() for name in Settings.model_fields), "WORLD_SIZE", "HOME")


def current() -> Session:
    """This process's session; SettingsError when the environment describes none that can work."""
    settings = _described(tuple((name, os.environ.get(name, "")) for name in _NAMES))
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


@functools.lru_cache(maxsize=8)
def _described(variables: tuple[tuple[str, str], ...]) -> Settings:
    """The settings that these variables stand for: asked for with every reply, worked out once."""
    environ = {name: value for name, value in variables if value}
    return shared(load(environ), environ)


def _close(idle: bool) -> None:
    for settings, session in list(_open.items()):
        if not idle or not session.state.pending():
            session.close()
            del _open[settings]


atexit.register(reset)  # connections and cache are given back however a run ends
