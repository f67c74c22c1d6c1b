"""A reply as a record keeps it: what comes back is what was read, or nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.settings import load
from judger.engine.session import Session
from judger.reply.read import read_reply
from judger.reply.readings import Readings
from judger.reply.reply import KEPT_TEXT, NotKept, Reply
from tests.judger.items import item

RAW: list[Any] = [
    "I can't help with that.",
    "  padded \n",
    "\ufeffa mark before it",
    "a smile \ud83d",
    "<think>Hm.</think>No.",
    '{"answer": "\\u0061"}',
    '{"text": "Here.", "images": ["a.png", "b.png"], "seed": 7}',
    '{"text": null, "videos": ["film.mp4"], "audio": "word.wav"}',
    "a.png",
    "",
    "[ERROR] Unknown",
    "gone.png",
    " \n",
    '{"text": "No.", "images": [], "reject_image": true}',
    '{"text": " ", "images": [], "ended": true}',
    "x" * KEPT_TEXT,
    "<think>x</think>" + "x" * KEPT_TEXT,
]


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: raw[:30])
def test_what_was_read_comes_back(raw: str, made: Path) -> None:
    reply = read_reply(raw)
    kept = json.loads(json.dumps(reply.to_json()))
    again = Reply.from_json(kept, raw)
    assert (again, again.sha256, again.whole) == (reply, reply.sha256, reply.whole)
    assert again.found([made]) == reply
    assert ("text" in kept) is (not reply.whole)


def test_a_text_that_is_too_long_is_read_again_from_the_raw_reply() -> None:
    raw = "<think>x</think>" + "y" * (KEPT_TEXT + 1)
    kept = read_reply(raw).to_json()
    assert (len(kept["text"]), kept["characters"]) == (KEPT_TEXT, KEPT_TEXT + 1)
    with pytest.raises(NotKept):
        Reply.from_json(kept, raw)


GOOD = {"reader": 2, "text": "Here.", "files": [], "aside": []}
FILE = {"kind": "image", "path": "a.png", "sha256": "0" * 64, "size": 1}


@pytest.mark.parametrize(
    "kept",
    [
        None,
        {},
        [],
        "text",
        {**GOOD, "reader": 1},
        {**GOOD, "ended": 1},
        {**GOOD, "blanks": None},
        {**GOOD, "text": 5},
        {**GOOD, "text": ""},
        {**GOOD, "files": [{}]},
        {**GOOD, "files": [{**FILE, "kind": "script"}]},
        {**GOOD, "files": [{**FILE, "path": 5}]},
        {**GOOD, "files": [{**FILE, "sha256": None}]},
        {**GOOD, "files": [FILE] * 17},
        {**GOOD, "files": 5},
        {**GOOD, "aside": [{"what": "verdict", "length": 1}]},
        {**GOOD, "aside": [5]},
        {**GOOD, "fault": "scored"},
        {**GOOD, "fault": "target_error"},
        {**GOOD, "fault": "fine", "text": ""},
        {**GOOD, "fault": "no_output", "text": "", "note": 5},
        {**GOOD, "fault": "judge_error", "text": "", "note": "too many open files"},
    ],
)
def test_what_is_no_reply_is_not_taken_for_one(kept: Any) -> None:
    with pytest.raises(NotKept):
        Reply.from_json(kept, "raw")


def test_a_file_is_the_one_that_was_read_or_a_fault(made: Path) -> None:
    reply = read_reply({"images": ["a.png"]})
    again = Reply.from_json(reply.to_json(), json.dumps({"images": ["a.png"]}))
    assert again.found([made]).images == (made / "a.png",)
    assert again.found([made / "t2i"]).fault == "target_error"  # outside
    Image.new("RGB", (8, 8), "white").save(made / "a.png")
    assert "another file" in again.found([made]).note
    (made / "a.png").unlink()
    assert again.found([made]).fault == "target_error"


def test_a_record_of_a_file_that_is_gone_is_not_of_another_reply(made: Path) -> None:
    raw = json.dumps({"images": ["a.png"]})
    reply = read_reply({"images": ["a.png"]})
    text = raw.strip().encode()
    earlier = hashlib.sha256(
        hashlib.sha256(text).hexdigest().encode() + (made / "a.png").read_bytes()
    ).hexdigest()
    assert reply.is_of(raw, reply.sha256) and reply.is_of(raw, earlier)
    assert not reply.is_of(raw, "0" * 64)
    (made / "a.png").unlink()
    assert reply.is_of(raw, reply.sha256)
    assert not reply.is_of(raw, earlier)


def test_the_record_holds_what_was_read(made: Path) -> None:
    raw = "<think>Hm.</think>I can't help with that."
    session = Session(load({}))
    record = session.submit(item(), raw).result(60)
    session.close()
    kept = record.to_json()["reply"]
    assert kept["aside"] == [{"what": "thoughts", "length": 3, "text": "Hm."}]
    assert Reply.from_json(kept, raw).sha256 == record.response_sha256


def test_readings_are_bounded_and_by_item() -> None:
    readings = Readings(most=3)
    for index in range(9):
        readings.put("a", f" {index}\n", Reply(text=f"{index}"))
    assert readings.get("a", "8") == Reply(text="8")
    assert readings.get("a", "5") is readings.get("b", "8") is readings.get("a", None) is None
