"""A model that answered nothing is told from one whose answers were refused or not judged."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from judger.contract.outcomes import OUTCOME_MEANING
from judger.contract.record import Record
from judger.engine.kept_answers import Answers
from tests.judger.items import item, record

SILENT = f"items was answered (no_output: {OUTCOME_MEANING['no_output']})"


def judged(outcome: str, reason: str = "") -> Future[Record]:
    future: Future[Record] = Future()
    future.set_result(record(outcome=outcome, reason=reason))
    return future


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        ([], ""),
        (["no_output"], f"none of 1 {SILENT}"),
        (
            ["no_output"] * 2 + ["target_error"],
            f"none of 3 {SILENT}",
        ),
        (["target_error: HTTP 500"], "none of 1 items was answered (target_error: HTTP 500)"),
        (["no_output", "scored"], ""),
        (["no_output", "judge_error"], ""),
        (["no_output", "judge_refusal"], ""),
        (["provider_blocked"], ""),
        (["no_output", "unsupported"], ""),
    ],
)
def test_silence(outcomes: list[str], says: str) -> None:
    answers = Answers()
    for outcome in outcomes:
        name, _, reason = outcome.partition(": ")
        answers.count(item(), judged(name, reason))
    assert answers.silence() == says
    answers.forget()
    assert answers.silence() == ""


def test_what_was_never_asked_and_what_broke_does_not_count() -> None:
    answers = Answers()
    answers.count(item(unsupported="the model has no audio-to-text"), judged("unsupported"))
    broken: Future[Record] = Future()
    broken.set_exception(OSError("no disk"))
    answers.count(item(), broken)
    assert answers.silence() == ""
    answers.count(item(), judged("no_output"))
    assert answers.silence()
