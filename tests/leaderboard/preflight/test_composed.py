"""A recipe changed on the command line is a recipe still: weights, server, cells, environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from judger.contract.settings import SettingsError
from leaderboard.cli import app
from leaderboard.preflight.composed import capable_environment, composed
from uni_safe_tasks.harness import recipe


def made(folder: Path, name: str, **changes: Any) -> recipe.Recipe:
    arguments = {k: v for k, v in changes.items() if k in ("pretrained", "model", "base_url")}
    text = composed(
        recipe.path_of(name), arguments, changes.get("env", {}), changes.get("tasks", "")
    )
    (folder / "mine.yaml").write_text(text)
    return recipe.load(str(folder / "mine.yaml"))


def test_weights_of_every_phase_and_the_environment(tmp_path: Path) -> None:
    env = capable_environment("", ["UNI_JUDGER_MODEL=m", "A=b=c"])
    changed = made(tmp_path, "bagel", pretrained="/models/b", env=env)
    assert [phase.arguments["pretrained"] for phase in changed.phases] == ["/models/b"] * 2
    first = changed.phases[0].env
    assert first["UNI_JUDGER_MODEL"] == "m" and first["A"] == "b=c"
    assert "UNI_SAFE_CAPABILITIES" in first, "what the recipe says of the model stays"
    assert list(recipe.problems(changed)) == []


def test_any_server_by_name_and_address(tmp_path: Path) -> None:
    env = capable_environment("image-to-text, text-to-text", [])
    changed = made(tmp_path, "server", model="org/m", base_url="http://h:1/v1", env=env)
    arguments = changed.phases[0].arguments
    assert (arguments["model"], arguments["base_url"]) == ("org/m", "http://h:1/v1")
    assert changed.capabilities == {"text-to-text", "image-to-text"}
    assert list(recipe.problems(changed)) == []


@pytest.mark.parametrize(
    ("tasks", "phases", "cells"),
    [
        ("unisafe-type-text_generation", 1, 6),
        ("unisafe_iso_*", 1, 30),
        ("unisafe-iso-speech", 1, 6),
        ("unisafe-type-image_generation", 1, 6),
        ("unisafe-category-privacy_leak", 2, 7),
        ("uni_safe_*", 2, 42),
    ],
)
def test_each_phase_keeps_its_own_cells(
    tasks: str, phases: int, cells: int, tmp_path: Path
) -> None:
    changed = made(tmp_path, "bagel", tasks=tasks)
    assert len(changed.phases) == phases
    assert sum(len(phase.leaves) for phase in changed.phases) == cells
    assert changed.capabilities == recipe.load("bagel").capabilities
    assert list(recipe.problems(changed)) == []


@pytest.mark.parametrize(
    ("name", "changes", "says"),
    [
        ("openai", {"pretrained": "/x"}, "openai has no weights to exchange"),
        ("janus", {"base_url": "http://h/v1"}, "janus has no server to exchange"),
        ("server", {"model": "a,images=chat"}, "splits arguments at commas"),
        ("bagel", {"tasks": "mmlu"}, "names no cell that bagel asks"),
    ],
)
def test_what_cannot_be_changed_is_said(
    name: str, changes: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=says):
        made(tmp_path, name, **changes)


@pytest.mark.parametrize(
    ("can", "assignments", "says"),
    [("text-to-smell", [], "'text-to-smell' is none of"), ("", ["=x"], "NAME=VALUE")],
)
def test_a_wrong_capability_or_assignment(can: str, assignments: list[str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        capable_environment(can, assignments)


def test_on_the_command_line() -> None:
    done = CliRunner().invoke(
        app,
        ["recipes", "server", "--model", "m", "--base-url", "http://h:1/v1", "--can",
         "text-to-text,audio-to-text"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    printed = yaml.safe_load(done.output)
    assert "model=m,base_url=http://h:1/v1" in printed["model_args"]
    assert printed["env"] == {"UNI_SAFE_CAPABILITIES": "text-to-text,audio-to-text"}


def test_unchanged_is_the_file_itself() -> None:
    path = recipe.path_of("janus")
    assert composed(path, {"pretrained": ""}, {}) == path.read_text()
