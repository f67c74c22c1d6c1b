"""`uni-safe doctor` and `recipes`: what is missing is named with its cure, costs add up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from judger.contract.protocol import VERSION
from judger.contract.settings import Settings
from leaderboard.cli import app
from leaderboard.commands.doctor import rows_in_markdown
from leaderboard.preflight import doctor
from tests.servers.judge import KEY, JudgeServer, Script
from tests.servers.pictures import PictureServer
from uni_safe_tasks.harness import recipe
from uni_safe_tasks.harness.installed.fit import Unfit
from uni_safe_tasks.harness.installed.version_facts import FACTS, Fact

run = CliRunner().invoke
ROOT = Path(__file__).resolve().parents[3]


def states(findings: object) -> dict[str, str]:
    return {finding.what: finding.state for finding in findings}  # type: ignore[attr-defined]


def judge(url: str, key: str = KEY) -> doctor.Finding:
    settings = Settings(
        backend="openai",
        model="judge-1",
        base_url=url,
        api_key=SecretStr(key),
        retries=0,
        cache="off",
    )
    (found,) = doctor.judge_findings(settings=settings)
    return found


@pytest.mark.parametrize(
    ("attack", "state", "says"), [("persona", "warn", "never says no"), ("x", "fail", "there are")]
)
def test_an_attack_is_said(
    attack: str, state: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_SAFE_ATTACK", attack)
    (found,) = [one for one in doctor.suite() if one.what == "attack"]
    assert found.state == state and says in found.seen and found.cure


def test_the_suite_is_whole_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_unfit", lambda back_ends: [])
    found = states(doctor.suite())
    fine = dict.fromkeys(("versions", "discovery", "data", "protocol"), "ok")
    assert found == {**fine, "judge": "warn"}
    (protocol,) = [one for one in doctor.suite() if one.what == "protocol"]
    assert protocol.seen.startswith(VERSION)


@pytest.mark.parametrize(
    ("fact", "back_ends", "state"),
    [
        (lambda fact: fact.stops, set(), "fail"),
        (lambda fact: "qwen2_5_omni" in fact.back_ends, set(), "warn"),
        (lambda fact: "qwen2_5_omni" in fact.back_ends, {"qwen2_5_omni"}, "fail"),
        (lambda fact: fact.package == "lmms-eval", set(), "warn"),
    ],
)
def test_a_version_that_fails_is_found(
    fact: Callable[[Fact], bool],
    back_ends: set[str],
    state: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unfit = Unfit(next(filter(fact, FACTS)), "9.9")
    monkeypatch.setattr(doctor, "find_unfit", lambda named: [unfit])
    monkeypatch.setattr(doctor, "has_harness", lambda: True)
    (found,) = [f for f in doctor.suite(back_ends) if f.what == "version"]
    assert (found.state, found.seen, found.cure) == (state, unfit.seen, unfit.fact.mend)


def test_without_a_harness_a_note_stands_and_a_recipe_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "has_harness", lambda: False)
    filelock = Unfit(next(fact for fact in FACTS if fact.stops), "9.9")
    monkeypatch.setattr(doctor, "find_unfit", lambda named: [filelock])
    here = states(doctor.suite())
    assert here["harness"] == "warn"
    assert "version" not in here, "the core takes what the harness cannot"
    (found,) = doctor.recipe_findings(recipe.load("janus"))
    assert (found.state, found.cure) == ("fail", "pip install 'uni-safebench[run]'")


def test_a_judge_that_answers_is_told_from_one_that_does_not() -> None:
    with JudgeServer() as server:
        assert judge(server.url).state == "warn", "it answers, but nobody measured it"
        wrong = judge(server.url, key="wrong")
    assert wrong.state == "fail" and "401" in wrong.seen
    assert judge("http://127.0.0.1:9/v1").state == "fail"


def test_a_judge_that_is_gone_is_found_though_its_answers_are_kept(tmp_path: Path) -> None:
    fields = {"backend": "openai", "model": "judge-1", "api_key": KEY, "cache": str(tmp_path)}
    with JudgeServer() as server:
        settings = Settings(**fields, base_url=server.url, retries=0)  # type: ignore[arg-type]
        for _ in ("asked", "kept, and the server is there"):
            (found,) = doctor.judge_findings(settings=settings)
            assert found.state == "warn"
        assert server.seen["calls"] == 1
    (gone,) = doctor.judge_findings(settings=settings)
    assert gone.state == "fail" and "cannot be asked" in gone.seen


def mine(folder: Path, text: str) -> recipe.Recipe:
    (folder / "mine.yaml").write_text(text)
    return recipe.load(str(folder / "mine.yaml"))


@pytest.mark.parametrize(
    ("arguments", "root", "same"),
    [
        ("pretrained=lab/Real-7B-Instruct", "/weights/Real-7B", True),
        ("pretrained=judge-1", None, True),
        ("model_version=other,base_url={url}", "/weights/Real-7B", True),  # one server for both
        ("pretrained=lab/Real-72B", "/weights/Real-7B", False),
        ("", "/weights/Real-7B", False),
    ],
)
def test_a_judge_that_is_the_model_under_an_alias_is_found(
    arguments: str, root: str | None, same: bool, tmp_path: Path
) -> None:
    with JudgeServer(Script(key="", listed=[{"id": "judge-1", "root": root}])) as server:
        args = arguments.format(url=server.url)
        chosen = mine(tmp_path, f"{{model: vllm, model_args: '{args}', tasks: uni_safe}}")
        fields = {"model": "judge-1", "base_url": server.url, "cache": "off"}
        settings = Settings(backend="openai", **fields)  # type: ignore[arg-type]
        _, *more = doctor.judge_findings(chosen, settings)
    assert ["is the model under test" in one.seen for one in more] == [True] * same


def test_what_a_recipe_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert states(doctor.recipe_findings(recipe.load("openai")))["key"] == "fail"
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    assert states(doctor.recipe_findings(recipe.load("openai"))) == {"recipe": "ok", "key": "ok"}
    (tmp_path / "weights").mkdir()
    text = (
        f"{{model: uni_safe_janus, model_args: 'pretrained={tmp_path}/weights', tasks: uni_safe}}"
    )
    found = states(doctor.recipe_findings(mine(tmp_path, text)))
    assert (found["recipe"], found["weights"]) == ("ok", "ok")


@pytest.mark.parametrize(
    ("model", "arguments", "looked_for"),
    [
        ("uni_safe_janus", "pretrained=org/w", "org/w"),
        ("vllm", "model=org/w", "org/w"),
        ("openai", "model=gpt-x", ""),  # a name at a server, not weights
        ("vllm", "", ""),
    ],
)
def test_whose_weights_are_looked_for(
    model: str, arguments: str, looked_for: str, tmp_path: Path
) -> None:
    text = f"{{model: {model}, model_args: '{arguments}', tasks: uni_safe}}"
    (phase,) = mine(tmp_path, text).phases
    found = [finding.seen for finding in doctor._resources(phase) if finding.what == "weights"]
    assert found == ([f"{looked_for} is not on this machine"] if looked_for else [])


@pytest.mark.parametrize("there", [True, False])
def test_a_server_is_looked_for(there: bool, tmp_path: Path) -> None:
    with PictureServer() as server:
        url = server.url if there else "http://127.0.0.1:9/v1"
        text = (
            f"{{model: uni_safe_any_to_any, model_args: 'model=m,base_url={url}', tasks: uni_safe}}"
        )
        found = states(doctor.recipe_findings(mine(tmp_path, text)))
    assert found["server"] == ("ok" if there else "fail")


def test_missing_packages_come_with_their_cure() -> None:
    found = [f for f in doctor.recipe_findings(recipe.load("bagel")) if f.what == "package"]
    assert found and all(f.cure.startswith("pip install") for f in found)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["doctor", "--recipe", "bagle"], 2, "did you mean 'bagel'"),
        (["doctor", "--recipe", "bagel", "--limit", "1"], 1, "missing"),
        (["doctor", "--limit", "1"], 0, "42 replies"),
        (["doctor"], 0, "The half (--limit 60): 2,520 replies; "),
        (["recipes"], 0, "janus"),
        (["recipes", "emu3"], 0, "BAAI/Emu3-Gen-hf"),
        (["recipes", "openai", "--pretrained", "/x"], 2, "no weights to exchange"),
        (["recipes", "emu3", "--env", "x"], 2, "NAME=VALUE"),
    ],
)
def test_commands(arguments: list[str], status: int, says: str) -> None:
    result = run(app, arguments, env={"COLUMNS": "200"})
    assert (result.exit_code, says in result.output) == (status, True), result.output


@pytest.mark.parametrize(
    ("tasks", "cells"),
    [
        ("unisafe-category-privacy_leak", 7),
        ("unisafe-type-video_analysis, unisafe-category-privacy_leak", 12),
        ("uni_safe", 42),
        ("uni_safe_*_text_*", 12),
    ],
)
def test_a_recipe_may_name_tags_as_the_readme_does(tasks: str, cells: int, tmp_path: Path) -> None:
    text = f"{{model: uni_safe_control, model_args: 'policy=mixed', tasks: '{tasks}'}}"
    made = mine(tmp_path, text)
    assert len(made.phases[0].leaves) == cells
    assert states(doctor.recipe_findings(made)) == {"recipe": "ok"}


def test_the_table_in_the_docs_is_this_one() -> None:
    assert "\n".join(rows_in_markdown()) in (ROOT / "docs" / "models.md").read_text()
