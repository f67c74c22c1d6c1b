"""`uni-safe run`: the lmms_eval command that it stands for."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from judger.contract.settings import SettingsError
from leaderboard.cli import app
from leaderboard.preflight.run_command import Asked, Launch, LaunchError, folder_for, launch
from uni_safe_tasks.harness import recipe

SERVER = Asked(model="org/m", base_url="http://127.0.0.1:9/v1")


def test_a_server_is_a_model_of_texts_unless_more_is_said(tmp_path: Path) -> None:
    made = launch(SERVER, tmp_path, {"UNI_JUDGER_BACKEND": "openai"})
    assert made.env == {"UNI_JUDGER_BACKEND": "openai", "UNI_SAFE_CAPABILITIES": "text-to-text"}
    assert made.arguments[:2] == ("--model", "uni_safe_any_to_any")
    assert "images=none" in made.arguments[3]
    drawing = launch(Asked(model="m", base_url="http://h/v1", can="text-to-image"), tmp_path, {})
    assert "images=chat" in drawing.arguments[3]


def test_what_is_shown_is_what_a_shell_runs(tmp_path: Path) -> None:
    asked = Asked(model="a model", base_url="http://h/v1", limit=6, max_tokens=2048)
    made = launch(asked, tmp_path / "a folder", {})
    words = shlex.split(str(made).replace("\\\n", " "))
    assert words == ["UNI_SAFE_CAPABILITIES=text-to-text", "lmms_eval", *made.arguments]
    assert "uni_safe_*" in made.arguments and "'uni_safe_*'" in str(made)
    for option, value in {
        "--limit": "6",
        "--gen_kwargs": "max_new_tokens=2048",
        "--use_cache": f"{tmp_path}/a folder/cache",
    }.items():
        assert made.arguments[made.arguments.index(option) + 1] == value


def test_an_attack_is_in_the_environment_and_in_the_folders_name(tmp_path: Path) -> None:
    asked = replace(SERVER, attack="persona")
    assert launch(asked, tmp_path, {}).env["UNI_SAFE_ATTACK"] == "persona"
    assert folder_for(asked) == Path("runs/m-persona") and folder_for(SERVER) == Path("runs/m")
    assert "UNI_SAFE_ATTACK" not in launch(SERVER, tmp_path, {}).env
    with pytest.raises(SettingsError, match="there are beginning, persona, picture, warm_up"):
        launch(replace(SERVER, attack="persons"), tmp_path, {})


def test_a_recipe_by_name_stays_one_and_a_changed_one_is_kept_beside_the_run(
    tmp_path: Path,
) -> None:
    assert launch(Asked(recipe="janus"), tmp_path, {}).arguments[:2] == ("--config", "janus")
    assert not list(tmp_path.iterdir())
    asked = Asked(recipe="bagel", cells="unisafe-category-privacy_leak", pretrained="/w")
    made = launch(asked, tmp_path / "run", {})
    kept = recipe.load(made.arguments[1])
    assert kept.path == tmp_path / "run/recipe.yaml"
    assert sum(len(phase.leaves) for phase in kept.phases) == 7
    server = Asked(recipe="vllm_server", model="m", base_url="http://h:1/v1")
    kept = recipe.load(launch(server, tmp_path / "two", {}).arguments[1])
    assert kept.phases[0].arguments["base_url"] == "http://h:1/v1"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(), "--model NAME --base-url URL"),
        (Asked(model="m"), "--model NAME --base-url URL"),
        (Asked(base_url="http://h/v1"), "--model NAME --base-url URL"),
        (Asked(model="m,x", base_url="http://h/v1"), "at commas"),
        (Asked(model="m", base_url="http://h/v1", cells="mmlu"), "names no cell"),
    ],
)
def test_what_cannot_be_run_is_said(asked: Asked, says: str, tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=says):
        launch(asked, tmp_path, {})


@pytest.mark.parametrize(
    ("asked", "folder"),
    [
        (SERVER, "runs/m"),
        (Asked(recipe="janus"), "runs/janus"),
        (Asked(recipe="some/where/mine.yaml"), "runs/mine"),
        (Asked(model="..", base_url="u"), "runs/model"),
    ],
)
def test_a_run_has_a_folder_of_its_own(asked: Asked, folder: str) -> None:
    assert folder_for(asked) == Path(folder)


def test_printed_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", "--model", "m", "--base-url", "http://h/v1", "--judge-model", "j", "--print"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0 and done.output.startswith("$ UNI_JUDGER_BACKEND=openai ")
    assert "UNI_JUDGER_MODEL=j" in done.output and "--output_path runs/m" in done.output
    assert not list(tmp_path.iterdir())
    wrong = CliRunner().invoke(app, ["run", "--recipe", "janos"])
    assert wrong.exit_code == 2 and "did you mean 'janus'?" in wrong.output


def test_each_option_stands_on_a_line_of_its_own() -> None:
    arguments = ("--model", "m", "--log_samples", "--tasks", "a b")
    shown = str(Launch(arguments, {"A": "x y"}))
    lines = ["A='x y' lmms_eval", "--model m", "--log_samples", "--tasks 'a b'"]
    assert shown.split(" \\\n    ") == lines
