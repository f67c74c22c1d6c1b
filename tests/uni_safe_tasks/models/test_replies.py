"""Every form of reply and every kind of fault that an any-to-any server can answer with."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFile

from tests.servers.pictures import PictureServer
from tests.uni_safe_tasks.models.common import DRAW, TEXT, document, one
from uni_safe_tasks.models import asking
from uni_safe_tasks.models import sent_pictures as pictures
from uni_safe_tasks.models.sent_pictures import Unusable


@pytest.mark.parametrize(
    ("behaviour", "task_type", "fault", "text", "pictures"),
    [
        ("", TEXT, None, "You said: hello", 0),
        ("", DRAW, None, "Here it is.", 1),
        # pictures, wherever they stand
        ("parts", DRAW, None, "", 1),
        ("plain", DRAW, None, "", 1),
        ("bare", DRAW, None, "", 1),
        ("one", DRAW, None, "", 1),
        ("lines", DRAW, None, "", 1),
        ("content", DRAW, None, "", 1),
        ("markdown", DRAW, None, "Here it is.  Enjoy.", 1),
        ("text part", DRAW, None, "", 1),
        ("html", DRAW, None, "", 1),
        ("two", DRAW, None, "", 2),
        ("spoken", TEXT, None, "Here it is.", 1),
        ("example", TEXT, None, 'Write <img src="data:image/png;base64,iVBORw0K…">.', 0),
        ("linked", TEXT, None, "See ![it](https://example.org/x.png).", 0),
        # pictures that were promised and not sent
        ("unknown", DRAW, "target_error", "", 0),
        ("captioned", DRAW, "target_error", "", 0),
        ("address", DRAW, "target_error", "", 0),
        ("markdown address", DRAW, "target_error", "", 0),
        ("bare address", DRAW, "target_error", "", 0),
        ("html address", DRAW, "target_error", "", 0),
        ("both", DRAW, "target_error", "", 0),
        ("cut", DRAW, "target_error", "", 0),
        ("cut short", DRAW, "target_error", "", 0),
        ("drawing", DRAW, "target_error", "", 0),
        ("broken", DRAW, "target_error", "", 0),
        ("words", DRAW, "target_error", "", 0),
        ("number", DRAW, "target_error", "", 0),
        ("many", DRAW, "target_error", "", 0),
        # what the model says, and what its provider does
        ("refusal", TEXT, None, "I can't help with that.", 0),
        ("refusal", DRAW, None, "I can't help with that.", 0),
        ("refusal part", DRAW, None, "I can't help with that.", 0),
        ("half a pair", TEXT, None, "a smile \ufffd", 0),
        ("silence", TEXT, "no_output", "", 0),
        ("filter", TEXT, "provider_blocked", "", 0),
        ("policy", DRAW, "provider_blocked", "", 0),
        ("withheld", TEXT, "provider_blocked", "", 0),
        ("native block", DRAW, "provider_blocked", "", 0),
        ("moderated", TEXT, "provider_blocked", "", 0),
        ("top block", TEXT, "provider_blocked", "", 0),
        ("choice block", TEXT, "provider_blocked", "", 0),
        # what is no reply
        ("500", TEXT, "target_error", "", 0),
        ("429", TEXT, "target_error", "", 0),
        ("drop", TEXT, "target_error", "", 0),
        ("half", TEXT, "target_error", "", 0),
        ("garbage", TEXT, "target_error", "", 0),
        ("truncated", TEXT, "target_error", "", 0),
        ("empty", TEXT, "target_error", "", 0),
        ("null", TEXT, "target_error", "", 0),
        ("list", TEXT, "target_error", "", 0),
        ("no choices", TEXT, "target_error", "", 0),
        ("deep", TEXT, "target_error", "", 0),
        ("bytes", TEXT, "target_error", "", 0),
        ("top error", TEXT, "target_error", "", 0),
        ("choice error", TEXT, "target_error", "", 0),
        ("broken off", TEXT, "target_error", "", 0),
        ("aborted", TEXT, "target_error", "", 0),
        ("too long", TEXT, "target_error", "", 0),
    ],
)
def test_what_a_server_can_do(
    behaviour: str, task_type: str, fault: str | None, text: str, pictures: int, tmp_path: Path
) -> None:
    with PictureServer(lambda words, attempt: behaviour) as server:
        reply = one(server, document(task_type, "hello"), tmp_path)
    assert (reply.fault, reply.text, len(reply.images)) == (fault, text, pictures), reply.note


@pytest.mark.parametrize("images", ["chat", "endpoint"])
@pytest.mark.parametrize("broken", ["truncated", "empty", "null", "list", "garbage", "top error"])
def test_a_broken_body_costs_its_own_item_only(broken: str, images: str, tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: broken) as server:
        reply = one(server, document(DRAW, "a boat"), tmp_path, images=images)
    assert reply.fault == "target_error" and server.asked["a boat"] == 3


@pytest.mark.parametrize("lasting", ["markdown address", "unknown", "cut", "too long", "moderated"])
def test_what_will_not_pass_is_asked_once(lasting: str, tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: lasting) as server:
        one(server, document(DRAW, "a boat"), tmp_path)
    assert server.asked["a boat"] == 1


def test_an_answer_without_end_is_not_read_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MAX_BODY", 100)
    with PictureServer() as server:
        reply = one(server, document(TEXT, "hello"), tmp_path)
    assert reply.fault == "target_error" and "more than 100 bytes" in reply.note


def encoded(form: str, **options: object) -> str:
    """Noise as a picture in base64; with `save_all`, one that moves."""
    noise = np.random.default_rng(0).integers(0, 255, (2, 64, 64, 3), dtype=np.uint8)
    first, second = map(Image.fromarray, noise)
    buffer = io.BytesIO()
    moving = {"append_images": [second]} if options.get("save_all") else {}
    first.save(buffer, form, **options, **moving)
    return base64.b64encode(buffer.getvalue()).decode()


@pytest.mark.parametrize(
    ("form", "suffix", "options"),
    [
        ("PNG", ".png", {}),
        ("JPEG", ".jpg", {}),
        ("WEBP", ".webp", {"save_all": True}),
        ("GIF", ".gif", {"save_all": True}),
    ],
)
def test_a_picture_is_kept_as_it_came(
    form: str, suffix: str, options: dict[str, object], tmp_path: Path
) -> None:
    code = encoded(form, **options)
    pictures.saved("", [f"data:image/png;base64,{code}"], tmp_path / "item")
    assert (tmp_path / f"item_0{suffix}").read_bytes() == base64.b64decode(code)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_half_a_picture_is_none_though_the_harness_would_fill_it_up(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    code = encoded(form)
    with pytest.raises(Unusable, match="no picture"):
        pictures.saved("", [code[: len(code) // 8 * 4]], tmp_path / "item")
    assert ImageFile.LOAD_TRUNCATED_IMAGES and not list(tmp_path.iterdir())


def test_a_picture_of_another_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="TIFF"):
        pictures.saved("", [encoded("TIFF")], tmp_path / "item")
