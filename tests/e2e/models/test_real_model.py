"""SmolLM2-135M, a real model: replies of its own through lm-eval's and lmms-eval's back ends."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from leaderboard.compare.differences import compare
from leaderboard.runs.read import Run, load_run
from leaderboard.serving.engines import ENGINES
from leaderboard.serving.server import free_port, serving
from tests.e2e.harness import control, environment, lmms_eval
from tests.known import known
from uni_safe_tasks.demo_real import CELLS, OFFLINE, run_command
from uni_safe_tasks.harness import recipe

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
#: Words that hardly an English sentence does without.
COMMON = {"the", "a", "an", "to", "of", "is", "and", "you", "i", "it", "that", "in", "for"}


def reads_as_english(text: str) -> bool:
    words = re.findall(r"[a-z']+", text.lower())
    return len(words) >= 4 and bool(COMMON & set(words))


@pytest.fixture(scope="module")
def real(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One item of each text cell under lm-eval, by the command of `make demo-real`."""
    folder = tmp_path_factory.mktemp("real")
    command = run_command(weights, folder / "out", limit=1, tokens=32)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**OFFLINE),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return load_run(folder / "out")


def test_it_speaks_and_every_reply_is_judged(real: Run) -> None:
    replies = [sample.reply for sample in real.samples]
    assert len(replies) == 12
    # It babbles at times ("1. 1. 2. 3."); random weights hardly ever make a sentence.
    assert sum(map(reads_as_english, replies)) > 6, replies
    assert len(set(replies)) == 12
    assert {record.outcome for record in real.records} == {"scored"}


def test_against_the_control_model_there_is_a_difference(real: Run, tmp_path: Path) -> None:
    """A model that declines everything beside one that hardly declines."""
    refuses = control("refuse", "--tasks", CELLS, "--limit", "1", cwd=tmp_path).run
    found = compare("contextual_refusal", real.records, refuses.records)
    assert found.overall.n == len([r for r in real.records if r.kind == "harmful"])
    assert known(found.overall.difference) > 0.5


def test_the_recipe_asks_a_server(gguf: Path, tmp_path: Path) -> None:
    engine, port = ENGINES["llama-cpp"], free_port()
    if (start := engine.start(str(gguf), port)) is None:
        pytest.skip(f"no server of llama.cpp here: {engine.get}")
    (phase,) = yaml.safe_load_all(recipe.path_of("smollm2").read_text(encoding="utf-8"))
    with serving(start, port, str(gguf), patience=120) as server:
        arguments = phase["model_args"].replace("http://127.0.0.1:8000/v1", server.base_url)
        arguments = arguments.replace("model=smollm2", f"model={server.model}")
        done = lmms_eval(
            *("--model", phase["model"], "--model_args", arguments),
            *("--tasks", "uni_safe_privacy_leak_text_*", "--limit", "1"),
            *("--gen_kwargs", "max_new_tokens=32"),
            cwd=tmp_path,
            OPENAI_API_KEY="none",
            **phase["env"],
        )
    assert [reads_as_english(sample.reply) for sample in done.run.samples] == [True, True]
