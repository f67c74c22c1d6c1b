"""What a report shows of single items: texts, pictures, disagreements."""

import json
from dataclasses import replace

import pytest
from PIL import Image

from judger.contract.outcomes import AXES
from judger.reply.read import read_reply
from leaderboard.report.disagreement import disagreements, split
from leaderboard.report.samples import MAX_REPLY, request_roots, rows
from leaderboard.report.thumbs import Thumbs
from leaderboard.runs.read import load_run
from leaderboard.text.words import visible
from tests.leaderboard.made import record, write
from uni_safe_tasks.scenario.locations import DATA, data_version

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
def test_nothing_stays_hidden(text, shown) -> None:
    assert visible(text, 5 if text.isdigit() else 100) == shown


def test_texts_are_bounded(tmp_path) -> None:
    one = record("privacy_leak", 1, "text_generation")
    name = one.item_id
    write(tmp_path, [one], replies={name: "x" * 50_000}, prompts={name: "y" * 50_000})
    row = rows(load_run(tmp_path), None)[0]
    assert len(row["reply"]) < MAX_REPLY + 100
    assert len(json.dumps(row)) < 10_000


def picture(path, colour="#336699", size=(1200, 800)):
    Image.new("RGB", size, colour).save(path)
    return str(path)


def test_thumbnails_are_small_and_bounded(tmp_path) -> None:
    thumbs = Thumbs([tmp_path], budget=5000)
    first = thumbs.of(picture(tmp_path / "a.png"), 256)
    assert first.source.startswith("data:image/jpeg;base64,") and len(first.source) < 20_000
    while not thumbs.skipped:
        last = thumbs.of(picture(tmp_path / f"{thumbs.left}.png"), 256)
    assert last.source == "" and "too large" in last.label
    assert thumbs.of(str(tmp_path / "a.png"), 256) is first  # made once


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/passwd.png", "outside the allowed folders"),
        ("../outside.png", "outside the allowed folders"),
        ("link.png", "outside the allowed folders"),
        ("https://example.org/a.png", "not a file path"),
        ("data:image/png;base64,AAAA", "not a file path"),
        ("missing.png", "missing file"),
        ("broken.png", "no picture of a form that is opened"),
        ("empty.png", "file of 0 bytes"),
        ("broken.mp4", "no film of a form that is opened"),
        ("sound.wav", "a recording"),
    ],
)
def test_what_cannot_be_shown_is_said(tmp_path, monkeypatch, name, said) -> None:
    inside = tmp_path / "run"
    inside.mkdir()
    monkeypatch.chdir(inside)
    picture(tmp_path / "outside.png")
    (inside / "link.png").symlink_to(tmp_path / "outside.png")
    for broken in ("broken.png", "broken.mp4", "sound.wav"):
        (inside / broken).write_bytes(b"no picture at all")
    (inside / "empty.png").touch()
    thumb = Thumbs([inside]).of(name, 64)
    assert thumb.source == ""
    assert said in thumb.label and str(tmp_path) not in thumb.label


def test_a_film_shows_one_frame() -> None:
    film = next((DATA / "media").glob("*/*.mp4"))
    thumb = Thumbs([DATA]).of(str(film), 64)
    assert thumb.source.startswith("data:image/jpeg") and thumb.label.startswith("a film: ")


def replied(tmp_path, **more):
    """The row of an item whose reply is one picture, as a back end hands it over."""
    path = picture(tmp_path / "made.png")
    one = record(*CELL, **more)
    reply = json.dumps({"text": "Here.", "images": [path]})
    run = load_run(write(tmp_path / "run", [one], replies={one.item_id: reply}))
    return rows(run, Thumbs(request_roots(run)))[0]


def test_pictures_of_replies_are_shown_with_their_words(tmp_path) -> None:
    row = replied(tmp_path)
    assert row["reply"] == "Here."
    assert [thumb["label"] for thumb in row["made"]] == ["made.png"]
    assert row["made"][0]["source"]


def test_a_picture_that_is_not_the_one_that_was_judged_is_marked(tmp_path) -> None:
    assert "another checksum" in replied(tmp_path, response_sha256="0" * 64)["note"]


def test_the_picture_of_a_folder_is_the_items_own(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "uni_safe_t2i"
    folder.mkdir()
    picture(folder / "0000_s0.png", "red")
    picture(folder / "0001_s0.png", "blue")
    reply = read_reply(str(folder), row=1)
    one = record(*CELL, reply=reply.to_json(), response_sha256=reply.sha256)
    run = load_run(write(tmp_path / "run", [one], replies={one.item_id: str(folder)}))
    (row,) = rows(run, Thumbs(request_roots(run)))
    assert [thumb["label"] for thumb in row["made"]] == ["0001_s0.png"] and row["note"] == ""
    old = record(*CELL, response_sha256=reply.sha256)  # an earlier suite's: no row, no hash
    run = load_run(write(tmp_path / "old", [old], replies={old.item_id: str(folder)}))
    (row,) = rows(run, Thumbs(request_roots(run)))
    assert row["made"] == [] and "another checksum" in row["note"]
    picture(folder / "0001_s0.png", "green")
    run = load_run(tmp_path / "run")
    assert "another checksum" in rows(run, Thumbs(request_roots(run)))[0]["note"]


def test_what_was_left_out_of_a_reply_is_shown(tmp_path) -> None:
    raw = "<think>She lives at 12 Elm Road.</think>I can't help with that."
    one = record("privacy_leak", 1, "text_generation", reply=read_reply(raw).to_json())
    (row,) = rows(load_run(write(tmp_path, [one], replies={one.item_id: raw})), None)
    assert row["reply"] == "I can't help with that."
    assert row["aside"] == [{"what": "thoughts", "length": 25, "text": "She lives at 12 Elm Road."}]
    whole = '{"text": "No.", "steps": ["harmword"]}'
    one = record("privacy_leak", 1, "text_generation", reply=read_reply(whole).to_json())
    (row,) = rows(load_run(write(tmp_path / "w", [one], replies={one.item_id: whole})), None)
    assert row["reply"] == whole


def test_the_suites_own_items_come_with_intent_and_media(tmp_path) -> None:
    one = record("privacy_leak", 1, "image_understanding", data_version=data_version())
    one = one.changed(**{"item_id": "pri-h101.image_understanding", "scenario": "pri-h101"})
    run = load_run(write(tmp_path, [one]))
    row = rows(run, Thumbs(request_roots(run)))[0]
    assert row["intent"] and row["medium"].startswith("a picture. ")
    assert row["given"][0]["source"]


def vote(judge, axis, verdict, refusal=True):
    outcome = "scored" if verdict else "judge_error"
    return {
        "judge": judge,
        "axis": axis,
        "outcome": outcome,
        "verdict": verdict,
        "reason": "so",
        "refusal": refusal,
    }


def voted(*votes):
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
def test_when_judges_differ(votes, differ) -> None:
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
