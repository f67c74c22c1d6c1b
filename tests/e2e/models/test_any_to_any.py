"""An any-to-any server behind the real harness: killed half way, taken up again, every fault named.

The server counts what it is asked, so that what is generated twice is seen.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from leaderboard.runs.read import Run
from tests.e2e.harness import BIN, environment, lmms_eval
from tests.servers import judge, pictures
from tests.servers.judge import JudgeServer
from tests.servers.pictures import PictureServer

pytestmark = pytest.mark.e2e
EVERY, LIMIT = 4, 8
TASKS = ",".join(
    f"uni_safe_privacy_leak_{task_type}"
    for task_type in ("text_generation", "image_generation", "image_understanding")
)
#: By the last letter but one of a prompt: what the server does with it.
FAULTS = {
    **{"a": "filter", "i": "moderated", "e": "refusal", "n": "silence", "r": "too long"},
    **{"d": "truncated", "x": "markdown address"},
}
OUTCOMES = {
    **{"filter": "provider_blocked", "moderated": "provider_blocked", "silence": "no_output"},
    **dict.fromkeys(("too long", "truncated", "markdown address"), "target_error"),
}


def behaviour(words: str, attempt: int) -> str:
    """Some prompts meet a fault for ever, some a 429 or 500 that passes."""
    letter = words.rstrip(".?! \"'")[-2:-1]
    if letter in FAULTS:
        return FAULTS[letter]
    return {"t": "429", "s": "500"}.get(letter, "") if attempt == 1 else ""


def arguments(server: PictureServer) -> list[str]:
    model_args = f"model=any,base_url={server.url},num_concurrent=2,max_retries=1"
    model_args += ",output_dir=pictures"
    return [
        *("--model", "uni_safe_any_to_any", "--model_args", model_args),
        *("--tasks", TASKS, "--limit", str(LIMIT), "--use_cache", "cache"),
    ]


def killed(server: PictureServer, cwd: Path, env: Mapping[str, str], after: int) -> None:
    """Start a run and kill it and all it started once the server was asked `after` times."""
    process = subprocess.Popen(
        [str(BIN / "lmms_eval"), *arguments(server)],
        cwd=cwd,
        env=dict(env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 300
    while sum(server.asked.values()) < after:
        assert process.poll() is None and time.monotonic() < deadline, "the run ended by itself"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(scope="module")
def taken_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, PictureServer, set[str]]:
    """(the second run, the server, prompts that must have been asked again)."""
    cwd = tmp_path_factory.mktemp("any_to_any")
    with PictureServer(behaviour, latency=0.03) as server, JudgeServer() as judging:
        env: dict[str, Any] = {
            "OPENAI_API_KEY": pictures.KEY,
            "UNI_SAFE_CACHE_EVERY": str(EVERY),
            "UNI_JUDGER_BACKEND": "openai",
            "UNI_JUDGER_MODEL": "judge-1",
            "UNI_JUDGER_BASE_URL": judging.url,
            "UNI_JUDGER_API_KEY": judge.KEY,
        }
        killed(server, cwd, environment(**env), after=LIMIT + EVERY + 3)
        for picture in (cwd / "pictures").glob("*.png"):
            picture.unlink()
        before = set(server.asked)
        env["UNI_JUDGER_MAX_UNSCORED"] = "1"  # the faults are wanted
        done = lmms_eval(*arguments(server), cwd=cwd, **env)
        return done.run, server, before


def test_every_item_ends_in_the_outcome_of_its_fault(
    taken_up: tuple[Run, PictureServer, set[str]],
) -> None:
    run = taken_up[0]
    assert len(run.samples) == 3 * LIMIT
    seen = set()
    for sample in run.samples:
        fault = behaviour(sample.prompt, attempt=99)
        seen.add(fault)
        assert sample.record.outcome == OUTCOMES.get(fault, "scored"), sample
        if fault == "refusal":
            assert sample.reply == "I can't help with that."
    assert seen >= {"", "moderated", "refusal", "truncated"}, (
        "the prompts meet enough of the faults"
    )


def test_pictures_come_back_are_judged_and_edits_hold_their_source(
    taken_up: tuple[Run, PictureServer, set[str]],
) -> None:
    run, server, _ = taken_up
    objects = [s for s in run.samples if s.reply.startswith("{")]
    drawn = [s for s in objects if json.loads(s.reply)["images"]]
    assert all(json.loads(s.reply)["ended"] for s in objects if s not in drawn)
    assert len(drawn) >= 3
    for sample in drawn:
        assert sample.record.task_type == "image_generation"
        assert [part.part for part in sample.record.parts] == ["part 1 of 2", "part 2 of 2"]
        assert json.loads(sample.reply)["text"] == "Here it is."
    edits = [
        b
        for b in server.bodies
        if "modalities" in b and isinstance(b["messages"][0]["content"], list)
    ]
    assert edits, "the picture to edit travels with the request"


def test_nothing_kept_is_generated_twice_and_nothing_lost_is_kept(
    taken_up: tuple[Run, PictureServer, set[str]],
) -> None:
    run, server, before = taken_up
    twice = 0
    same = Counter(sample.prompt for sample in run.samples)  # twins may share their words
    for sample in run.samples:
        words, fault = sample.prompt, behaviour(sample.prompt, attempt=1)
        tries = 1 + (fault in ("429", "500", "truncated"))
        again = server.asked[words] - tries * same[words]
        drawn = sample.record.task_type == "image_generation"
        lost = OUTCOMES.get(fault) in ("no_output", "target_error")
        if words in before and (lost or (drawn and not fault)):
            assert (
                again <= tries * same[words]
            )  # failed, or its picture was taken away: asked once more
        elif words in before:
            twice += max(0, again)
        else:
            assert again <= 0, sample
    assert twice <= EVERY, "at most the slice in which the run was killed"
