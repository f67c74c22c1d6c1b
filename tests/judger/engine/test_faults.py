"""Faults of the judge, at the rates a bad day has: every item right or explicitly unscored."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from judger.contract.record import Record
from judger.endpoint.circuit import SHUT_OUT
from judger.judges.chat import TemplateForm
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import KEY, JudgeServer, Script, error

#: Word in a reply → (contextual, intrinsic) of the judge of the tests.
TRUTH = {
    "plain": ("safe", "safe"),
    "harmword": ("unsafe", "unsafe"),
    "declineword": ("refusal", "safe"),
}
BAD_DAY = {"429": 0.20, "500": 0.10, "drop": 0.05, "garbage": 0.05}
WORSE = {**BAD_DAY, "refuse": 0.05, "length": 0.05}


def replies(count: int) -> list[tuple[str, str]]:
    """(item id, reply): a third of each kind."""
    words = list(TRUTH)
    return [(f"i{n}", f"reply {n} with {words[n % 3]}") for n in range(count)]


def wrong(records: dict[str, Record]) -> list[Any]:
    """Every record that is neither right nor explicitly without a verdict."""
    truth = {name: TRUTH[reply.split()[-1]] for name, reply in replies(len(records))}
    return [
        record
        for name, record in records.items()
        if (record.contextual, record.intrinsic)
        != (truth[name] if record.outcome == "scored" else (None, None))
    ]


def judged(server: JudgeServer, count: int, **settings: str) -> dict[str, Record]:
    with session(server.url, **settings) as made:
        futures = {name: made.submit(item(item_id=name), r) for name, r in replies(count)}
        return {name: future.result(120) for name, future in futures.items()}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_on_a_bad_day_every_item_is_right(seed: int) -> None:
    with JudgeServer(Script(faults=BAD_DAY, seed=seed)) as server:
        records = judged(server, 150, concurrency="32")
        faults = {name: server.seen[name] for name in BAD_DAY}
    assert wrong(records) == []
    outcomes = Counter(record.outcome for record in records.values())
    assert set(outcomes) <= {"scored", "judge_error"}
    assert outcomes["scored"] >= 145  # seven attempts each: about one question in 600 is lost
    assert all(faults.values())


def test_without_retries_what_failed_is_unscored_and_nothing_is_wrong() -> None:
    with JudgeServer(Script(faults=WORSE, seed=5)) as server:
        records = judged(server, 120, concurrency="4", retries="0")
    assert wrong(records) == []
    outcomes = Counter(record.outcome for record in records.values())
    assert outcomes["judge_error"] > 20
    assert outcomes["scored"] > 20
    assert set(outcomes) <= {"scored", "judge_error", "judge_refusal", "judge_unparsable"}
    assert all(r.reason for r in records.values() if r.outcome != "scored")


def test_a_refusal_and_a_cut_off_answer_of_the_judge_have_their_outcomes() -> None:
    for fault, outcome in (("refuse", "judge_refusal"), ("length", "judge_unparsable")):
        with JudgeServer(Script(faults={fault: 1.0})) as server:
            records = judged(server, 6)
        assert {record.outcome for record in records.values()} == {outcome}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_wrong_key_keeps_what_is_done_and_says_so(
    status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with JudgeServer() as server, session(server.url, tmp_path, concurrency="4") as made:
        before = [made.submit(item(item_id=n), r) for n, r in replies(10)]
        assert {future.result(30).outcome for future in before} == {"scored"}
        server.script.status = status
        calls = server.seen["calls"]
        after = [made.submit(item(item_id=n), f"{r} again") for n, r in replies(200)]
        records = [future.result(30) for future in after]
        # Three different ones in a row, those in flight meanwhile, and the harmless question.
        assert server.seen["calls"] - calls <= 4 + SHUT_OUT
        again = made.submit(item(), replies(1)[0][1]).result(30)  # known: no call is needed
    assert {record.outcome for record in records} == {"judge_error"}
    assert all(str(status) in record.reason for record in records)
    assert again.outcome == "scored"
    assert capsys.readouterr().err.count("Uni-Judger stopped") == 1


@pytest.mark.parametrize("structured", [True, False])
def test_a_server_without_structured_output_is_asked_for_the_last_line(
    structured: bool, tmp_path: Path
) -> None:
    names = set()
    with JudgeServer(Script(structured=structured)) as server:
        for run in range(2):
            with session(server.url, tmp_path) as made:
                made.preflight()
                names.add(json.dumps(made.judge.identity, sort_keys=True))
                rejected = server.seen["calls"]
                futures = [made.submit(item(item_id=n), r) for n, r in replies(9)]
                records = {f"i{n}": future.result(30) for n, future in enumerate(futures)}
            assert wrong(records) == []
            assert {record.outcome for record in records.values()} == {"scored"}
            # The second run knows the form from the first, and the answers too.
            assert server.seen["calls"] == rejected + (18 if run == 0 else 0)
            assert rejected == (1 if structured else 2) or run
        assert all("response_format" in b for b in server.bodies[1:]) is structured
    assert len(names) == 1, "what a judge is called does not hang on what it learned"


def test_questions_in_flight_follow_the_first_that_was_rejected() -> None:
    with (
        JudgeServer(Script(structured=False, latency=0.05)) as server,
        session(server.url) as made,
    ):
        futures = [made.submit(item(item_id=n), r) for n, r in replies(9)]  # nobody asked before
        records = {f"i{n}": future.result(30) for n, future in enumerate(futures)}
    assert wrong(records) == []
    assert {record.outcome for record in records.values()} == {"scored"}


def test_one_rejected_question_does_not_change_the_form_of_the_others() -> None:
    """A 400 for a single reply, after the form was taken, is that reply's fault."""

    class Picky(JudgeServer):
        async def _answer(self, request: Any) -> Any:
            if "tabooword" in await request.text():
                return error(400, "this request was too much")
            return await super()._answer(request)

    with Picky() as server, session(server.url) as made:
        made.preflight()
        bad = made.submit(item(), "a reply with tabooword").result(30)
        good = made.submit(item(), "a plain reply").result(30)
    assert (bad.outcome, good.outcome) == ("judge_error", "scored")
    assert "too much" in bad.reason
    assert all("response_format" in body for body in server.bodies)


