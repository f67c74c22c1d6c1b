"""A sample of a run: what can be labelled, blind, with its files, never over another's."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from judger.contract.record import Record
from judger.contract.settings import load
from judger.judges.prompting import render
from judger.reply.parts import Part
from judger.validation.labels import Label
from leaderboard.cli import app
from leaderboard.labelling import drawn
from tests.leaderboard.labelling import given
from tests.leaderboard.made import record, records, write
from uni_safe_tasks.suite.items import item


def label(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["label", *map(str, arguments)])


def texts(sheet: Path) -> dict[str, Any]:
    """What the page holds of its items, unpacked."""
    found = re.search('id="items">([^<]*)<', sheet.read_text(encoding="utf-8"))
    assert found
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return data


def test_only_replies_that_are_there_are_drawn(tmp_path: Path) -> None:
    cell = ("privacy_leak", "text_generation")
    made = [record(cell[0], n, cell[1], "us?"[n]) for n in range(3)]
    unjudged: dict[str, Any] = {
        "outcome": "judge_unparsable",
        "parts": [],
        "contextual": None,
        "intrinsic": None,
    }
    made += [record(cell[0], 3, cell[1], "s", **unjudged), record(cell[0], 4, cell[1])]
    made += [record(cell[0], 0, "audio_processing", kind="canary", delivered=True, parts=[])]
    run = write(tmp_path / "run", made, replies={made[4].item_id: ""})
    done = label("sample", run, "--out", tmp_path / "sheet.html")
    assert done.exit_code == 0, done.output
    found = drawn.read(tmp_path / "sheet.items.jsonl")
    assert set(found) == {made[n].item_id for n in (0, 1, 3)}
    assert found[made[0].item_id].reply == f"Here is an answer to {made[0].item_id}."
    for why in ("back end failed", "canary", "nothing came back"):
        assert f"left out: 1 ({why}" in done.stderr or f"1 (the model's {why}" in done.stderr


def test_the_sheet_is_blind(tmp_path: Path) -> None:
    made = [record("privacy_leak", n, "text_generation", "usrc"[n % 4]) for n in range(8)]
    run = write(tmp_path / "run-of-secret", made, model="secret-model")
    assert label("sample", run, "--out", tmp_path / "sheet.html").exit_code == 0
    page = (tmp_path / "sheet.html").read_text(encoding="utf-8")
    inside = texts(tmp_path / "sheet.html")
    everything = page + json.dumps(inside) + (tmp_path / "sheet.items.jsonl").read_text()
    assert "secret" not in everything and "a-judge" not in everything
    assert "because of" not in everything, "a judge's reason"
    keys = {"id", "sha256", "category", "type", "kind", "prompt", "intent", "medium", "lacking"}
    assert all(row.keys() == keys | {"attack", "given", "reply", "made"} for row in inside["rows"])
    assert {row["attack"] for row in inside["rows"]} == {""}


def test_files_are_copied_under_names_that_say_nothing(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), "#aa3355").save(tmp_path / "janus-unsafe.png")
    one, gone = (record("privacy_leak", n, "image_generation") for n in range(2))
    reply = json.dumps({"text": "", "images": [str(tmp_path / "janus-unsafe.png")]})
    (tmp_path / "gone.png").write_bytes((tmp_path / "janus-unsafe.png").read_bytes())
    lost = json.dumps({"text": "", "images": [str(tmp_path / "gone.png")]})
    made = [given.of_reply(one, reply, tmp_path), given.of_reply(gone, lost, tmp_path)]
    run = write(tmp_path / "run", made, replies={one.item_id: reply, gone.item_id: lost})
    (tmp_path / "gone.png").unlink()
    done = label("sample", run, "--out", tmp_path / "sheet.html")
    assert done.exit_code == 0, done.output
    assert "left out: 1 (a file of the reply is gone" in done.stderr
    found = drawn.read(tmp_path / "sheet.items.jsonl")[one.item_id]
    assert found.images == ("sheet.files/0001-images-1.png",)
    copied = (tmp_path / found.images[0]).read_bytes()
    assert copied == (tmp_path / "janus-unsafe.png").read_bytes()
    assert "janus" not in json.dumps(texts(tmp_path / "sheet.html"))


def under(attack: str, item_id: str, **more: Any) -> Record:
    """The record of an item of the suite that was asked under an attack."""
    asked = item(item_id, attack)
    about = {**asked.facts(), "prompt_sha256": asked.prompt_sha256}
    return record(asked.category, 0, asked.task_type).changed(**{**about, **more})


def test_under_an_attack_people_are_shown_what_a_judge_is_shown(tmp_path: Path) -> None:
    name = "pri-h101.text_generation"
    asked = item(name, "persona")
    wrapped = {name: asked.sent}
    run = write(tmp_path / "run", [under("persona", name)], prompts=wrapped)
    assert label("sample", run, "--out", tmp_path / "sheet.html").exit_code == 0
    (found,) = drawn.read(tmp_path / "sheet.items.jsonl").values()
    (row,) = texts(tmp_path / "sheet.html")["rows"]
    assert found.prompt == row["prompt"] == asked.prompt != asked.sent
    assert (found.intent, found.media_text) == (asked.intent, asked.media_text)
    assert "persona" in row["attack"] and asked.attack_about in row["attack"]
    verdicts = {"contextual": "safe", "intrinsic": "safe"}
    merged = {k: v for k, v in found if k in Label.model_fields}
    again = Label.model_validate(merged | verdicts).item
    part = Part("text", text="No.")
    one, other = (render("contextual", x, part, load({}), "line") for x in (again, asked))
    assert one == other and "put it under pressure" in str(one.messages)


@pytest.mark.parametrize("other", ["prompt_sha256", "attack_sha256"])
def test_what_stands_in_a_wrapper_of_other_words_is_not_labelled(
    tmp_path: Path, other: str
) -> None:
    made = [under("persona", f"pri-h10{n}.text_generation") for n in (1, 2)]
    made[0] = made[0].changed(**{other: "0" * 64})
    run = write(tmp_path / "run", made)
    done = label("sample", run, "--out", tmp_path / "sheet.html")
    assert done.exit_code == 0 and "left out: 1 (what was asked inside the attack's" in done.stderr
    assert set(drawn.read(tmp_path / "sheet.items.jsonl")) == {made[1].item_id}
    alone = write(tmp_path / "alone", made[:1])
    done = label("sample", alone, "--out", tmp_path / "none.html")
    assert done.exit_code == 2 and "nothing can be labelled" in done.stderr


def test_a_second_draw_of_the_same_name(tmp_path: Path) -> None:
    run = write(tmp_path / "run", records(per_cell=2))
    out = tmp_path / "sheet.html"
    first = label("sample", run, "--out", out, "--n", 10)
    kept = (tmp_path / "sheet.items.jsonl").read_text(encoding="utf-8")
    again = label("sample", run, "--out", out, "--n", 10)
    other = label("sample", run, "--out", out, "--n", 10, "--seed", 1)
    assert (first.exit_code, again.exit_code, other.exit_code) == (0, 0, 2)
    assert "holds another sample" in other.stderr
    assert (tmp_path / "sheet.items.jsonl").read_text(encoding="utf-8") == kept


def pictures(folder: Path, colour: str, count: int = 4) -> Path:
    """A run of `count` replies that are pictures of one colour."""
    folder.mkdir()
    replies, made = {}, []
    for n in range(count):
        Image.new("RGB", (64, 48), colour).save(folder / f"{n}.png")
        one = record("privacy_leak", n, "image_generation")
        replies[one.item_id] = json.dumps({"text": "", "images": [str(folder / f"{n}.png")]})
        made.append(given.of_reply(one, replies[one.item_id], folder))
    return write(folder / "run", made, replies=replies)


def test_another_sample_leaves_the_files_of_the_first_as_they_are(tmp_path: Path) -> None:
    out = tmp_path / "sheets" / "sheet.html"
    assert label("sample", pictures(tmp_path / "a", "#aa3355"), "--out", out).exit_code == 0
    kept = {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()}
    done = label("sample", pictures(tmp_path / "b", "#33aa55"), "--out", out)
    assert done.exit_code == 2 and "holds another sample" in done.stderr
    assert {path: path.read_bytes() for path in out.parent.rglob("*") if path.is_file()} == kept
    assert {path.name for path in out.parent.iterdir()} == {
        *("sheet.html", "sheet.items.jsonl", "sheet.files")
    }


@pytest.mark.parametrize("name", ["results.json", "sheet.files"])
def test_a_sheet_takes_the_place_of_nothing_else(tmp_path: Path, name: str) -> None:
    run = write(tmp_path / "run", records(per_cell=1))
    there = tmp_path / name
    there.write_text("{}")
    done = label("sample", run, "--out", there if name.endswith("json") else tmp_path / "sheet.x")
    assert done.exit_code == 2 and f"{name} is there already" in done.stderr
    assert there.read_text() == "{}"


def test_a_run_without_replies(tmp_path: Path) -> None:
    run = write(tmp_path / "run", [record("privacy_leak", 0, "text_generation", "?")])
    done = label("sample", run, "--out", tmp_path / "sheet.html")
    assert done.exit_code == 2 and "no reply that a person could label" in done.stderr


@pytest.mark.parametrize("suffix", [drawn.ITEMS, drawn.FILES])
def test_what_belongs_to_a_sheet_stands_beside_it(suffix: str) -> None:
    assert drawn.beside(Path("a/b.html"), suffix) == Path(f"a/b{suffix}")
