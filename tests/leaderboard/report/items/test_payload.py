"""What a page holds of its items: all texts, and pictures as far as they fit."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from leaderboard.report.items import payload as module
from leaderboard.report.items.payload import LISTED, part, payload
from leaderboard.report.items.rows import request_roots, rows
from leaderboard.runs.read import Run, load_run
from tests.leaderboard.made import record, write


def unpacked(text: object) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(str(text))))


def back(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Rows, of columns."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three items, of which two drew a picture."""
    made = [record("privacy_leak", number, "image_generation") for number in range(3)]
    replies = {}
    for one, colour in zip(made[1:], ("red", "blue"), strict=True):
        path = tmp_path / f"{colour}.png"
        Image.new("RGB", (300, 200), colour).save(path)
        replies[one.item_id] = json.dumps({"text": "", "images": [str(path)]})
    return load_run(write(tmp_path / "run", made, replies=replies))


def test_rows_come_back_from_columns_with_their_pictures(run: Run) -> None:
    shown = rows(run)
    texts = [dict(one.row) for one in shown]
    found = payload(shown, request_roots(run), media=True)
    lines, rest = (back(unpacked(packed)) for packed in (found.samples, found.texts))
    assert [one | other for one, other in zip(lines, rest, strict=True)] == texts
    assert all(set(line) <= LISTED for line in lines)
    assert not any(set(other) & LISTED for other in rest)
    assert unpacked(found.media) == {
        "given": [[], [], []],
        "made": [[[]], [[[0, "red.png"]]], [[[1, "blue.png"]]]],
    }
    assert len(json.loads(str(found.pictures))) == 2 and found.skipped == 0


def test_long_texts_leave_less_room_for_pictures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST", 1)
    monkeypatch.setattr(module, "WHOLE", module.FRAME)
    found = payload(rows(run), request_roots(run), media=True)
    assert len(json.loads(str(found.pictures))) == 1 and found.skipped == 1


@pytest.mark.parametrize("media", [True, False])
def test_an_empty_run_and_one_without_media_are_payloads_too(run: Run, media: bool) -> None:
    empty = payload([], request_roots(run), media)
    assert unpacked(empty.samples) == unpacked(empty.texts) == {}
    bare = payload(rows(run), request_roots(run), media=False)
    assert unpacked(bare.media) == {} and str(bare.pictures) == "[]"


@pytest.mark.parametrize(
    ("row", "line", "rest"),
    [
        ({"id": "a", "reply": "b"}, {"id": "a"}, {"reply": "b"}),
        (
            {"id": "a", "sides": [{"outcome": "scored", "reply": "b"}, None]},
            {"id": "a", "sides": [{"outcome": "scored"}, None]},
            {"sides": [{"reply": "b"}, None]},
        ),
    ],
    ids=["one run", "two runs"],
)
def test_a_line_is_apart_from_its_texts(row: Any, line: Any, rest: Any) -> None:
    assert (part(row, True), part(row, False)) == (line, rest)
