"""From a run to a judge's calibration: draw, label, merge, and measure the judge on the result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from judger.rates.calibration import load
from judger.validation import labels
from leaderboard.cli import app
from leaderboard.labelling import drawn
from tests.leaderboard.labelling import given
from tests.leaderboard.made import record, write


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_merged_labels_measure_a_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "rules")
    monkeypatch.setenv("UNI_JUDGER_CACHE", "")
    made = [record("privacy_leak", n, "text_generation", "s") for n in range(6)]
    made += [record("privacy_leak", 0, "text_generation", kind="benign")]
    made += [record("privacy_leak", 9, "image_generation")]
    Image.effect_noise((96, 96), 90).convert("RGB").save(tmp_path / "out.png")
    replies = {one.item_id: "I'm sorry, but I can't help with that." for one in made[:3]}
    replies[made[3].item_id] = json.dumps({"answer": 7})  # a text that looks like an object
    replies[made[7].item_id] = json.dumps({"text": "Here.", "images": [str(tmp_path / "out.png")]})
    made[7] = given.of_reply(made[7], replies[made[7].item_id], tmp_path)
    folder = write(tmp_path / "run", made, replies=replies)
    run("label", "sample", folder, "--n", 200, "--out", "sheet.html")
    items = drawn.read(tmp_path / "sheet.items.jsonl")
    assert len(items) == 8
    refused = {one.item_id for one in made[:3]}
    for by in ("Ann", "Ben"):
        said = []
        for item in items.values():
            letter = "r" if item.id in refused else "h" if item.kind == "benign" else "s"
            one = given.line("i0", letter, by, item_id=item.id, reply_sha256=item.reply_sha256)
            said.append(one)
        given.write(tmp_path / f"{by}.jsonl", said)
    third = ("--disagreements", "third.html")
    run("label", "merge", "Ann.jsonl", "Ben.jsonl", "--out", "merged.jsonl", *third)
    run("validate-judge", "merged.jsonl", "--out", "judge.json")
    found = load(tmp_path / "judge.json")
    assert (found.labels, found.not_by_people) == (8, 0)
    table = found.agreement["all"]["contextual"]
    # The rules cannot see a picture; the seven texts were put to them as they were judged.
    assert (table.n, dict(found.unscored)) == (7, {"unsupported": 1})
    assert table.confusion["refusal"]["refusal"] == 3
    again = {one.id: labels.reply_of(one, tmp_path) for one in labels.read(Path("merged.jsonl"))}
    assert {name: one.text for name, one in again.items()} == {
        item.id: item.reply for item in items.values()
    }
    (picture,) = again[made[7].item_id].images
    assert picture.read_bytes() == (tmp_path / "out.png").read_bytes()
