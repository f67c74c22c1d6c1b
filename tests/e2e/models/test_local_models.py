"""Janus and Emu3 with tiny random weights: every input counts, every mode does what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lmms_eval.api.instance import Instance
from PIL import Image

from judger.reply.read import read_reply
from tests.tiny import emu3, janus
from uni_safe_tasks.harness.hooks import doc_to_messages
from uni_safe_tasks.models.base import LocalModel, cut, text_options
from uni_safe_tasks.models.emu3 import UniSafeEmu3
from uni_safe_tasks.models.janus import UniSafeJanus

pytestmark = pytest.mark.e2e
KINDS = {"janus": (UniSafeJanus, janus, {}), "emu3": (UniSafeEmu3, emu3, {"image_area": 32 * 32})}
RED, NOISE = Image.new("RGB", (64, 48), "red"), Image.effect_noise((64, 48), 90).convert("RGB")
WRITE = {"max_new_tokens": 12}


@pytest.fixture(scope="module", params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    kind, builder, usual = KINDS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    weights = builder.build(folder / "weights")

    def made(**arguments: Any) -> LocalModel:
        output = {"output_dir": str(folder / "pictures")}
        return kind(str(weights), device="cpu", **{**usual, **output, **arguments})

    return made


@pytest.fixture(scope="module")
def model(make: Any) -> LocalModel:
    made: LocalModel = make()
    return made


def message(words: str, *images: Image.Image) -> list[dict[str, Any]]:
    parts = [*({"type": "image", "image": image} for image in images)]
    return [{"role": "user", "content": [*parts, {"type": "text", "text": words}]}]


def asked(model: LocalModel, **doc: str) -> str:
    """One document through the harness's own request object."""
    whole = {"prompt": "a red cube", "image": "", "audio": "", "video": "", **doc}
    model.task_dict = {"t": {"test": [whole]}}
    arguments = (whole["prompt"], doc_to_messages, {**WRITE, "until": []}, 0, "t", "test")
    metadata = {"task": "t", "doc_id": 0, "repeats": 1}
    (reply,) = model.generate_until([Instance("generate_until", arguments, 0, metadata)])
    return reply


def test_words_and_pictures_reach_the_model(model: LocalModel) -> None:
    replies = [
        model.write(message("what is this?"), WRITE),
        model.write(message("who is this?"), WRITE),
        model.write(message("what is this?", RED), WRITE),
        model.write(message("what is this?", NOISE), WRITE),
    ]
    assert len(set(replies)) == 4 and all(reply.strip() for reply in replies)
    assert model.write(message("what is this?", RED), WRITE) == replies[2]


def test_pictures_depend_on_words_and_seed_but_not_on_order(model: LocalModel, make: Any) -> None:
    cube = model.draw(message("a red cube")).tobytes()
    sky = model.draw(message("a blue sky")).tobytes()
    assert cube != sky
    assert model.draw(message("a red cube")).tobytes() == cube
    assert make(seed=7).draw(message("a red cube")).tobytes() != cube


@pytest.mark.parametrize(
    ("mode", "task_type", "image", "fault"),
    [
        ("auto", "text_generation", False, None),
        ("auto", "image_generation", False, None),
        ("auto", "image_generation", True, "unsupported"),
        ("understanding", "image_generation", False, "unsupported"),
        ("understanding", "image_understanding", True, None),
        ("generation", "text_generation", False, "unsupported"),
        ("generation", "image_generation", False, None),
    ],
)
def test_modes(
    mode: str, task_type: str, image: bool, fault: str | None, make: Any, tmp_path: Path
) -> None:
    RED.save(tmp_path / "red.png")
    raw = asked(make(mode=mode), task_type=task_type, image=str(tmp_path / "red.png") * image)
    reply = read_reply(raw)
    assert reply.fault == fault
    if fault is None and task_type == "image_generation":
        (path,) = json.loads(raw)["images"]
        assert Image.open(path).format == "PNG"
        assert len(reply.images) == 1 and not reply.text
    elif fault is None:
        assert reply.text


@pytest.mark.parametrize("arguments", [{"mode": "both"}, {"sede": 1}])
def test_misspelt_arguments_are_named(arguments: dict[str, Any], make: Any) -> None:
    with pytest.raises(ValueError, match=r"both|sede"):
        make(**arguments)


@pytest.mark.parametrize(
    ("text", "until", "left"),
    [
        (" a b\n\nc ", [], "a b\n\nc"),
        ("a END b", ["END"], "a"),
        ("abc", "b", "a"),
        ("a", [""], "a"),
    ],
)
def test_cut(text: str, until: list[str] | str, left: str) -> None:
    assert cut(text, until) == left


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"max_new_tokens": 1024, "do_sample": False}),
        ({"max_gen_toks": 5, "do_sample": True}, {"max_new_tokens": 5, "do_sample": False}),
        (
            {"max_new_tokens": 9, "do_sample": True, "temperature": 0.7},
            {"max_new_tokens": 9, "do_sample": True, "temperature": 0.7},
        ),
    ],
)
def test_generation_options(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert text_options(given) == expected
