"""From rows to documents, prompts and media in the form each adapter wants."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from judger.contract.taxonomy import TASK_TYPES
from uni_safe_tasks.harness import process_docs
from uni_safe_tasks.harness.hooks import doc_to_messages, doc_to_visual
from uni_safe_tasks.scenario import locations
from uni_safe_tasks.scenario.rows import read
from uni_safe_tasks.suite.document import document
from uni_safe_tasks.suite.prompts import PromptError, render


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row.model_dump() for row in read(Path(locations.privacy_leak))]


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_documents_are_flat_and_complete(task_type: str, rows: list[dict[str, Any]]) -> None:
    made = getattr(process_docs, task_type)(rows)
    text_only = task_type.startswith("text_") or task_type == "image_generation"
    assert len(made) == len([r for r in rows if r["kind"] != "canary" or not text_only])
    for index, doc in enumerate(made):
        assert doc["row"] == index
        assert doc["item_id"] == f"{doc['scenario']}.{task_type}"
        assert doc["prompt"].strip()
        assert all(isinstance(doc[field], str) for field in ("image", "audio", "video"))
        for field in ("image", "audio", "video"):
            assert not doc[field] or Path(doc[field]).is_file()


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_a_missing_field_names_item_and_template(task_type: str) -> None:
    with pytest.raises(PromptError, match=rf"pri-h101.x: templates/prompts/{task_type}.jinja: "):
        render(task_type, "pri-h101.x", {})


def test_a_missing_file_names_the_item(rows: list[dict[str, Any]]) -> None:
    row = {**rows[1], "audio_processing": {**rows[1]["audio_processing"], "audio": "no/such.ogg"}}
    with pytest.raises(FileNotFoundError, match=rf"{row['id']}.audio_processing: audio file"):
        document("audio_processing", row, 0)


def first(task_type: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return dict(getattr(process_docs, task_type)(rows[:3])[0])


def test_pictures(rows: list[dict[str, Any]]) -> None:
    doc = first("image_understanding", rows)
    assert isinstance(doc_to_visual(doc)[0], Image.Image)
    content = doc_to_messages(doc)[0]["content"]
    assert [c["type"] for c in content] == ["image", "text"]
    assert content[1]["text"] == doc["prompt"]


@pytest.mark.parametrize("form", ["record", "path", "uri"])
def test_sound_in_each_form(
    form: str, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    doc = first("audio_processing", rows)
    (sound,) = doc_to_visual(doc, {"audio": form})
    (said,) = [
        c for c in doc_to_messages(doc, {"audio": form})[0]["content"] if c["type"] == "audio"
    ]
    if form == "path":
        assert sound == said["url"] and Path(sound).suffix == ".wav"
    elif form == "uri":
        head, data = sound.split(",")
        assert head == "data:audio/wav;base64" and base64.b64decode(data)[:4] == b"RIFF"
    else:
        assert sound["sampling_rate"] == 16000 and sound["array"].dtype == np.float32
        assert sound["array"].ndim == 1 and sound["path"] == sound["url"]


@pytest.mark.parametrize(("form", "kind", "count"), [("path", str, 1), ("frames", Image.Image, 8)])
def test_film_in_each_form(form: str, kind: type, count: int, rows: list[dict[str, Any]]) -> None:
    doc = first("video_analysis", rows)
    shots = doc_to_visual(doc, {"video": form})
    assert len(shots) == count and all(isinstance(shot, kind) for shot in shots)
    content = doc_to_messages(doc, {"video": form})[0]["content"]
    assert len(content) == count + 1 and content[-1]["type"] == "text"


def test_an_edit_says_so_and_has_its_source(rows: list[dict[str, Any]]) -> None:
    made = process_docs.image_generation(rows)
    for doc in made:
        assert doc["prompt"].startswith("Edit the attached" if doc["image"] else "Create a picture")
    edits = sum(bool(doc["image"]) for doc in made)
    assert 0.15 < edits / len(made) < 0.4