@pytest.mark.parametrize("structured", ["json", "line"])
def test_a_form_that_was_set_is_kept(structured: str) -> None:
    with JudgeServer(Script(structured=False)) as server:
        records = judged(server, 3, structured=structured, retries="0")
    expected = "scored" if structured == "line" else "judge_error"
    assert {record.outcome for record in records.values()} == {expected}


def test_one_re_ask_and_no_more() -> None:
    said = iter(["I find it fine."] * 1 + ["again"] * 100)

    def rambles_once(axis: str, ticket: str, reply: str) -> str:
        turn = next(said)
        return turn if turn != "again" else f"VERDICT[{ticket}]: safe"

    script = Script(answer=rambles_once)
    with JudgeServer(script) as server, session(server.url, structured="line") as made:
        assert made.submit(item(), "a reply").result(30).outcome == "scored"
        assert server.seen["calls"] == 3
        assert [len(body["messages"]) for body in server.bodies].count(4) == 1
    script = Script(answer=lambda axis, ticket, reply: "I find it fine.")
    with JudgeServer(script) as server, session(server.url, structured="line") as made:
        record = made.submit(item(), "a reply").result(30)
        assert (record.outcome, server.seen["calls"]) == ("judge_unparsable", 4)


def test_a_picture_that_goes_away_is_a_fault_of_the_target(tmp_path: Path) -> None:
    made_of = tmp_path / "made.png"
    made_of.write_bytes(b"\x89PNG\r\n\x1a\n but not really")
    raw = json.dumps({"text": "", "images": [str(made_of)]})
    with JudgeServer() as server, session(server.url) as made:
        assert made.submit(item(), raw).result(30).outcome == "target_error"
        Image.new("RGB", (8, 8)).save(made_of)
        never = made.submit(item(image=str(tmp_path / "never.png")), raw).result(30)
        assert never.outcome == "judge_error"  # our own file: not the model's fault
        assert "never.png" in never.reason


def test_no_key_in_a_record_a_log_or_the_cache(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    class Leaky(JudgeServer):
        async def _answer(self, request: Any) -> Any:
            return error(self.script.status, f"bad: {dict(request.headers)}")

    records: list[Record] = []
    for status in (400, 500, 401):
        with Leaky(Script(status=status)) as leaky:
            records += judged(leaky, 3, retries="0").values()
    with JudgeServer() as server, session(server.url, tmp_path / "cache") as made:
        records += [made.submit(item(), "a reply").result(30)]
        shown = repr(made.settings) + str(made.judge.identity)
    held = b"".join(path.read_bytes() for path in (tmp_path / "cache").iterdir())
    captured = capsys.readouterr()
    everything = (
        json.dumps([record.to_json() for record in records])
        + shown
        + captured.out
        + captured.err
        + caplog.text
    )
    assert "[key]" in everything  # the servers did say it
    assert KEY not in everything
    assert KEY.encode() not in held


def test_only_what_is_soon_sent_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of pictures waiting for the judge must not all be in memory as messages."""
    rendered, waiting = 0, []
    question = TemplateForm.question

    def counted(self: TemplateForm, *args: Any) -> Any:
        nonlocal rendered
        rendered += 1
        waiting.append(rendered - server.seen["calls"])
        return question(self, *args)

    monkeypatch.setattr(TemplateForm, "question", counted)
    with JudgeServer(Script(latency=0.01)) as server:
        records = judged(server, 60, concurrency="4")
    assert wrong(records) == []
    assert rendered == 120
    assert max(waiting) <= 8
