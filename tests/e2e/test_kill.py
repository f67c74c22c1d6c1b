"""SIGKILL at random moments of scoring: the end is the same, and nothing is judged twice.

The scoring process is a real one, with the real judge, cache and files of `uni-safe score`; the
server counts how often each question comes.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.judger.sessions import judge_environ
from tests.servers.judge import JudgeServer, Script

KILLS, REPLIES, IN_FLIGHT = 20, 160, 8
#: What `uni-safe score` does, without the command line in front of it.
SCORE = """
import sys
from pathlib import Path
from judger.offline import batch, replies
from judger.offline.results import ResultFiles
from judger.engine.session import Session
from judger.contract.settings import load
session = Session(load())
work = replies.read(Path(sys.argv[1]), lambda name: (_ for _ in ()).throw(LookupError(name)))
with ResultFiles(Path(sys.argv[2]), {"model": "replies"}) as files:
    summary = batch.score(session, work, files)
session.close()
print(summary.outcomes["scored"])
"""


def written(folder: Path) -> list[dict[str, Any]]:
    """The records of a run, which must be whole: no partial file counts."""
    samples = [json.loads(row) for p in folder.glob("*.jsonl") for row in p.open(encoding="utf-8")]
    return sorted((s["uni_judger"] for s in samples), key=lambda record: record["item_id"])


def start(file: Path, out: Path, url: str, cache: Path) -> subprocess.Popen[str]:
    environ = os.environ | judge_environ(url, cache, concurrency=str(IN_FLIGHT))
    command = [sys.executable, "-c", SCORE, str(file), str(out)]
    return subprocess.Popen(command, env=environ, text=True, stdout=-1, stderr=-1)


@pytest.mark.e2e
def test_twenty_kills_change_nothing_and_repeat_only_what_was_in_flight(tmp_path: Path) -> None:
    words = ["plain", "harmword", "declineword"]
    lines = [
        {
            "item_id": f"i{n}",
            "reply": f"Reply {n} with {words[n % 3]}.",
            "prompt": f"Request {n}.",
            "category": "privacy_leak",
            "task_type": "text_generation",
        }
        for n in range(REPLIES)
    ]
    file = tmp_path / "replies.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    draw = random.Random(2026)
    with JudgeServer(Script(latency=0.02)) as server:
        undisturbed = start(file, tmp_path / "whole", server.url, tmp_path / "other-cache")
        said, errors = undisturbed.communicate(timeout=120)
        assert said.split() == [str(REPLIES)], errors
        expected = written(tmp_path / "whole")
        server.bodies.clear()

        out, cache, killed = tmp_path / "killed", tmp_path / "cache", 0
        for kill in range(KILLS):
            process = start(file, out, server.url, cache)
            # By the judge's calls, so that kills fall all over the work; some before, some after.
            enough = len(server.bodies) + draw.randint(0, 2 * 2 * REPLIES // KILLS)
            patience = time.monotonic() + draw.uniform(0, 4)
            while process.poll() is None and len(server.bodies) < enough:
                time.sleep(0.001)
                if kill % 4 == 3 and time.monotonic() > patience:
                    break
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=30)
            killed += process.returncode == -signal.SIGKILL
        # A killed process leaves nothing that looks like a run; killed as it ended, a whole one.
        for path in out.glob("*.jsonl"):
            lines = [json.loads(line)["uni_judger"] for line in path.read_text().splitlines()]
            assert sorted(lines, key=lambda record: record["item_id"]) == expected

        last = start(file, tmp_path / "last", server.url, cache)
        said, errors = last.communicate(timeout=120)
        asked = Counter(json.dumps(body, sort_keys=True) for body in server.bodies)
    assert said.split() == [str(REPLIES)], errors
    assert written(tmp_path / "last") == expected
    assert killed > KILLS / 2
    assert len(asked) == 2 * REPLIES
    repeated = sum(asked.values()) - len(asked)
    assert repeated <= killed * IN_FLIGHT
    assert max(asked.values()) < KILLS / 2  # nothing was lost again and again
