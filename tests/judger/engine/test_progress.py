"""Progress where stderr is no terminal: rate, share unscored, cost, time left; warnings."""

from __future__ import annotations

import time
from concurrent.futures import Future

import pytest

from judger.contract.item import Item
from judger.contract.record import Record
from judger.engine.progress import FEW, Progress
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer, Script

ITEM = Item(item_id="a", category="privacy_leak", task_type="text_generation", prompt="Ask.")
SCORED = Record.scored(ITEM, "safe", "safe")


def ended(record: Record | BaseException) -> Future[Record]:
    future: Future[Record] = Future()
    if isinstance(record, Record):
        future.set_result(record)
    else:
        future.set_exception(record)
    return future


def feed(progress: Progress, *records: Record | BaseException, cost: float = 0.0) -> None:
    for record in records:
        progress.judged(ended(record), {"cost": cost})


def handed(progress: Progress, count: int) -> None:
    for _ in range(count):
        progress.handed_in()


def until(said: str, capsys: pytest.CaptureFixture[str], seconds: float = 10) -> str:
    """What stderr holds, once it holds `said`."""
    text, end = "", time.monotonic() + seconds
    while said not in text and time.monotonic() < end:
        time.sleep(0.01)
        text += capsys.readouterr().err
    return text


def test_lines_stand_in_for_a_bar_where_stderr_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = Progress(first=0.02, every=0.02)
    progress.expect(200)
    handed(progress, 100)
    progress.show()
    feed(progress, *[SCORED] * 30, RuntimeError("lost"), cost=0.25)
    said = until("31 of 200 judged (16%)", capsys)
    line = next(line for line in said.splitlines() if "31 of 200" in line)
    assert line.startswith("Uni-Judger: ")
    for part in (" a second, ", "3.2% unscored", "cost 0.2500", "about ", " left"):
        assert part in line
    feed(progress, *[SCORED] * 69)
    progress.close()
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("Uni-Judger: 100 of 200 judged (50%)")


@pytest.mark.parametrize(("rank", "first"), [("1", 0.01), ("0", 60.0)])
def test_another_process_and_a_short_job_are_silent(
    rank: str, first: float, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", rank)
    progress = Progress(first=first, every=0.01)
    handed(progress, 2)
    progress.show()
    time.sleep(0.05)
    feed(progress, SCORED, SCORED)
    progress.close()
    assert capsys.readouterr().err == ""


def fault(outcome: str, reason: str = "contextual: no verdict in it") -> Record:
    return Record.fault(ITEM, outcome, reason)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([fault("judge_unparsable")] * (FEW - 1), ""),
        ([SCORED] * 1000 + [fault("judge_unparsable")] * FEW, ""),
        ([fault("no_output")] * 50 + [fault("target_error")] * 50, ""),
        ([fault("unsupported"), fault("judge_budget")] * 50, ""),
        ([SCORED] * 95 + [fault("judge_unparsable")] * FEW, "5 of 100 judgements have no verdict"),
        ([fault("judge_unparsable")] * FEW, "UNI_JUDGER_STRUCTURED=line"),
        ([fault("judge_refusal")] * FEW, "try another one"),
        ([fault("judge_error", "HTTP 500\n<html>")] * FEW, "the last: HTTP 500 <html>"),
    ],
)
def test_more_than_a_few_failed_answers_are_said_at_once(
    records: list[Record], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress()
    feed(progress, *records)
    said = capsys.readouterr().err
    assert says in said
    assert bool(said) == bool(says) and len(said.splitlines()) <= 1


def test_the_warning_comes_again_but_seldom(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    feed(progress, *[fault("judge_unparsable")] * 100)
    counts = [line.split()[1] for line in capsys.readouterr().err.splitlines()]
    assert counts == ["5", "20", "80"]


def test_a_real_judge_that_babbles_is_said_while_it_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = Script(answer=lambda *_: "I would rather talk about the weather.")
    with JudgeServer(script) as server, session(server.url) as judging:
        made = [judging.submit(ITEM, f"Reply {i}") for i in range(8)]
        assert {future.result(timeout=60).outcome for future in made} == {"judge_unparsable"}
        assert "judgements have no verdict" in capsys.readouterr().err
