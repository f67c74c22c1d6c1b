"""The real small model, for tests in which a real reply matters; skipped where it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from uni_safe_tasks import smollm2


@pytest.fixture(scope="session")
def gguf() -> Path:
    """The weights as llama.cpp reads them."""
    try:
        return smollm2.gguf()
    except smollm2.NoWeightsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def weights(gguf: Path) -> Path:
    """The weights as transformers reads them."""
    return smollm2.folder()
