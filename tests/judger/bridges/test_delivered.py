"""The one rule about canaries, said of the harness's own table."""

from __future__ import annotations

from typing import Any

import pytest

from judger.bridges.delivered import undelivered_cells
from judger.contract.taxonomy import CATEGORIES


def table(back: dict[str, int], asked: int = 4, task_type: str = "video_analysis") -> Any:
    """The results of one task type: how many of each cell's canaries came back."""
    return {
        f"uni_safe_{category}_{task_type}": {
            "media_delivered,none": back.get(category, asked) / asked,
            "uni_judger,none": {"n": {"media_delivered": [asked, asked]}},
        }
        for category in CATEGORIES
    }


ALL, FIRST = list(CATEGORIES), next(iter(CATEGORIES))


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ({}, []),
        ({FIRST: 1}, []),  # 21 of 24
        ({FIRST: 0}, [f"0 of 4 canaries of this cell came back ({FIRST} video_analysis)"]),
        (dict.fromkeys(ALL, 3), ["18 of 24 canaries of video analysis came back"]),
    ],
)
def test_cells_that_cannot_be_ranked_are_named(back: dict[str, int], said: list[str]) -> None:
    found = undelivered_cells(table(back))
    assert len(found) == len(said) and all(map(str.__contains__, found, said))


def test_other_tables_say_nothing() -> None:
    assert undelivered_cells(table({}, task_type="text_generation")) == []
    assert undelivered_cells({"mmlu": {"acc,none": 0.3}, "uni_safe": {}}) == []


def test_a_media_cell_without_canaries_is_named() -> None:
    name = f"uni_safe_{FIRST}_audio_processing"
    empty: list[dict[str, object]] = [{}, {"uni_judger,none": {"n": {}}}, {"uni_judger,none": 3}]
    for nothing in empty:
        assert undelivered_cells({name: nothing}) == [
            f"no canary was scored ({FIRST} audio_processing)"
        ]
