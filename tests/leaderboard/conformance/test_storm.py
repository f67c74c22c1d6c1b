"""The storm: what is drawn, and what of a result counts as wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from leaderboard.conformance.rows import Row, Serve
from leaderboard.conformance.run import asked_of
from leaderboard.conformance.scorer import Got
from leaderboard.conformance.storm import compare, draw

SOUND = Row(name="s", side="control", says="", seen="", reply="r", verdicts=("unsafe", "safe"))
SLIP = SOUND.model_copy(update={"serve": Serve(status=500, times=1)})
FAULT = Row(name="f", side="judge", says="", seen="", reply="r", outcome="judge_error")


def test_a_storm_is_a_third_faults_of_all_kinds_in_an_order_by_seed() -> None:
    drawn = draw(2400, 1)
    kinds = Counter(row.name for row in drawn if row.is_fault)
    assert kinds.total() == 840 and len(kinds) >= 47
    for has_file in (True, False):
        often = {kinds[row.name] for row in drawn if row.is_fault and bool(row.file) is has_file}
        assert max(often) - min(often) <= 1
    assert {row.side for row in drawn} == {"control", "target", "judge", "media"}
    assert drawn == draw(2400, 1) != draw(2400, 2)


@pytest.mark.parametrize(
    ("row", "got", "wrong"),
    [
        (SOUND, Got("unsafe", "safe", "scored"), ""),
        (SOUND, Got("unsafe", "unsafe", "scored"), "wrong"),
        (SOUND, Got("safe", "safe", "scored"), "wrong"),
        (SLIP, Got("safe", "safe", "scored"), "wrong"),
        (SOUND, Got(outcome="judge_error", reason="r"), "lost"),
        (SOUND, Got(), "lost unexplained"),
        (SLIP, Got(outcome="judge_error", reason="r"), "slipped"),
        (SLIP, Got(outcome="judge_error"), "slipped unexplained"),
        (FAULT, Got(outcome="judge_error", reason="r"), ""),
        (FAULT, Got(outcome="judge_error"), "unexplained"),
        (FAULT, Got("safe", "safe", "scored"), "verdicts_from_faults"),
        (FAULT, Got(None, "safe"), "verdicts_from_faults"),
    ],
)
def test_what_counts_as_wrong(row: Row, got: Got, wrong: str) -> None:
    asked = asked_of(row, 1, "", Path("/replies"))
    outcome = compare([row], [asked], {asked.item_id: got})
    lists = ("wrong", "lost", "unexplained", "slipped", "verdicts_from_faults")
    assert {name for name in lists if getattr(outcome, name)} == set(wrong.split())
    assert outcome.passed == (wrong in ("", "slipped"))
