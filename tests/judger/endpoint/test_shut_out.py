"""401, 403, 404, 405: the one question's fault, or everybody's. A harmless question decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.record import Record
from judger.contract.settings import SettingsError
from judger.endpoint.circuit import SHUT_OUT
from judger.endpoint.client import Client
from judger.endpoint.faults import JudgeFault, JudgeRejected, JudgeStopped, setting_for
from tests.judger.endpoint.client.asked import BODY, with_client
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers import turns
from tests.servers.judge import JudgeServer
from tests.servers.picky import PickyServer
from tests.servers.turns import Turn, Turns

HTML = "<html><h1>403 Forbidden</h1>Request blocked by the gateway</html>"
REFUSALS = {
    "a gateway's page": (403, HTML),
    "no route for pictures": (404, "No endpoints found that support image input"),
    "not allowed": (405, HTML),
    "unauthorised": (401, "blocked"),
    "unpaid by its words": (400, "insufficient_quota is what the reply says"),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.02)


def judged(
    server: JudgeServer, replies: list[str], cache: Path | str = "off", ask_first: bool = True
) -> list[Record]:
    with session(server.url, cache, concurrency="4", retries="1") as made:
        if ask_first:
            made.preflight()
        futures = [made.submit(item(item_id=f"i{n}"), reply) for n, reply in enumerate(replies)]
        return [future.result(60) for future in futures]


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("every", [40, 10, 2, 1])
def test_a_reply_that_a_gateway_refuses_is_nobody_elses_fault(refusal: str, every: int) -> None:
    """One of 400 replies stopped everything: a model could unscore its own run."""
    replies = [f"reply {n} {'tabooword' if n % every == 0 else ''}" for n in range(40)]
    with PickyServer(words={"tabooword": REFUSALS[refusal]}) as server:
        records = judged(server, replies)
    taboo = [r for r, reply in zip(records, replies, strict=True) if "tabooword" in reply]
    assert {r.outcome for r in taboo} == {"judge_error"}
    assert {r.outcome for r in records if r not in taboo} <= {"scored"}
    assert all("to this question" in r.reason for r in taboo), taboo[0].reason


def test_nor_where_it_is_the_first_that_is_sent(tmp_path: Path) -> None:
    """The probe may be known from an earlier run, so no answer came yet."""
    with PickyServer(words={"tabooword": (403, HTML)}) as server:
        judged(server, [], tmp_path)
        records = judged(server, ["tabooword", "fine", "also fine"], tmp_path)
        assert [r.outcome for r in records] == ["judge_error", "scored", "scored"]
        records = judged(server, ["tabooword again", "nothing else"], ask_first=False)
    assert [r.outcome for r in records] == ["judge_error", "scored"]


def test_nor_where_a_server_breaks_at_some_replies(capsys: pytest.CaptureFixture[str]) -> None:
    """So many 500s in a row that the endpoint seemed to be gone, with only such replies left."""
    replies = [f"tabooword {n}" for n in range(60)] + ["fine"]
    with PickyServer(words={"tabooword": (500, "out of memory")}) as server:
        records = judged(server, replies)
    assert {r.outcome for r in records[:-1]} == {"judge_error"}
    assert records[-1].outcome == "scored"
    assert "stopped" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "setting"),
    [(401, "UNI_JUDGER_API_KEY"), (403, "UNI_JUDGER_MODEL"), (404, "UNI_JUDGER_BASE_URL")],
)
def test_where_the_harmless_question_is_refused_too_everything_stops(
    status: int, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with PickyServer() as server, session(server.url, concurrency="2") as made:
        made.preflight()
        server.script.status = status
        futures = [made.submit(item(item_id=f"i{n}"), f"reply {n}") for n in range(60)]
        records = [future.result(60) for future in futures]
        assert server.seen["calls"] - 1 <= SHUT_OUT + 3
    assert {r.outcome for r in records} == {"judge_error"}
    [line] = [one for one in capsys.readouterr().err.splitlines() if "stopped" in one]
    assert f"HTTP {status}" in line and setting in line


def test_the_preflight_names_the_setting() -> None:
    with (
        PickyServer(words={"": (404, "The model `judge-1` does not exist")}) as server,
        session(server.url, retries="0") as made,
        pytest.raises(SettingsError, match="UNI_JUDGER_MODEL"),
    ):
        made.preflight()


@pytest.mark.parametrize(
    ("status", "words", "setting"),
    [
        (401, "invalid key", "UNI_JUDGER_API_KEY"),
        (402, "", "credit"),
        (403, "", "UNI_JUDGER_API_KEY"),
        (404, "model_not_found", "UNI_JUDGER_MODEL"),
        (404, "<html>", "UNI_JUDGER_BASE_URL"),
        (405, "", "UNI_JUDGER_BASE_URL"),
        (307, "", "UNI_JUDGER_BASE_URL"),
    ],
)
def test_the_setting_that_fits(status: int, words: str, setting: str) -> None:
    assert setting in setting_for(status, words)


@pytest.mark.parametrize(
    ("turn", "there"),
    [
        (turns.fine, True),
        *((turns.status(code), True) for code in (400, 404, 405, 501)),
        *((turns.status(code), False) for code in (301, 399, 401, 402, 403, 406, 429, 500, 502)),
        (turns.drop, False),
    ],
)
def test_who_answers_that_there_is_no_list_of_models_is_there(
    turn: Turn, there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Turns(turns.fine)
    monkeypatch.setattr(server, "_models", turn)
    with server:
        assert with_client(server, Client.reach) is there
    assert server.times == [], "no question was asked"


@pytest.mark.parametrize(
    ("code", "trying", "raised", "calls"),
    [
        (400, False, JudgeRejected, 1),
        (413, False, JudgeRejected, 1),
        (415, False, JudgeRejected, 1),
        (422, False, JudgeRejected, 1),
        (404, True, JudgeRejected, 1),
        (405, True, JudgeRejected, 1),
        (501, True, JudgeRejected, 1),
        (500, True, JudgeRejected, 2),  # may be a bad moment: it has to come again
        (403, True, JudgeStopped, 1),
        (404, False, JudgeStopped, 1),
        *((code, False, JudgeFault, 4) for code in (414, 416, 421, 423, 500, 501)),
        *((code, True, JudgeFault, 4) for code in (406, 502, 503)),
    ],
)
def test_by_which_status_a_server_says_that_it_does_not_know_the_form(
    code: int, trying: bool, raised: type[JudgeFault], calls: int
) -> None:
    async def ask(client: Client) -> JudgeFault:
        with pytest.raises(JudgeFault) as fault:
            await client.ask(BODY, trying=trying)
        return fault.value

    with Turns(turns.status(code)) as server:
        fault = with_client(server, ask, retries=3)
        assert (type(fault), len(server.times)) == (raised, calls)
