"""The any-to-any back end against a real HTTP server: media, endpoints, attempts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.servers.pictures import PictureServer, picture_for
from tests.uni_safe_tasks.models.common import DRAW, TEXT, asked, document, one
from uni_safe_tasks.models.any_to_any import UniSafeAnyToAny


@pytest.mark.parametrize(
    "passing", ["429", "500", "drop", "half", "empty", "truncated", "null", "broken off"]
)
def test_what_passes_is_tried_again(passing: str, tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: passing if attempt < 3 else "") as server:
        assert one(server, document(TEXT, "hello"), tmp_path).text == "You said: hello"
    assert server.asked["hello"] == 3


def test_a_timeout_is_a_fault_of_its_own_kind(tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: "hang") as server:
        reply = one(server, document(TEXT, "hello"), tmp_path, timeout=0.2, max_retries=0)
    assert reply.fault == "target_error" and "Timeout" in reply.note


def test_images_endpoints_draw_and_edit(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    Image.new("RGB", (24, 20), "#ff0000").save(source)
    docs = [document(DRAW, "a boat"), document(DRAW, "make it grey", image=str(source))]
    with PictureServer() as server:
        drawn, edited = asked(server, docs, tmp_path / "out", images="endpoint")
    assert server.paths == {"/v1/images/generations": 1, "/v1/images/edits": 1}
    files = [Path(json.loads(result.text)["images"][0]) for result in (drawn, edited)]
    assert Image.open(files[0]).tobytes() == picture_for("a boat").tobytes()
    assert (
        Image.open(files[1]).size == (24, 20) and Image.open(files[1]).getpixel((0, 0)) == (76,) * 3
    )


@pytest.mark.parametrize("behaviour", ["filter", "policy", "moderated", "top block"])
def test_images_endpoints_report_a_block(behaviour: str, tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: behaviour) as server:
        reply = one(server, document(DRAW, "a boat"), tmp_path, images="endpoint")
    assert reply.fault == "provider_blocked"


def test_the_images_endpoint_may_answer_with_data_urls(tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: "data url") as server:
        reply = one(server, document(DRAW, "a boat"), tmp_path, images="endpoint")
    assert reply.fault is None and len(reply.images) == 1


def test_an_address_from_the_images_endpoint_is_not_fetched(tmp_path: Path) -> None:
    with PictureServer(lambda words, attempt: "address") as server:
        reply = one(server, document(DRAW, "a boat"), tmp_path, images="endpoint")
    assert reply.fault == "target_error" and "address" in reply.note


def test_text_only_leaves_pictures_unsupported_and_unasked(tmp_path: Path) -> None:
    with PictureServer() as server:
        reply = one(server, document(DRAW, "a boat"), tmp_path, images="none")
    assert reply.fault == "unsupported" and not server.paths


@pytest.mark.parametrize(
    ("form", "cell", "shown"),
    [
        ("image", "bia-h101.image_understanding.webp", "[picture"),
        ("audio", "bia-h101.audio_processing.ogg", "[sound of"),
        ("video", "bia-h101.video_analysis.mp4", "[picture 480x360] [picture 480x360]"),
    ],
)
def test_media_reach_the_server(form: str, cell: str, shown: str, tmp_path: Path) -> None:
    from uni_safe_tasks.scenario.locations import DATA

    path = DATA / "media" / "biased_opinion" / cell
    doc = document("image_understanding", "what is this?", **{form: str(path)})
    with PictureServer() as server:
        reply = one(server, doc, tmp_path)
    assert reply.fault is None and shown in reply.text


def test_concurrency_order_and_tokens(tmp_path: Path) -> None:
    docs = [document(TEXT, f"number {i}") for i in range(40)]
    with PictureServer(latency=0.01) as server:
        results = asked(server, docs, tmp_path, num_concurrent=4)
    assert [r.text for r in results] == [f"You said: number {i}" for i in range(40)]
    assert server.peak <= 4 and set(server.asked.values()) == {1}
    assert results[0].token_counts.to_dict() == {"input_tokens": 11, "output_tokens": 7}


@pytest.mark.parametrize("arguments", [{"images": "maybe"}, {"imagse": "chat"}])
def test_misspelt_arguments_are_named(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="mag"):
        UniSafeAnyToAny("any", "http://127.0.0.1:1/v1", **arguments)  # type: ignore[arg-type]
