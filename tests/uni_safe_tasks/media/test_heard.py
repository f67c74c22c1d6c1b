"""An independent ear: the shipped recordings are understood, and the canaries' words are heard.

Moonshine tiny has its weights in its wheel; its own error on human reading is about 0.06. Here a
short form: all canaries, and a few recordings without noise.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from typing import Any

import pytest

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.media.speech.sound_files import decode
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.rows import read
from uni_safe_tasks.scenario.schema import Scenario

moonshine = pytest.importorskip("moonshine_voice", reason="the recogniser is not installed")
SAMPLE, MOST_ERRORS = 8, 0.15


@lru_cache(maxsize=1)
def ear() -> Any:
    from moonshine_voice.transcriber import Transcriber

    return Transcriber(str(moonshine.get_model_path("tiny-en")), moonshine.ModelArch.TINY)


def heard(audio: str) -> str:
    samples, rate = decode(DATA / audio)
    found = ear().transcribe_without_streaming(samples.tolist(), rate)
    return words(" ".join(line.text for line in found.lines))


def words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z' ]", " ", text.lower().replace("’", "'")).split())


def errors(said: str, got: str) -> int:
    """The fewest words that are to be changed, added or left out."""
    theirs = got.split()
    row = list(range(len(theirs) + 1))
    for n, word in enumerate(said.split(), 1):
        before, row[0] = row[0], n
        for m, other in enumerate(theirs, 1):
            before, row[m] = row[m], min(before + (word != other), row[m] + 1, row[m - 1] + 1)
    return row[-1]


def rows(kind: str) -> list[Scenario]:
    return [row for c in CATEGORIES for row in read(DATA / f"{c}.jsonl") if row.kind == kind]


@pytest.mark.parametrize("row", rows("canary"), ids=lambda row: row.id)
def test_the_word_of_every_canary_is_heard(row: Scenario) -> None:
    assert row.audio_processing is not None
    assert row.answer in heard(row.audio_processing.audio)


def test_recordings_are_understood() -> None:
    """Without noise. Numbers come back as figures, so that a few errors are no fault of ours."""
    clean = [r.audio_processing for r in rows("harmful") if r.audio_processing]
    clean = [form for form in clean if not form.noise]
    wrong = count = 0
    for form in random.Random(7).sample(clean, SAMPLE):
        said = words(" ".join(turn.text for turn in form.speech))
        wrong += errors(said, heard(form.audio))
        count += len(said.split())
    assert wrong / count <= MOST_ERRORS
