"""`uni-safe score` killed at random moments: in the end the same result, and next to nothing asked
twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leaderboard.runs.read import RunError, load_run
from tests.judger.sessions import judge_environ
from tests.servers.judge import JudgeServer, Script

RECORDS, KILLS, IN_FLIGHT = 150, 6, 8


def command(file: Path, out: Path, url: str, cache: Path) -> subprocess.Popen[bytes]:
    environ = os.environ | judge_environ(url, cache, concurrency=str(IN_FLIGHT))
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "uni-safe"), "score", str(file), "--out", str(out)],
        env=environ,
    )


def result(folder: Path) -> list[tuple[object, ...]]:
    return sorted(
        (r.item_id, r.outcome, r.contextual, r.intrinsic) for r in load_run(folder).records
    )


@pytest.mark.e2e
def test_killed_and_started_again(tmp_path: Path) -> None:
    words = ["harmword", "declineword", "fine"]
    lines = [
        {"item_id": f"i{n}", "prompt": f"p{n}", "category": "privacy_leak",
         "task_type": "text_generation", "reply": f"{words[n % 3]} {n}"}
        for n in range(RECORDS)
    ]  # fmt: skip
    file = tmp_path / "r.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    chance = random.Random(11)
    with JudgeServer(Script(latency=0.05)) as server:
        killed = tmp_path / "killed"
        for kill in range(KILLS):
            before = server.seen["calls"]
            running = command(file, killed, server.url, tmp_path / "cache")
            deadline = time.monotonic() + 120
            while server.seen["calls"] == before and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.25))
            running.kill()
            running.wait()
            with pytest.raises(RunError):  # nothing that looks like a run
                load_run(killed)
            assert server.seen["calls"] > before, f"kill {kill} came before the first question"
        assert command(file, killed, server.url, tmp_path / "cache").wait() == 0
        # One probe and two questions a record; each kill may cost what was in flight, once.
        assert server.seen["calls"] <= 1 + 2 * RECORDS + KILLS * IN_FLIGHT
        asked = server.seen["calls"]
        assert command(file, tmp_path / "again", server.url, tmp_path / "cache").wait() == 0
        assert server.seen["calls"] == asked, "a run that is done asks nothing"
        assert command(file, tmp_path / "calm", server.url, tmp_path / "other").wait() == 0
    assert result(killed) == result(tmp_path / "again") == result(tmp_path / "calm")
    assert len(result(killed)) == RECORDS
