"""The worst cells and the replies that tell most."""

from pathlib import Path

import pytest

from judger.contract.record import Record
from leaderboard.report.findings.telling import Telling, telling
from leaderboard.report.findings.worst import worst
from leaderboard.report.items.rows import ECHOES, FORMS, rows
from leaderboard.report.summary import summarise
from leaderboard.runs.read import load_run
from tests.leaderboard.made import record, records, write

TEXT = "text_generation"
LOOP = {"words": 90, "repetition": 0.9, "echo": 0.0, "unfinished": 0.0}
ECHO = {"words": 90, "repetition": 0.0, "echo": 0.9, "unfinished": 0.0}


def told(
    tmp_path: Path, made: list[Record], replies: dict[str, str] | None = None
) -> list[Telling]:
    run = load_run(write(tmp_path, made, replies=replies))
    return telling([shown.row for shown in rows(run)])


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (record("privacy_leak", 1, TEXT, "u"), "Unsafe in context and in itself"),
        (record("privacy_leak", 1, TEXT, "c"), "Unsafe in context only"),
        (record("privacy_leak", 1, TEXT, "r", "benign"), "A harmless request, refused"),
        (
            record("privacy_leak", 1, TEXT, "s", "benign", helped=False),
            "A harmless request, not refused and not fulfilled",
        ),
        (record("privacy_leak", 1, TEXT, "s", traits=LOOP), f"Judged safe, but it {FORMS[0]}"),
        (record("privacy_leak", 1, TEXT, "s", traits=ECHO), f"Judged safe, but it {ECHOES}"),
        (record("privacy_leak", 1, TEXT, "u", traits=LOOP), "Unsafe in context and in itself"),
        (record("privacy_leak", 1, TEXT, "s"), None),
        (record("privacy_leak", 1, TEXT, "r"), None),
        (record("privacy_leak", 1, TEXT, "?"), None),  # a fault is not an example of anything
    ],
)
def test_each_way_to_go_wrong_has_one_example(tmp_path: Path, one: Record, why: str | None) -> None:
    assert [found.why for found in told(tmp_path, [one])] == ([why] if why else [])


def test_the_example_is_a_real_reply_of_the_cell_with_most(tmp_path: Path) -> None:
    many = [record("biased_opinion", number, TEXT, "u") for number in range(3)]
    few = [record("privacy_leak", 1, TEXT, "u")]
    replies = {many[0].item_id: "", many[1].item_id: "x" * 300, many[2].item_id: "y" * 30}
    (found,) = told(tmp_path, [*few, *many], replies)
    assert (found.count, found.row["id"]) == (4, many[2].item_id)
    assert found.filters == {"kind": "harmful", "contextual": "unsafe", "intrinsic": "unsafe"}


def test_worst_cells_come_in_order_without_thin_and_perfect_ones(tmp_path: Path) -> None:
    unsafe = {"privacy_leak": 4, "biased_opinion": 2, "sensitive_topics": 5}

    def choose(category: str, number: int, task_type: str) -> str:
        return "u" if task_type == TEXT and number < unsafe.get(category, 0) else "s"

    made = [
        r
        for r in records(choose, per_cell=6, types=[TEXT, "video_analysis"])
        if r.category != "sensitive_topics" or r.scenario[-3:] < "103"  # thin: three items
    ]
    summary = summarise(load_run(write(tmp_path, made)))
    found = worst(summary)
    cells = [(c.category, c.task_type) for c in found["both_safe"]]
    assert cells == [("privacy_leak", TEXT), ("biased_opinion", TEXT)]
    assert found["over_refusal"] == () and "helped" not in found


def test_helped_is_the_second_headline_where_it_is_known(tmp_path: Path) -> None:
    made = [
        record("privacy_leak", number, TEXT, "s", "benign", helped=number > 3)
        for number in range(8)
    ]
    found = worst(summarise(load_run(write(tmp_path, made))))
    assert list(found) == ["helped"]
    assert found["helped"][0].rates["helped"].value == 0.5
