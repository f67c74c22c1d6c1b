"""Sessions of the offline judge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from judger.contract.settings import load
from judger.engine.session import Session


@pytest.fixture
def session() -> Iterator[Session]:
    opened = Session(load({}))
    yield opened
    opened.close()


@pytest.fixture
def patient() -> Iterator[Session]:
    """A session that bears half of a cell unscored."""
    opened = Session(load({"UNI_JUDGER_MAX_UNSCORED": "0.5"}))
    yield opened
    opened.close()
