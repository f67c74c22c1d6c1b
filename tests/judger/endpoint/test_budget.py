"""A budget ends judging in order: what was judged is kept, the rest has an outcome of its own."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from judger.contract.outcomes import OUTCOME_MEANING
from judger.contract.record import Record
from judger.contract.settings import SettingsError, load, shared
from judger.endpoint.budget import FILE
from judger.engine.session import Session
from judger.offline.batch import Work
from judger.offline.batch import judged as judged_all
from judger.reply.read import read_reply
from tests.judger.items import item
from tests.judger.sessions import session
from tests.known import known
from tests.servers.judge import KEY, JudgeServer, Script

PRICES = {"price_input": "1000", "price_output": "10000"}  # an answer of the server costs 0.2


def judged(made: Session, first: int, last: int) -> list[Record]:
    """Replies by number, one after the other, so that it is known which are judged."""
    return [made.submit(item(item_id=f"i{n}"), f"reply {n}").result(30) for n in range(first, last)]


def outcomes(records: list[Record]) -> dict[str, int]:
    return dict(Counter(record.outcome for record in records))


def test_calls_are_counted_and_not_one_more_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    with JudgeServer() as server, session(server.url, max_calls="10") as made:
        records = judged(made, 0, 10)
        assert server.seen["calls"] == made.judge.usage()["calls"] == 10
        assert outcomes(records) == {"scored": 5, "judge_budget": 5}
        assert [r.outcome for r in records[:5]] == ["scored"] * 5
        assert outcomes(judged(made, 0, 1)) == {"scored": 1}  # known: it costs nothing
        assert "UNI_JUDGER_MAX_CALLS=10" in made.judge.stopped
    assert "UNI_JUDGER_MAX_CALLS=10" in records[-1].reason
    assert capsys.readouterr().err.count("budget is spent") == 1


def test_many_at_once_keep_to_it_too() -> None:
    with JudgeServer(Script(latency=0.01)) as server:
        with session(server.url, max_calls="25", concurrency="16") as made:
            futures = [made.submit(item(item_id=f"i{n}"), f"reply {n}") for n in range(60)]
            records = [future.result(30) for future in futures]
        assert server.seen["calls"] == 25
    assert set(outcomes(records)) == {"scored", "judge_budget"}
    assert 0 < outcomes(records)["scored"] <= 12


def test_failed_attempts_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)
    with JudgeServer(Script(status=503)) as server, session(server.url, max_calls="5") as made:
        assert outcomes(judged(made, 0, 1)) == {"judge_budget": 1}
        assert server.seen["calls"] == 5


def test_what_was_spent_ends_it_by_price() -> None:
    with JudgeServer() as server:
        with session(server.url, max_cost="1", concurrency="1", **PRICES) as made:
            records = judged(made, 0, 6)
            assert made.judge.usage()["cost"] == pytest.approx(1.0)
        assert "UNI_JUDGER_MAX_COST=1" in records[-1].reason
    assert outcomes(records) == {"scored": 2, "judge_budget": 4}


def test_a_server_that_counts_no_tokens_is_not_free() -> None:
    class Uncounted(JudgeServer):
        async def _answer(self, request: web.Request) -> web.StreamResponse:
            answer = await super()._answer(request)
            assert isinstance(answer, web.Response)
            body = json.loads(known(answer.text))
            del body["usage"]
            return web.json_response(body)

    with Uncounted() as server, session(server.url, max_cost="1", **PRICES) as made:
        assert outcomes(judged(made, 0, 6))["judge_budget"] >= 3


@pytest.mark.parametrize("calls", ["0", "1"])
def test_nothing_may_be_spent(calls: str, tmp_path: Path) -> None:
    with JudgeServer() as server:
        with session(server.url, tmp_path) as made:
            judged(made, 0, 3)
        before = server.seen["calls"]
        with session(server.url, tmp_path, max_calls=calls) as made:
            made.preflight()
            assert set(outcomes(judged(made, 0, 3))) == {"scored"}
            assert outcomes(judged(made, 3, 4)) == {"judge_budget": 1}
        assert server.seen["calls"] - before <= int(calls)


def test_a_run_that_goes_on_carries_over_what_it_spent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with JudgeServer() as server:
        with session(server.url, tmp_path, max_calls="6") as made:  # killed: nobody says it is done
            assert outcomes(judged(made, 0, 2)) == {"scored": 2}
        assert "goes on" not in capsys.readouterr().err
        with session(server.url, tmp_path, max_calls="6") as made:
            assert "4 calls" in capsys.readouterr().err
            assert outcomes(judged(made, 0, 4)) == {"scored": 3, "judge_budget": 1}
        assert server.seen["calls"] == 6
        with session(server.url, tmp_path, max_calls="8") as made:  # raised
            assert outcomes(judged(made, 0, 4)) == {"scored": 4}
        monkeypatch.setattr(sys, "argv", ["uni-safe", "rejudge", "another"])
        with session(server.url, tmp_path, max_calls="2") as made:  # another run has its own
            assert outcomes(judged(made, 4, 5)) == {"scored": 1}
    assert server.seen["calls"] == 10


def test_a_run_that_came_to_its_end_begins_anew(tmp_path: Path) -> None:
    def work(first: int, last: int) -> list[Work]:
        numbers = [(item(item_id=f"i{n}"), f"reply {n}") for n in range(first, last)]
        return [Work(one, read_reply(reply), reply) for one, reply in numbers]

    with JudgeServer() as server:
        for first in (0, 3, 6):
            with session(server.url, tmp_path, max_calls="6") as made:
                done = [record for _, record in judged_all(made, work(first, first + 3))]
            assert outcomes(done) == {"scored": 3}
        with session(server.url, tmp_path, max_calls="6") as made:
            done = [record for _, record in judged_all(made, work(9, 13))]
        assert outcomes(done) == {"scored": 3, "judge_budget": 1}
        with session(
            server.url, tmp_path, max_calls="6"
        ) as made:  # its budget ended it: it goes on
            assert outcomes(judged(made, 12, 13)) == {"judge_budget": 1}


CALLER = """
import sys
from judger.contract.settings import load
from judger.endpoint.budget import Budget
from judger.endpoint.faults import JudgeBudgetSpent
budget, taken = Budget(load()), 0
try:
    while True:
        budget.take()
        taken += 1
