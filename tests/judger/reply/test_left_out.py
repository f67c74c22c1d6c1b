"""What is left out of a reply: little, listed, never words; what names no file is judged whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judger.reply.objects import leaves, media_object
from judger.reply.read import read_reply
from judger.reply.reply import KEPT_ASIDE, Aside

NO = "I'm sorry, but I can't help with that."
HARM = "first harmword, then the rest of it"

WHOLE = [
    {"text": NO, "images": [], "steps": [HARM, "more"]},
    {"text": NO, "images": [], HARM: 1},
    {"text": NO, "steps": [HARM]},
    {"text": NO, "images": None, "note": HARM},
    {"text": "", "images": [], "answer": HARM},
    {"text": NO, "images": [], "more": {"deep": [{"er": HARM}]}},
    {"refusal": NO, HARM: None},
    {"error": NO, "steps": [HARM]},
    {"text": NO, "images": [], "tokens": ["harm", "word"] * 40},
]


@pytest.mark.parametrize("said", WHOLE)
@pytest.mark.parametrize("as_object", [False, True])
def test_an_object_that_names_no_file_is_judged_whole(
    said: dict[str, Any], as_object: bool
) -> None:
    raw = json.dumps(said, ensure_ascii=False)
    reply = read_reply(said if as_object else raw)
    assert (reply.text, reply.fault, reply.aside) == (raw, None, ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('{"text": "No.", "steps": ["\\u0068armword"]}', '{"text": "No.", "steps": ["harmword"]}'),
        ('["\\u0068armword", 1]', '["harmword", 1]'),
        ('{"a": "\\ud83d"}', '{"a": "\ufffd"}'),
        ('{"\\u0061": 1, "a": 2}', '{"\\u0061": 1, "a": 2}'),  # no JSON: a key comes twice
    ],
)
def test_escapes_hide_nothing(raw: str, text: str) -> None:
    assert read_reply(raw).text == text


BESIDE = [
    ({"seed": 7}, True),
    ({"seed": 7, "model": "janus 1b", "ok": True, "size": [8, 8], "none": None}, True),
    ({"boxes": [[0.5] * 4] * 99}, True),
    ({"boxes": [[0.5] * 4] * 999}, False),
    ({"note": HARM}, False),
    ({HARM: 1}, False),
    ({"first_harmword_then_the_rest_of_it": 1}, False),
    ({"a": "harmword and", "b": "then the", "c": "rest of"}, True),  # little, and listed
    ({f"k{n}": "one two three" for n in range(20)}, False),
    ({f"harm{n}": n for n in range(60)}, False),
    ({"note": "größer"}, False),
    ({"note": ""}, True),
    ({"error": "CUDA"}, False),
    ({"error": None}, True),
    ({"mask": "b.png"}, False),
    ({"b.png": 1}, False),
    ({"said": "[GENERATION_FAILED] x"}, False),
]


@pytest.mark.parametrize(("beside", "left"), BESIDE)
@pytest.mark.parametrize("within", [False, True], ids=["beside the files", "in a file's entry"])
def test_beside_files_little_is_left_out_and_all_of_it_is_listed(
    beside: dict[str, Any], left: bool, within: bool, made: Path
) -> None:
    if within:
        reply = read_reply({"text": "Here.", "images": [{"path": "a.png", **beside}]})
    else:
        reply = read_reply({"text": "Here.", "images": ["a.png"], **beside})
    assert (reply.fault is None) is left, reply.note
    if left:
        (aside,) = reply.aside
        assert (aside.what, reply.text) == ("fields", "Here.")
        assert all(json.dumps(key)[1:-1] in aside.text for key in beside)


def test_what_was_cut_is_listed_in_order(made: Path) -> None:
    echo = "Generated image for prompt: Draw a boat."
    said = {"text": f"<think>Hm.</think>{echo}", "images": ["a.png"], "seed": 7}
    reply = read_reply([json.dumps(said), "another attempt"], prompt="Draw a boat.")
    assert [aside.what for aside in reply.aside] == ["attempts", "fields", "thoughts"]
    plain = read_reply(json.dumps({**said, "text": echo}), prompt="Draw a boat.")
    assert [(a.what, a.length) for a in plain.aside] == [("fields", 13), ("echo", len(echo))]


def test_thoughts_are_counted_whole_and_kept_in_part() -> None:
    thoughts = "harmword " * 1000
    (aside,) = read_reply(f"<think>{thoughts}</think>{NO}").aside
    assert aside == Aside("thoughts", len(thoughts), thoughts[:KEPT_ASIDE])


HALVES = [
    ("\ud83d", "\ufffd", 1),
    ("a\ud83d b\ude00", "a\ufffd b\ufffd", 2),
    ("\ud83d\ude00", "\U0001f600", 0),
    ("\ude00\ud83d", "\ufffd\ufffd", 2),
    ("plain \U0001f600", "plain \U0001f600", 0),
    (json.dumps({"text": "\ud83d", "images": []}), "\ufffd", 1),
    ({"text": "x\ud83d", "images": []}, "x\ufffd", 1),
]


@pytest.mark.parametrize(("raw", "text", "halves"), HALVES)
def test_what_no_file_can_hold_is_replaced_and_counted(raw: Any, text: str, halves: int) -> None:
    reply = read_reply(raw)
    assert reply.text == text
    assert [(a.what, a.length) for a in reply.aside] == [("characters", halves)][: bool(halves)]
    json.dumps(reply.to_json(), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "name", ["a.png", "./a.png", ".\\a.png", "{0}/a.png", "{0}\\a.png", "t2i\\..\\a.png"]
)
def test_a_path_may_be_one_of_windows(name: str, made: Path) -> None:
    name = name.replace("{0}", str(made))
    for raw in (name, {"text": "", "images": [name]}, {"images": [{"path": name}]}):
        reply = read_reply(raw)
        assert [path.name for path in reply.images] == ["a.png"], reply.note
    assert read_reply(f"I can't.\nC:\\out\\a.png\n{'x' * 9}").fault is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a", [("a", True)]),
        (["a"], [("a", True)]),
        ({"x": "a"}, [("a", False), ("x", False)]),
        ({"image": "a"}, [("a", True), ("image", False)]),
        ({"image": {"x": "a"}}, [("a", True), ("image", False), ("x", True)]),
        ({"x": {"y": "a"}}, [("a", False), ("x", False), ("y", False)]),
        ([{"x": "a"}, 7, None], [("a", False), ("x", False)]),
    ],
)
def test_which_strings_stand_where_a_medium_would(
    value: Any, found: list[tuple[str, bool]]
) -> None:
    assert sorted(leaves(value)) == found


@pytest.mark.parametrize(
    ("loaded", "is_one"),
    [
        ({"text": "a"}, False),
        ({"images": []}, True),
        ({"text": "a", "images": [], "x": 1}, False),
        ({"text": "a", "images": ["p"], "x": 1}, True),
        ({"text": "a", "image": "p", "x": 1}, False),  # no list, and no name of a file
        ({"text": "a", "image": "p.png", "x": 1}, True),
        ({"images": ["p"], "x": 1}, False),
        ({"images": ["p.png"], "x": 1}, True),
    ],
)
def test_which_objects_hand_over_media(loaded: dict[str, Any], is_one: bool) -> None:
    assert (media_object(json.dumps(loaded)) == loaded) is is_one
    assert media_object(f"[{json.dumps(loaded)}]") is None


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ('{"text": ""}', "no_output"),
        ('{"text": null}', "no_output"),
        ('{"text": " \\n\\u200b"}', "no_output"),
        ('{"text": "No."}', None),
        ('{"text": 0}', None),
        ('{"text": []}', None),
        ('{"answer": ""}', None),
    ],
)
def test_an_object_that_holds_an_empty_text_says_nothing(raw: str, fault: str | None) -> None:
    assert read_reply(raw).fault == fault
