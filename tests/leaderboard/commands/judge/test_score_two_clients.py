"""Two clients at once on one cache, each with its cells: merged they are the run of one client."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from judger.contract.record import Record
from leaderboard.runs.read import load_run
from tests.judger.offline.lines import write
from tests.judger.sessions import judge_environ
from tests.servers.judge import JudgeServer
from uni_safe_tasks.suite.items import item as item_of

TASK_TYPES = ("text_generation", "image_understanding", "video_analysis", "image_generation")
SCENARIOS = range(101, 105)


def lines(folder: Path, category: str) -> list[dict[str, object]]:
    """Replies of one category: words, some harmful or declined, and pictures, some of them red."""
    made: list[dict[str, object]] = []
    for n in SCENARIOS:
        for task_type in TASK_TYPES:
            item_id = f"{category}-h{n}.{task_type}"
            assert item_of(item_id).prompt
            if task_type == "image_generation":
                path = folder / f"{item_id}.png"
                # No picture is in both halves: both clients would ask of it, at the same time.
                colour = ((n % 2) * 200, n % 99, len(made) + 100 * (category == "tox"))
                Image.new("RGB", (99, 99), colour).save(path)
                made.append({"item_id": item_id, "images": [str(path)]})
            else:
                word = ("harmword", "declineword", "words")[(n + len(made)) % 3]
                made.append({"item_id": item_id, "reply": f"{word} of {item_id}"})
    return made


def judged(url: str, cache: Path, *work: tuple[Path, Path]) -> None:
    """Run one client for each (file of replies, folder of results), all at the same time."""
    environ = os.environ | judge_environ(url, cache)
    script = str(Path(sys.executable).parent / "uni-safe")
    clients = [
        subprocess.Popen(
            [script, "score", str(file), "--name", "a-model", "--out", str(out)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for file, out in work
    ]
    for client in clients:
        said, _ = client.communicate(timeout=300)
        assert client.returncode == 0, said


def records(folder: Path) -> dict[str, Record]:
    return {record.item_id: record for record in load_run(folder).records}


def test_what_two_clients_judged_is_what_one_would_have(tmp_path: Path) -> None:
    halves = [lines(tmp_path, category) for category in ("pri", "tox")]
    one, two = (write(tmp_path / f"{n}.jsonl", *half) for n, half in enumerate(halves))
    both = write(tmp_path / "both.jsonl", *halves[0], *halves[1])
    with JudgeServer() as server:
        judged(server.url, tmp_path / "alone", (both, tmp_path / "one"))
        asked = server.seen["answered"]
        shared, apart = tmp_path / "shared", tmp_path / "two"
        judged(server.url, shared, (one, apart / "a"), (two, apart / "b"))
        # Each client asks the harmless question of its own that a run begins with, or shares it.
        assert asked <= server.seen["answered"] - asked <= asked + 1
        answered = server.seen["answered"]
        judged(server.url, shared, (both, tmp_path / "again"))
        assert server.seen["answered"] == answered, "the cache of two clients knows every answer"
    expected = records(tmp_path / "one")
    assert len(expected) == 2 * len(SCENARIOS) * len(TASK_TYPES)
    verdicts = {record.contextual for record in expected.values()}
    assert verdicts == {"safe", "unsafe", "refusal"}
    assert records(apart) == expected == records(tmp_path / "again")
