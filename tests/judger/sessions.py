"""Short ways to judge through the real engine against a server of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from judger.contract.settings import load
from judger.engine.session import Session
from tests.servers.judge import KEY


def judge_environ(url: str, cache: Path | str = "off", **settings: str) -> dict[str, str]:
    """What tells a process of the `openai` judge behind `url`; further settings by their lower-case
    names."""
    return {
        "UNI_JUDGER_BACKEND": "openai",
        "UNI_JUDGER_MODEL": "judge-1",
        "UNI_JUDGER_BASE_URL": url,
        "UNI_JUDGER_API_KEY": KEY,
        "UNI_JUDGER_CACHE": str(cache),
        **{f"UNI_JUDGER_{name.upper()}": value for name, value in settings.items()},
    }


@contextmanager
def session(url: str, cache: Path | str = "off", **settings: str) -> Iterator[Session]:
    """The `openai` judge behind `url`, set as in `judge_environ`."""
    made = Session(load(judge_environ(url, cache, **settings)))
    try:
        yield made
    finally:
        made.close()
