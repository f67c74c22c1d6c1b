"""What a report shows of single items: texts, pictures, disagreements."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from judger.contract.outcomes import AXES, Axis, Outcome
from judger.contract.record import Record, Vote
from judger.reply.read import read_reply
from leaderboard.report.disagreement import disagreements, split
from leaderboard.report.items.rows import FORMS, MAX_REPLY, Row, illustrate, request_roots, rows
from leaderboard.report.items.thumbs import Thumbs
from leaderboard.runs.read import Run, load_run
from leaderboard.text.words import visible
from tests.leaderboard.made import record, write
from tests.leaderboard.report.items.test_thumbs import picture
from uni_safe_tasks.scenario.locations import data_version

CELL = ("privacy_leak", 1, "image_generation")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ntext\twith é, 中 and 🙂", "plain\ntext\twith é, 中 and 🙂"),
        ("abc\u202edcb", "abc⟦U+202E⟧dcb"),
        ("\u2066x\u2069", "⟦U+2066⟧x⟦U+2069⟧"),
        ("a\x00b\x1b[31m", "a⟦U+0000⟧b⟦U+001B⟧[31m"),
        ("safe\U000e0041", "safe⟦U+E0041⟧"),
        ("\ud83d", "⟦U+D83D⟧"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("123456789", "12345\n⟦4 more characters in the samples file⟧"),
    ],
)
def test_nothing_stays_hidden(text: str, shown: str) -> None:
    assert visible(text, 5 if text.isdigit() else 100) == shown


def test_texts_are_bounded(tmp_path: Path) -> None:
    one = record("privacy_leak", 1, "text_generation")
    name = one.item_id
    write(tmp_path, [one], replies={name: "x" * 50_000}, prompts={name: "y" * 50_000})
    row = browsed(load_run(tmp_path))[0]
    assert len(row["reply"]) < MAX_REPLY + 100
    assert len(json.dumps(row)) < 10_000


def browsed(run: Run, media: bool = False) -> list[Row]:
    """The rows as the browser gets them."""
    shown = rows(run)
    return illustrate(shown, Thumbs(request_roots(run))) if media else [x.row for x in shown]


def replied(tmp_path: Path, **more: Any) -> Row:
    """The row of an item whose reply is one picture, as a back end hands it over."""
    path = picture(tmp_path / "made.png")
    one = record(*CELL, **more)
    reply = json.dumps({"text": "Here.", "images": [path]})
    run = load_run(write(tmp_path / "run", [one], replies={one.item_id: reply}))
    return browsed(run, True)[0]


def test_pictures_of_replies_are_shown_with_their_words(tmp_path: Path) -> None:
    row = replied(tmp_path)
    assert row["reply"] == "Here."
    assert row["made"] == [[0, "made.png"]]


def test_a_picture_that_is_not_the_one_that_was_judged_is_marked(tmp_path: Path) -> None:
    assert "another checksum" in replied(tmp_path, response_sha256="0" * 64)["note"]


def test_the_picture_of_a_folder_is_the_items_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "uni_safe_t2i"
    folder.mkdir()
    picture(folder / "0000_s0.png", "red")
    picture(folder / "0001_s0.png", "blue")
    reply = read_reply(str(folder), row=1)
    one = record(*CELL, reply=reply.to_json(), response_sha256=reply.sha256)
    run = load_run(write(tmp_path / "run", [one], replies={one.item_id: str(folder)}))
    (row,) = browsed(run, True)
    assert row["made"] == [[0, "0001_s0.png"]] and row["note"] == ""
    old = record(*CELL, response_sha256=reply.sha256)  # an earlier suite's: no row, no hash
    run = load_run(write(tmp_path / "old", [old], replies={old.item_id: str(folder)}))
    (row,) = browsed(run, True)
    assert row["made"] == [] and "another checksum" in row["note"]
    picture(folder / "0001_s0.png", "green")
    run = load_run(tmp_path / "run")
    assert "another checksum" in browsed(run)[0]["note"]


def test_what_was_left_out_of_a_reply_is_shown(tmp_path: Path) -> None:
    raw = "<think>She lives at 12 Elm Road.</think>I can't help with that."
    one = record("privacy_leak", 1, "text_generation", reply=read_reply(raw).to_json())
    (row,) = browsed(load_run(write(tmp_path, [one], replies={one.item_id: raw})))
    assert row["reply"] == "I can't help with that."
    assert row["aside"] == [{"what": "thoughts", "length": 25, "text": "She lives at 12 Elm Road."}]
    whole = '{"text": "No.", "steps": ["harmword"]}'
    one = record("privacy_leak", 1, "text_generation", reply=read_reply(whole).to_json())
    (row,) = browsed(load_run(write(tmp_path / "w", [one], replies={one.item_id: whole})))
    assert row["reply"] == whole


def test_the_suites_own_items_come_with_intent_and_media(tmp_path: Path) -> None:
    one = record("privacy_leak", 1, "image_understanding", data_version=data_version())
    one = one.changed(**{"item_id": "pri-h101.image_understanding", "scenario": "pri-h101"})
    run = load_run(write(tmp_path, [one]))
    row = browsed(run, True)[0]
    assert row["intent"] and row["medium"].startswith("a picture. ")
    assert row["given"][0][0] == 0


def vote(judge: str, axis: Axis, verdict: Any, refusal: bool = True) -> Vote:
    outcome: Outcome = "scored" if verdict else "judge_error"
    return {
        "judge": judge,
        "axis": axis,
        "outcome": outcome,
        "verdict": verdict,
        "reason": "so",
        "refusal": refusal,
    }


def voted(*votes: Vote) -> Record:
    one = record(*CELL)
    one = one.changed(parts=(replace(one.parts[0], judges=tuple(votes)),))
    return one


@pytest.mark.parametrize(
    ("votes", "differ"),
    [
        ([vote("a", "contextual", "safe"), vote("b", "contextual", "safe")], False),
        ([vote("a", "contextual", "safe"), vote("b", "contextual", "unsafe")], True),
        ([vote("a", "contextual", "safe"), vote("b", "contextual", "refusal")], True),
        ([vote("a", "contextual", "safe", False), vote("b", "contextual", "refusal")], False),
        ([vote("a", "contextual", "unsafe", False), vote("b", "contextual", "refusal")], True),
        ([vote("a", "contextual", "safe"), vote("b", "intrinsic", "unsafe")], False),
        ([vote("a", "contextual", "unsafe"), vote("b", "contextual", None)], False),
        ([], False),
    ],
)
def test_when_judges_differ(votes: list[Vote], differ: bool) -> None:
    assert any(split(voted(*votes), axis) for axis in AXES) is differ


def test_disagreements_are_counted_by_item_and_by_pair() -> None:
    records = [
        voted(*(vote(j, "contextual", v) for j, v in zip("abc", verdicts, strict=True)))
        for verdicts in (
            ("safe", "safe", "safe"),
            ("safe", "safe", "unsafe"),
            ("unsafe", "safe", None),
        )
    ]
    made = disagreements([*records, record(*CELL)])
    assert (made.items["contextual"].k, made.items["contextual"].n) == (2, 3)
    assert made.items["intrinsic"].n == 0
    assert {pair[1:]: (r.k, r.n) for pair, r in made.pairs.items()} == {
        ("a", "b"): (2, 3),
        ("a", "c"): (1, 2),
        ("b", "c"): (1, 2),
    }
    assert made.several
    assert not disagreements([record(*CELL)]).several


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        ({"words": 40, "repetition": 0.6, "echo": 0.1, "unfinished": 1.0}, [0, 2]),
        ({"words": 12, "repetition": 0.6, "echo": 0.9, "unfinished": 0.0}, [1]),
        ({"words": 12, "repetition": 0.0, "echo": 0.0, "unfinished": 0.0}, []),
        ({}, []),
    ],
)
def test_what_is_odd_about_a_reply_as_such(
    tmp_path: Path, traits: dict[str, float], said: list[int]
) -> None:
    one = record("privacy_leak", 1, "text_generation", traits=traits)
    (row,) = browsed(load_run(write(tmp_path, [one])))
    assert row["form"] == [FORMS[place] for place in said]
    assert row["words"] == traits.get("words")


COLOURS = ("red", "blue", "green", "grey")


def test_what_a_reader_looks_for_first_comes_first_in_the_budget(tmp_path: Path) -> None:
    made = []
    for number, letter in enumerate("sru?"):
        one = record("privacy_leak", number, "image_generation", letter)
        made.append(
            (one, picture(tmp_path / f"{number}.png", ("red", "blue", "green", "grey")[number]))
        )
    replies = {one.item_id: json.dumps({"text": "", "images": [path]}) for one, path in made}
    run = load_run(write(tmp_path / "run", [one for one, _ in made], replies=replies))
    alone = Thumbs([tmp_path])
    alone.of(made[0][1], 128)
    found = illustrate(rows(run), Thumbs(request_roots(run), budget=len(alone.pictures[0]) + 40))
    places = {row["outcome"] + str(row["contextual"]): row["made"][0][0] for row in found}
    assert places["scoredunsafe"] == 0 and places["target_errorNone"] == 1
    assert places["scoredsafe"] is None and places["scoredrefusal"] is None
