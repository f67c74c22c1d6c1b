"""The protocol's version: its two parts, and that every record carries it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from judger.contract.protocol import PATTERN, VERSION, number_of
from judger.contract.record import Record
from judger.contract.settings import load
from judger.engine.session import Session
from judger.offline.batch import faulty
from tests.judger.items import item, record


@pytest.mark.parametrize(
    ("version", "number"),
    [("1-A", 1), ("1-Z", 1), ("12-B", 12), ("", 0), ("1", 0), ("0-A", 0), ("1-a", 0), ("A-1", 0)],
)
def test_the_number_is_what_must_be_the_same(version: str, number: int) -> None:
    assert number_of(version) == number


def test_every_record_carries_it_and_one_of_before_carries_none() -> None:
    session = Session(load({}))
    try:
        made = session.submit(item(), "A note.").result(30)
        lost = faulty(session.judge, item(), "judge_error", "closed")
    finally:
        session.close()
    assert made.protocol == lost.protocol == VERSION
    assert Record.from_json(made.to_json()).protocol == VERSION
    assert "protocol" not in record().to_json() and record().protocol == ""


def test_the_changelog_says_which_it_is() -> None:
    assert re.match(PATTERN, VERSION)
    changelog = Path(__file__).parents[3] / "CHANGELOG.md"
    assert f"Protocol {VERSION}" in changelog.read_text(encoding="utf-8")
