"""Every test starts from an empty environment: no judge, no cache of the user's, no hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from judger.bridges import harness
from judger.engine import session

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(harness, "_checked", False)
    with mock.patch.dict(os.environ):  # a recipe sets variables: they end with the test
        for name in list(os.environ):
            if name.startswith(("UNI_JUDGER_", "UNI_SAFE")):
                del os.environ[name]
        os.environ["UNI_JUDGER_CACHE"] = str(tmp_path / "judge-cache")
        yield
        session.reset()
