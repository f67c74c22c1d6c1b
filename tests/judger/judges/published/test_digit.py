"""The digit rule against a table that was written by hand."""

from __future__ import annotations

import pytest

from judger.judges.published.digit import VERDICTS, read_digit
from tests.judger.judges.published.answers import ANSWERS

MEANS = {0: "unsafe", 1: "safe", 2: "refusal"}


@pytest.mark.parametrize(("said", "digit"), ANSWERS)
def test_every_answer_is_read_as_the_table_says(said: str, digit: int | None) -> None:
    assert read_digit(said) == (None if digit is None else MEANS[digit])


def test_the_table_is_no_small_one_and_names_nothing_twice() -> None:
    assert len({said for said, _ in ANSWERS}) == len(ANSWERS) >= 200
    assert {digit for _, digit in ANSWERS} == {0, 1, 2, None}
    assert set(VERDICTS.values()) == set(MEANS.values())