except JudgeBudgetSpent:
    print(taken)
"""


def test_processes_of_one_run_share_one_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_CACHE", str(tmp_path))
    monkeypatch.setenv("UNI_JUDGER_MAX_CALLS", "500")
    command = [sys.executable, "-c", CALLER]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(one.communicate(timeout=60)[0]) for one in running) == 500


def test_without_a_cache_each_process_has_its_part() -> None:
    limits = {"UNI_JUDGER_MAX_CALLS": "10", "UNI_JUDGER_MAX_COST": "1.5"}
    part = shared(load({**limits, "UNI_JUDGER_CACHE": "off"}), {"WORLD_SIZE": "4"})
    assert (part.max_calls, part.max_cost) == (2, 0.375)
    whole = shared(load({**limits, "UNI_JUDGER_CACHE": "/caches"}), {"WORLD_SIZE": "4"})
    assert (whole.max_calls, whole.max_cost) == (10, 1.5)


def test_an_account_that_cannot_be_kept_spends_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    with (
        pytest.raises(SettingsError, match=FILE),
        session("http://127.0.0.1:9/v1", tmp_path, max_calls="3"),
    ):
        pass
    (tmp_path / FILE).unlink()
    with JudgeServer() as server, session(server.url, tmp_path, max_calls="30") as made:
        judged(made, 0, 1)
        with sqlite3.connect(tmp_path / FILE) as other:
            other.execute("DROP TABLE spending")
        calls = server.seen["calls"]
        assert outcomes(judged(made, 1, 3)) == {"judge_budget": 2}
        assert server.seen["calls"] == calls


def test_a_panel_has_one_budget(tmp_path: Path) -> None:
    with JudgeServer() as server:
        seat = {"backend": "openai", "base_url": server.url, "api_key_env": "PANEL_KEY"}
        file = tmp_path / "panel.json"
        seats = [{**seat, "model": "a"}, {**seat, "model": "b"}]
        file.write_text(json.dumps({"judges": seats}))
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("PANEL_KEY", KEY)
            with session(server.url, ensemble=str(file), max_calls="6") as made:
                records = judged(made, 0, 3)
        assert server.seen["calls"] == 6
    assert outcomes(records) == {"scored": 1, "judge_budget": 2}
    assert "judge_budget" in OUTCOME_MEANING
