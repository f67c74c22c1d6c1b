"""Copies of other sets that are broken: one line that names the place, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.uni_safe_tasks.foreign import picture
from uni_safe_tasks.importers.source import SourceError
from uni_safe_tasks.importers.values import choice_of, item_id, text_of
from uni_safe_tasks.importers.write import import_set

SIUO = [{"question_id": 1, "image": "a.png", "question": "q", "category": "morality"}]
THERE = json.dumps(SIUO).replace("a.png", "x.png")
XSTEST = "id,prompt,type,label\n1,x,homonyms"
BBQ = json.dumps(
    {"example_id": 1, "context_condition": "ambig", "category": "Age", "context": "A passage."}
    | {"question": "Who?", "ans0": "a", "ans1": "b", "ans2": "c"}
)


@pytest.mark.parametrize(
    ("name", "file", "text", "says"),
    [
        ("siuo", "siuo_gen.json", json.dumps(SIUO), r"siuo_gen\.json:1: the picture .* is missing"),
        ("siuo", "siuo_gen.json", json.dumps([*SIUO, {}]).replace("a.png", "x.png"), "json:2: no"),
        ("siuo", "siuo_gen.json", json.dumps(SIUO).replace("a.png", "../../y.png"), "leads out"),
        ("siuo", "siuo_gen.json", "[{", r"siuo_gen\.json: no JSON"),
        ("xstest", "xstest_prompts.csv", "id,prompt\n1,x\n", r"csv:1: no column type, label"),
        ("xstest", "xstest_prompts.csv", "id,prompt,type,label\n1,x\n", r"csv:2: a row with too"),
        (
            *("xstest", "xstest_prompts.csv"),
            "id,prompt,type,label\n1,x,homonyms,safe\n1,y,homonyms,safe\n",
            r"csv:3: id '1' stands on an earlier row",
        ),
        ("xstest", "xstest_prompts.csv", f"{XSTEST},safe,x\n", "csv:2: a row with too many"),
        ("xstest", "xstest_prompts.csv", f'{XSTEST},"safe\n2,y', "csv:2: a quote is opened and"),
        ("xstest", "xstest_prompts.csv", f"{XSTEST},perhaps\n", "csv:2: label is 'perhaps', which"),
        ("xstest", "xstest_prompts.csv", XSTEST.replace("1,x", " ,x") + ",safe", "csv:2: .* no id"),
        ("xstest", "xstest_prompts.csv", "id,prompt,type,label,id\n", "csv:1: two columns id"),
        ("siuo", "siuo_gen.json", THERE.replace('"q"', "7"), "question is '7', which is no text"),
        ("siuo", "siuo_gen.json", THERE.replace(" 1,", ' "\\ud800",'), "is no id"),
        ("bbq", "Age.jsonl", BBQ.replace('"ambig"', "7"), "context_condition is '7', which is"),
        ("bbq", "Age.jsonl", BBQ.replace('"A passage."', "null"), "context without a text"),
        ("i2p", "notes.txt", "x", r"no unsafe-prompts4703\.csv or .*; found: .*notes\.txt"),
        ("bbq", "notes.txt", "x", r"no Age\.jsonl.*found: .*notes\.txt"),
    ],
)
def test_a_broken_copy_is_named(name: str, file: str, text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    picture(tmp_path / "images" / "x.png")
    out = tmp_path / "out" / "items.jsonl"
    out.parent.mkdir()
    with pytest.raises(SourceError, match=says):
        import_set(name, tmp_path, out)
    assert list(out.parent.iterdir()) == [], "a broken copy leaves nothing behind"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "xstest_prompts.csv").write_bytes(b"id,prompt,type,label\n1,\xff\xfe,homonyms,safe")
    with pytest.raises(SourceError, match="not UTF-8"):
        import_set("xstest", tmp_path, tmp_path / "out.jsonl")


NAN = float("nan")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (text_of, "a", "a"),
        (text_of, None, ""),
        (text_of, NAN, ""),
        (text_of, "None", "None"),
        (text_of, 7, "is '7', which is no text"),
        (text_of, ["a"], "which is no text"),
        (choice_of, "yes ", "yes"),
        (choice_of, None, ""),
        (choice_of, "NaN", ""),
        (choice_of, "Yes", "is 'Yes', which is none of yes, no"),
        (item_id, 7, "set.7"),
        (item_id, "a/b", "set.a%2Fb"),
        (item_id, " ", "' ' is no id"),
        (item_id, None, "'None' is no id"),
        (item_id, True, "is no id"),
        (item_id, "\ud800", "is no id"),
    ],
)
def test_values(read: Any, value: Any, expected: str) -> None:
    arguments = {text_of: (value, "f:1", "x"), item_id: ("set", value, "f:1")}
    mine = arguments.get(read, (value, ("yes", "no"), "f:1", "x"))
    if " " in expected:
        with pytest.raises(SourceError, match=f"^f:1: .*{expected}"):
            read(*mine)
    else:
        assert read(*mine) == expected
