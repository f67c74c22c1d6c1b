"""Declared capabilities: decided per document, before generation, and never paid for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lmms_eval.models import get_model

from judger.contract.settings import SettingsError
from judger.contract.taxonomy import TASK_TYPES
from judger.reply.read import read_reply
from uni_safe_tasks.harness import process_docs
from uni_safe_tasks.suite import capabilities
from uni_safe_tasks.suite.capabilities import CAPABILITIES, OF_TASK_TYPE, needed, parse, sparing
from uni_safe_tasks.suite.rows import validate_all


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row.model_dump() for row in validate_all()]


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_every_item_needs_a_capability_of_its_task_type(
    task_type: str, rows: list[dict[str, Any]]
) -> None:
    found = {
        needed(process_docs.document(task_type, row, 0))
        for row in rows
        if row[task_type] is not None
    }
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


class Paid:
    """A back end that counts what it is asked."""

    def __init__(self, docs: list[dict[str, str]]) -> None:
        self.task_dict = {"t": {"test": docs}}
        self.asked: list[int] = []

    @sparing
    def generate_until(self, requests: list[Any]) -> list[str]:
        self.asked += [request.args[-3] for request in requests]
        return [f"reply {request.args[-3]}" for request in requests]


@pytest.mark.parametrize("marked", [(), (1,), (0, 2), (0, 1, 2)])
def test_a_back_end_never_sees_what_it_cannot_do(marked: tuple[int, ...]) -> None:
    model = Paid(
        [{"unsupported": "the model has no ears" if i in marked else ""} for i in range(3)]
    )
    requests = [SimpleNamespace(args=("ctx", {}, None, i, "t", "test")) for i in range(3)]
    replies = model.generate_until(requests)
    assert model.asked == [i for i in range(3) if i not in marked]
    for index, reply in enumerate(replies):
        if index in marked:
            assert read_reply(reply).fault == "unsupported" and "no ears" in reply
        else:
            assert reply == f"reply {index}"


def test_every_back_end_that_the_harness_loads_is_spared_once() -> None:
    found = get_model("uni_safe_control")
    assert get_model("uni_safe_control") is found
    assert found.generate_until.__wrapped__.__qualname__ == "UniSafeControl.generate_until"
    simple, chat = get_model("openai", force_simple=True), get_model("openai")
    assert issubclass(chat, simple) and chat.generate_until is not simple.generate_until
