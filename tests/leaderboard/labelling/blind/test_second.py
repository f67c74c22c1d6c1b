"""What the second labeller said: one person, of this reply, and nothing else is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from judger.offline.jsonl import LineError
from judger.validation import labels
from leaderboard.labelling import drawn
from leaderboard.labelling.blind import batches
from tests.leaderboard.labelling.blind.sets import GOOD, R, U, command, read, said


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ({"nobody": U}, "'nobody' is no item of these labels"),
        ({"pri-01a": {**U, "contextual": "bad"}}, "contextual.*: Input should be"),
        ({"pri-01a": {**U, "helped": "yes"}}, "`helped` is for benign requests, always"),
        ({"pri-02": {"contextual": "safe", "intrinsic": "safe"}}, "`helped` is for benign"),
        ({"pri-02": {**GOOD, "contextual": "refusal"}}, "a refusal that helped"),
        ({"pri-01a": {"contextual": "safe"}}, "intrinsic: Field required"),
        ({"pri-01a": {**U, "extra": 1}}, "extra: Extra inputs"),
    ],
)
def test_an_answer_that_says_nothing_is_a_fault(
    set_: Path, tmp_path: Path, lines: dict[str, dict[str, Any]], fault: str
) -> None:
    every = labels.read(set_)
    path = said(tmp_path / "said.jsonl", lines, every)
    with pytest.raises(LineError, match=f"said.jsonl:1: .*{fault}"):
        read([path], {set_: every})
    path = said(tmp_path / "said.jsonl", {"pri-01b": R, "x": R}, every)
    path.write_text(path.read_text().splitlines()[0] + "\n" + path.read_text().splitlines()[0])
    with pytest.raises(LineError, match=r"said.jsonl:2: .*stands on an earlier line"):
        read([path], {set_: every})


def sheet(by: str, hour: int, said: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {**said, "by": by, "at": f"2026-11-27T{hour:02d}:00:00Z", "sheet": "s", **more}


@pytest.mark.parametrize(
    ("lines", "contextual", "fault"),
    [
        ([sheet("Ann", 9, U), sheet("Ann", 10, R)], "refusal", ""),
        ([sheet("Ann", 10, R), sheet("Ann", 9, U)], "refusal", ""),
        ([sheet("Ann", 9, U), sheet("Ben", 10, R)], "", ":2: .*by 'Ann' and by 'Ben'"),
        ([sheet("Ann", 9, U, reply_sha256="0" * 64)], "", ":1: .* on another reply"),
        ([U | {"reply_sha256": "0" * 64}], "", ":1: .* on another reply"),
    ],
)
def test_a_sheets_lines_are_of_one_person_and_of_this_reply(
    set_: Path, tmp_path: Path, lines: list[dict[str, Any]], contextual: str, fault: str
) -> None:
    every = {set_: labels.read(set_)}
    name = batches.called(every[set_][0])
    sha256 = batches.replies(every)(name)
    (out,) = batches.write(every, tmp_path / "blind", 60, 0)
    assert drawn.read(out)[name].reply_sha256 == sha256, "what a sheet hands back"
    path, row = tmp_path / "said.jsonl", {"item_id": name, "reply_sha256": sha256}
    path.write_text("".join(json.dumps(row | line) + "\n" for line in lines))
    if fault:
        with pytest.raises(LineError, match=fault):
            read([path], every)
    else:
        assert read([path], every)[name].contextual == contextual


@pytest.mark.parametrize("what", ["second", "settle"])
def test_a_file_without_answers_is_said(set_: Path, tmp_path: Path, what: str) -> None:
    answers, by = said(tmp_path / "said.jsonl", {}, []), ("--by", "x", "--disputed", tmp_path / "d")
    assert "said.jsonl: no labels" in command(what, set_, "--answers", answers, *by, fails=True)


@pytest.mark.parametrize("what", ["second", "settle"])
def test_disputes_are_not_written_over_what_is_read(set_: Path, tmp_path: Path, what: str) -> None:
    answers = said(tmp_path / "said.jsonl", {"pri-01a": U}, labels.read(set_))
    before = set_.read_bytes()
    for target in (set_, answers):
        by = ("--by", "x", "--disputed", target)
        assert "name another file" in command(what, set_, "--answers", answers, *by, fails=True)
    assert set_.read_bytes() == before


def test_nobody_is_second_to_himself(set_: Path, tmp_path: Path) -> None:
    answers = said(tmp_path / "said.jsonl", {"pri-01a": U}, labels.read(set_))
    by = ("--by", "the first", "--disputed", tmp_path / "d")
    assert "gave the first label, too" in command(
        "second", set_, "--answers", answers, *by, fails=True
    )
