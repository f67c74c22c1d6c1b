"""Who answers under a judge's name: recorded, in the cache's key, held to the calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import Record
from judger.engine.session import Session
from judger.rates.calibration import who
from tests.calibrations import fit, written
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer, Script


def old() -> Script:
    """Who answers at first; a script of its own for each server, since tests change it."""
    return Script(served="judge-2026-01", fingerprint="fp_a")


def judged(made: Session, *replies: str) -> list[Record]:
    futures = [made.submit(item(item_id=reply), reply) for reply in replies]
    return [future.result(30) for future in futures]


def test_the_responses_own_model_is_in_the_record(tmp_path: Path) -> None:
    with JudgeServer(old()) as server:
        for _ in range(2):  # asked, and kept
            with session(server.url, tmp_path) as made:
                [record] = judged(made, "a reply")
            assert record.judge["model"] == "judge-1"
            assert record.judge["served"] == "judge-2026-01 fp_a"
    with JudgeServer(Script(served="", fingerprint=None)) as server, session(server.url) as made:
        [record] = judged(made, "a reply")
    assert "served" not in record.judge


def test_an_alias_that_moved_is_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with JudgeServer(old()) as server:
        with session(server.url, tmp_path) as made:
            judged(made, "one", "two")
        server.script.served, calls = "judge-2026-09", server.seen["calls"]
        with session(server.url, tmp_path) as made:
            judged(made, "three")  # the first answer of today tells who answers
            [record] = judged(made, "one")
            assert server.seen["calls"] == calls + 4
        assert record.judge["served"] == "judge-2026-09 fp_a"
        server.script.served = "judge-2026-01"
        with session(server.url, tmp_path) as made:
            judged(made, "four", "one", "two")
            assert server.seen["calls"] <= calls + 4 + 2 + 4
    assert "then" not in str(record.judge["served"])


def test_who_changes_in_the_middle_of_a_run_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with JudgeServer(old()) as server, session(server.url) as made:
        judged(made, "one")
        server.script.served = "judge-2026-09"
        [record] = judged(made, "two")
    assert record.judge["served"] == "judge-2026-01 fp_a then judge-2026-09 fp_a"
    assert capsys.readouterr().err.count("judge-2026-09 fp_a now") == 1


def test_builds_that_take_turns_share_what_is_kept(tmp_path: Path) -> None:
    with JudgeServer(old()) as server, session(server.url, tmp_path) as made:
        judged(made, "one")
        server.script.fingerprint = "fp_b"
        judged(made, "two")
        calls = server.seen["calls"]
        judged(made, "one", "two")
        assert server.seen["calls"] == calls


@pytest.mark.parametrize(
    ("served", "fingerprint", "calibrated"),
    [
        ("judge-2026-01", "fp_a", True),
        ("judge-2026-09", "fp_a", False),
        ("judge-2026-01", "fp_b", False),
        ("", None, False),
    ],
)
def test_a_judge_that_is_not_the_one_measured_is_not_calibrated(
    served: str,
    fingerprint: str | None,
    calibrated: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "calibration.json"
    with JudgeServer(old()) as server:
        with session(server.url) as made:
            made.preflight()
            found = fit(who(made.judge.identity), made.judge.template_sha256)
        file.write_bytes(written(found))
        server.script.served, server.script.fingerprint = served, fingerprint
        with session(server.url, calibration=str(file)) as made:
            [record] = judged(made, "a reply")
    assert record.judge["calibrated"] is calibrated
    assert ("UNCALIBRATED" in capsys.readouterr().err) is not calibrated


def test_a_dead_server_judged_from_the_cache_alone_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with JudgeServer(old()) as server, session(server.url, tmp_path) as made:
        made.preflight()
        judged(made, "one", "two")
    assert "not heard" not in capsys.readouterr().err
    with session(server.url, tmp_path, retries="0") as made:
        made.preflight()
        records = judged(made, "one", "two")
    assert {r.outcome for r in records} == {"scored"}
    assert records[0].judge["served"] == "judge-2026-01 fp_a"
    said = [line for line in capsys.readouterr().err.splitlines() if "not heard" in line]
    assert len(said) == 1 and "all 4 answers are kept ones" in said[0]
    with session(server.url, tmp_path, retries="0") as made:
        made.preflight()  # only the probe: nothing was judged
    assert "not heard" not in capsys.readouterr().err


ALIAS = [{"id": "judge-1", "root": "/weights/Real-7B", "parent": None}]


@pytest.mark.parametrize(
    ("listed", "closed", "told"),
    [
        (ALIAS, False, "judge-1; /weights/Real-7B"),
        ([*ALIAS, {"id": "x", "root": "y"}], False, "judge-1; /weights/Real-7B"),
        ([{"id": f"m{n}"} for n in range(9)], False, None),
        ([], False, None),
        (ALIAS, True, None),
    ],
)
def test_what_the_judges_server_lists_is_in_the_record(
    listed: list[dict[str, Any]], closed: bool, told: str | None, tmp_path: Path
) -> None:
    with JudgeServer(Script(listed=listed)) as server:
        server.closed_models = closed
        with session(server.url, tmp_path) as made:
            made.preflight(reach=True)
            [record] = judged(made, "a reply")
            asked = server.seen["models"]
        with session(server.url, tmp_path) as made:  # its probe is kept: nobody is asked
            made.preflight()
            [again] = judged(made, "a reply")
            assert (server.seen["models"], again.judge.get("served_as")) == (asked, told)
    assert record.outcome == "scored" and asked == 1
    assert record.judge.get("served_as") == told
    assert "served_as" not in who(record.judge), "the same judge by another list"
