"""The server's key, and no real waiting between attempts."""

from __future__ import annotations

import pytest

from tests.servers.pictures import KEY
from uni_safe_tasks.models import asking


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(asking, "FIRST_WAIT", 0.01)
