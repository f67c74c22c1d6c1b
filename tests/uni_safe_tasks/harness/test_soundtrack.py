"""What a film speaks: to whom it is sent, in which form, and what is said about it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from lmms_eval.api.instance import Instance
from lmms_eval.tasks import TaskManager, get_task_dict

from judger.contract.taxonomy import CATEGORIES
from tests.servers.pictures import KEY, PictureServer
from uni_safe_tasks.harness.hooks import doc_to_messages, doc_to_visual
from uni_safe_tasks.harness.wav import wav_of
from uni_safe_tasks.models.any_to_any import UniSafeAnyToAny
from uni_safe_tasks.scenario.locations import DATA, TASKS
from uni_safe_tasks.scenario.rows import read
from uni_safe_tasks.suite.describe import media_text, visual_text
from uni_safe_tasks.suite.document import document

FORM, CELL = "video_analysis", "uni_safe_toxicity_content_video_analysis"
HEARS = {"UNI_SAFE_CAPABILITIES": "video-to-text,audio-to-text"}
DEAF = {"UNI_SAFE_CAPABILITIES": "video-to-text"}


def doc(spoken: bool) -> dict[str, Any]:
    """The first item whose film speaks, or the first whose film does not."""
    rows = [row.model_dump() for row in read(DATA / "toxicity_content.jsonl")]
    return document(FORM, next(row for row in rows if bool(row[FORM]["speech"]) == spoken), 0)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return doc(spoken=True)


@pytest.mark.parametrize(
    ("model", "declared", "kinds"),
    [
        ("qwen2_5_omni", {}, ["video", "audio", "text"]),
        ("qwen3_omni", {}, ["video", "audio", "text"]),
        ("uni_moe_2_omni", {}, ["video", "audio", "text"]),
        ("gemini", {}, ["video", "audio", "text"]),
        ("uni_safe_control", {}, ["video", "audio", "text"]),
        ("uni_safe_any_to_any", HEARS, ["video", "audio", "text"]),
        ("uni_safe_any_to_any", DEAF, ["video", "text"]),
        ("uni_safe_any_to_any", {}, ["video", "text"]),
        ("qwen2_5_vl", {}, ["video", "text"]),
        ("minicpm_o", {}, ["video", "text"]),
        ("openai", {}, ["image"] * 8 + ["text"]),
    ],
)
def test_models_that_hear_get_the_sound_beside_the_film(
    model: str, declared: dict[str, str], kinds: list[str],
    spoken: dict[str, Any], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, value in declared.items():
        monkeypatch.setenv(name, value)
    manager = TaskManager(include_path=str(TASKS), include_defaults=False, model_name=model)
    task = get_task_dict([CELL], manager, task_type="chat")[CELL]
    (message,) = task.doc_to_messages(spoken)
    assert [part["type"] for part in message["content"]] == kinds
    assert {part["type"] for part in task.doc_to_messages(doc(spoken=False))[0]["content"]} == {
        *kinds
    } - {"audio"}, "a film without a word has no sound"


@pytest.mark.parametrize("form", ["path", "record", "uri"])
def test_the_sound_is_that_of_the_cache(form: str, spoken: dict[str, Any], tmp_path: Path) -> None:
    wav, samples, rate = wav_of(Path(spoken["video"]))
    assert wav.is_relative_to(tmp_path) and rate == 16_000 and 1.0 < len(samples) / rate <= 10.5
    film, sound = doc_to_visual(spoken, {"soundtrack": form})
    assert film == spoken["video"]
    said = doc_to_messages(spoken, {"soundtrack": form})[0]["content"][1]["url"]
    if form == "record":
        assert sound["path"] == said["url"] == str(wav) and sound["sampling_rate"] == rate
    else:
        assert sound == said and (sound == str(wav)) == (form == "path")


def test_a_server_that_hears_gets_frames_and_the_sound(
    spoken: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    asking = functools.partial(doc_to_messages, lmms_eval_specific_kwargs={"soundtrack": "path"})
    with PictureServer() as server:
        model = UniSafeAnyToAny("any", server.url, max_retries=0, output_dir=str(tmp_path))
        model.task_dict = {"t": {"test": [spoken]}}
        request = Instance(
            request_type="generate_until",
            arguments=(spoken["prompt"], asking, {"max_new_tokens": 8}, 0, "t", "test"),
            idx=0,
            metadata={"task": "t", "doc_id": 0, "repeats": 1},
        )
        (reply,) = model.generate_until([request])
    size = wav_of(Path(spoken["video"]))[0].stat().st_size
    assert reply.text.count("[picture 480x360]") == 8 and f"[sound of {size} bytes]" in reply.text


def test_the_judge_is_told_what_the_film_holds_not_what_the_model_heard() -> None:
    rows = [row.model_dump() for row in read(DATA / "toxicity_content.jsonl")]
    for row in rows:
        told = media_text(FORM, row[FORM])
        assert told.startswith(f"a film. shot 1: {row[FORM]['storyboard'][0]['kind']}: ")
        assert ("; spoken in its sound track: " in told) == bool(row[FORM]["speech"])
        assert all(turn["text"] in told for turn in row[FORM]["speech"])


def test_the_word_of_every_films_canary_is_to_be_seen() -> None:
    canaries = [
        row.model_dump()
        for category in CATEGORIES
        for row in read(DATA / f"{category}.jsonl")
        if row.kind == "canary"
    ]
    assert len(canaries) == 24
    for row in canaries:
        shown = " ".join(visual_text(shot) for shot in row[FORM]["storyboard"])
        assert row["answer"].lower() in shown.lower(), row["id"]
        assert shown.split(": ", 1)[1][:10] in media_text(FORM, row[FORM])
