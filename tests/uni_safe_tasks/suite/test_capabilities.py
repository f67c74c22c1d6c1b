"""Declared capabilities: decided per document, before generation, and never paid for."""

from __future__ import annotations

from typing import Any

import pytest

from judger.contract.settings import SettingsError
from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.harness import process_docs
from uni_safe_tasks.scenario.rows import validate_all
from uni_safe_tasks.suite import capabilities
from uni_safe_tasks.suite.capabilities import CAPABILITIES, OF_TASK_TYPE, needed, parse
from uni_safe_tasks.suite.document import document


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row.model_dump() for row in validate_all()]


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_every_item_needs_a_capability_of_its_task_type(
    task_type: str, rows: list[dict[str, Any]]
) -> None:
    found = {needed(document(task_type, row, 0)) for row in rows if row[task_type] is not None}
    assert found == set(OF_TASK_TYPE[task_type])


def test_the_six_capabilities_are_those_the_cells_need() -> None:
    assert {need for needs in OF_TASK_TYPE.values() for need in needs} == set(CAPABILITIES)


@pytest.mark.parametrize(
    ("declared", "task_type", "image", "reason"),
    [
        ("", "audio_processing", "", ""),
        ("text-to-text", "text_generation", "", ""),
        ("text-to-text", "image_generation", "", "the model has no text-to-image"),
        ("text-to-text, text-to-image", "image_generation", "", ""),
        ("text-to-image", "image_generation", "x.webp", "the model has no image-to-image"),
        ("image-to-text", "text_generation", "", "the model has no text-to-text"),
        ("image-to-text", "image_understanding", "x.webp", ""),
        ("text-to-image", "malicious_image_editing", "x.webp", "the model has no image-to-image"),
    ],
)
def test_unsupported(declared: str, task_type: str, image: str, reason: str) -> None:
    able = parse(declared) if declared else None
    document = {"task_type": task_type, "image": image, "audio": "", "video": ""}
    assert capabilities.unsupported(document, able) == reason


def test_documents_carry_it(rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(capabilities.VARIABLE, "text-to-text,text-to-image")
    built = process_docs.image_generation(rows[:40])
    reasons = {bool(doc["image"]): doc["unsupported"] for doc in built}
    assert reasons == {False: "", True: "the model has no image-to-image"}


@pytest.mark.parametrize("text", ["text-to-audio", "image", "text-to-text;image-to-text"])
def test_a_misspelt_capability_is_an_error(text: str) -> None:
    with pytest.raises(SettingsError, match="UNI_SAFE_CAPABILITIES"):
        parse(text)
