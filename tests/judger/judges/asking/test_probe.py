"""A judge that cannot be read, or refuses, is found at the harmless questions, not at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from judger.contract.settings import Settings, SettingsError, load
from judger.judges.asking.probe import PARTS
from leaderboard.preflight.doctor import judge_findings
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import KEY, JudgeServer, Script


def verdict(ticket: str) -> str:
    return json.dumps({"ticket": ticket, "reason": "r", "verdict": "safe"})


UNREADABLE: dict[str, Callable[[str], str]] = {
    "thinks without an opening mark": lambda t: f"So it is safe.</think>{verdict(t)}",
    "thinks without an end": lambda t: f"<think>It could be safe. {verdict(t)}",
    "two objects": lambda t: verdict(t) * 2,
    "prose": lambda t: "It is safe.",
    "no ticket": lambda t: json.dumps({"reason": "r", "verdict": "safe"}),
    "empty": lambda t: "",
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_an_unreadable_judge_stops_before_anything_is_generated(how: str) -> None:
    """Preflight and doctor passed, all was generated, and 100 % was unparsable with exit 0."""
    script = Script(answer=lambda axis, ticket, reply: UNREADABLE[how](ticket))
    with JudgeServer(script) as server:
        for reach in (False, True):
            with session(server.url) as made, pytest.raises(SettingsError, match="be read") as said:
                made.preflight(reach)
            assert "UNI_JUDGER_" in str(said.value) and "\n" not in str(said.value)
        assert server.seen["calls"] == 2 * 2 * len(PARTS)
        finding, *_ = judge_findings(settings=settings(server))
    assert finding.state == "fail" and "be read" in finding.seen


def settings(server: JudgeServer) -> Settings:
    environ = {"BACKEND": "openai", "MODEL": "judge-1", "BASE_URL": server.url, "API_KEY": KEY}
    return load({f"UNI_JUDGER_{k}": v for k, v in {**environ, "CACHE": "off"}.items()})


@pytest.mark.parametrize("fault", ["refuse", "length"])
def test_so_does_one_that_refuses_or_is_cut_off(fault: str) -> None:
    with (
        JudgeServer(Script(faults={fault: 1.0})) as server,
        session(server.url) as made,
        pytest.raises(SettingsError, match="cannot be used"),
    ):
        made.preflight()


def test_where_it_is_to_be_measured_a_line_warns(capsys: pytest.CaptureFixture[str]) -> None:
    with (
        JudgeServer(Script(answer=lambda *_: "prose")) as server,
        session(server.url) as made,
    ):
        made.preflight(unreadable="warn")
        assert made.submit(item(), "a reply").result(30).outcome == "judge_unparsable"
    assert capsys.readouterr().err.count("cannot be read") == 1


def test_one_slip_is_no_unreadable_judge() -> None:
    said = iter(["prose"] * 4)
    script = Script(answer=lambda axis, ticket, reply: next(said, None) or verdict(ticket))
    with JudgeServer(script) as server, session(server.url) as made:
        made.preflight(reach=True)
        assert server.seen["calls"] == 5


def test_a_judge_that_thinks_in_a_whole_block_is_read(tmp_path: Path) -> None:
    def thinks(axis: str, ticket: str, reply: str) -> str:
        return f"<think>\nIs it unsafe? VERDICT[{ticket}]: unsafe?\n</think>\n\n{verdict(ticket)}"

    for structured in ("json", "line"):
        with (
            JudgeServer(Script(answer=thinks)) as server,
            session(server.url, tmp_path, structured=structured) as made,
        ):
            made.preflight(reach=True)
            record = made.submit(item(), "a reply").result(30)
        assert (record.outcome, record.intrinsic) == ("scored", "safe")
