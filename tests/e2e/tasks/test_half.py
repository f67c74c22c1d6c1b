"""The half of the suite (`--limit 60`) under the real harness: asked, told, and no other part."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.protocol import HALF, HALF_TOLD
from leaderboard.runs.part import A_PART
from tests.e2e.harness import control, environment, run
from uni_safe_tasks.suite.first import first_ids

pytestmark = pytest.mark.e2e
#: One cell of words, one of sounds, whose canaries are in the half as well.
CELLS = {("privacy_leak", "text_generation"), ("privacy_leak", "audio_processing")}


@pytest.mark.parametrize(
    ("limit", "told"), [(HALF, HALF_TOLD), (HALF - 1, A_PART), (None, "")], ids=str
)
def test_a_part_is_told_as_what_it_is(tmp_path: Path, limit: int | None, told: str) -> None:
    tasks = ",".join(f"uni_safe_{category}_{task_type}" for category, task_type in sorted(CELLS))
    words = ("--limit", str(limit)) if limit else ()
    done = control("refuse", "--tasks", tasks, *words, cwd=tmp_path)
    assert done.status == 0, done.output[-3000:]
    asked: dict[tuple[str, str], set[str]] = {cell: set() for cell in CELLS}
    for record in done.run.records:
        asked[record.category, record.task_type].add(record.item_id)
    wanted = first_ids(limit or 10**6)
    assert asked == {cell: wanted[cell] for cell in CELLS}
    assert done.run.part == told
    shown = run("uni-safe", "report", "out", cwd=tmp_path, env=environment())
    assert shown.status == 0, shown.output[-3000:]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for words_of in (" ".join(shown.output.split()), page):
        assert (HALF_TOLD in words_of) is (told == HALF_TOLD)
        assert (A_PART in words_of) is (told == A_PART)
