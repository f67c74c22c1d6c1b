"""Speech in tests: the real voices where they are installed, else a hum in their place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.uni_safe_tasks.media.voices import HOME
from uni_safe_tasks.media.speech import kokoro, speak
from uni_safe_tasks.scenario.schema import Utterance


@pytest.fixture(autouse=True)
def _voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_SAFE_VOICES", str(HOME))


def _hum(turn: Utterance) -> np.ndarray:
    seconds = np.arange(round(0.1 * len(turn.text) * kokoro.RATE)) / kokoro.RATE
    return (0.5 * np.sin(2 * np.pi * 110 * seconds)).astype(np.float32)


@pytest.fixture(scope="module")
def hummed() -> Iterator[None]:
    """Every turn is a hum of a tenth of a second a letter: no model is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speak, "spoken", _hum)
        yield
