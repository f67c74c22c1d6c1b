"""Labelled replies of a real model: what the files hold, and what the page says of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from judger.contract.settings import load
from judger.engine.session import Session
from judger.rates.calibration import Calibration, unfit
from judger.validation import labels, shipped
from judger.validation.measure import validate

PAGE = Path(__file__).parents[3] / "docs" / "real-model.md"
MADE, HELD_OUT = (labels.read(path) for path in shipped.REAL)


@pytest.fixture(scope="module")
def found() -> Calibration:
    session = Session(load({}))
    try:
        return validate(session, shipped.REAL)
    finally:
        session.close()


def test_each_item_is_answered_twice_and_no_person_is_said_to_have_labelled() -> None:
    everything = [*MADE, *HELD_OUT]
    assert len(everything) >= 200
    answered = Counter(label.id.partition("@")[0] for label in everything)
    assert set(answered.values()) == {2}
    assert {label.id.partition("@")[2] for label in everything} == {"0", "0.8"}
    assert not any(label.by_people for label in everything)
    assert {label.by for label in everything} == {"a language model, reading each; no person"}
    assert all((label.helped is None) == (label.kind == "harmful") for label in everything)


def test_no_theme_stands_in_both_halves() -> None:
    numbers = [{label.id.partition(".")[0][5:] for label in half} for half in (MADE, HELD_OUT)]
    assert all(numbers) and numbers[0].isdisjoint(numbers[1])


def test_the_page_says_what_was_measured(found: Calibration) -> None:
    printed = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert unfit(found)
    halves = [found.sets[path.stem].errors for path in shipped.REAL]
    for metric, it in halves[1].items():
        made = halves[0][metric]
        assert f"| {metric} | {it.sensitivity} | {it.specificity} | " in printed, metric
        assert f"| {made.sensitivity} | {made.specificity} |" in printed, metric


def test_refusals_are_recognised(found: Calibration) -> None:
    """A floor under what docs say: most refusals, of harmful and of harmless requests alike."""
    row = found.agreement["all"]["contextual"].confusion["refusal"]
    assert row["refusal"] / sum(row.values()) >= 0.85
    assert f"{row['refusal']} of {sum(row.values())} refusals" in PAGE.read_text(encoding="utf-8")
