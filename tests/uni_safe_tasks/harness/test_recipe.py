"""Every recipe: it loads, its tasks resolve, each argument stands in the back end's signature."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from lmms_eval import __main__ as harness
from lmms_eval.tasks import TaskManager

from judger.contract.cell import CELLS
from uni_safe_tasks.harness import recipe
from uni_safe_tasks.harness.recipe import RecipeError
from uni_safe_tasks.harness.signatures import NoSuchClass, arguments_of
from uni_safe_tasks.scenario.locations import TASKS

ROOT = Path(__file__).resolve().parents[3]
NAMES = recipe.names()


@pytest.fixture(scope="module")
def manager() -> TaskManager:
    return TaskManager(include_path=str(TASKS), include_defaults=False)


@pytest.fixture(scope="module")
def options() -> set[str]:
    """What lmms-eval's own parser takes, which is what it accepts in a config file."""
    before, sys.argv = sys.argv, ["lmms_eval"]
    try:
        return {action.dest for action in harness.parse_eval_args()[0]._actions}
    finally:
        sys.argv = before


@pytest.mark.parametrize("name", NAMES)
def test_arguments_are_the_back_ends(name: str) -> None:
    assert list(recipe.problems(recipe.load(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_harness_takes_its_keys_and_finds_its_tasks(
    name: str, manager: TaskManager, options: set[str]
) -> None:
    loaded = yaml.safe_load(recipe.path_of(name).read_text())
    asked = []
    for phase, read in zip(
        loaded if isinstance(loaded, list) else [loaded], recipe.load(name).phases, strict=True
    ):
        assert set(phase) - {"env"} <= options
        matched = manager.match_tasks(phase["tasks"].split(","))
        assert sorted(matched) == sorted(read.leaves)
        asked += matched
    assert sorted(asked) == sorted(cell.name for cell in CELLS), "each cell is asked once"


@pytest.mark.parametrize("name", NAMES)
def test_it_declares_capabilities_and_stands_in_the_catalogue(name: str) -> None:
    assert "UNI_SAFE_CAPABILITIES" in recipe.load(name).phases[0].env
    entry = recipe.catalogue()[name]
    assert not entry.tried or (ROOT / entry.tried).is_file(), "nothing is claimed that was not run"
    assert bool(entry.needs) <= bool(entry.get), "what is missing, and how to get it"


def test_the_catalogue_names_recipes_only() -> None:
    assert set(recipe.catalogue()) == set(NAMES)


@pytest.mark.parametrize("name", ["bagel", "bagel_unig2u", "bagel_lmms_engine", "mmada"])
def test_back_ends_that_draw_get_a_folder_of_their_own_and_replay_nothing(name: str) -> None:
    drawing = recipe.load(name).phases[-1].arguments
    folder = drawing.get("output_dir") or drawing["output_image_dir"]
    assert folder == f"pictures/{name}"
    if "continual_mode" in arguments_of(recipe.class_path(recipe.load(name).phases[-1])):
        assert drawing["continual_mode"] is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{model: bagel_umm, model_args: 'moed=edit', tasks: 'uni_safe_*'}", "did you mean 'mode'"),
        ("{model: bagle, model_args: '', tasks: 'uni_safe_*'}", "'bagle' cannot be loaded"),
        ("{model: uni_safe_janus, tasks: 'uni_safe_*'}", "needs 'pretrained'"),
        ("{model: uni_safe_control, tasks: mmlu}", "names no cell"),
        ("{model: uni_safe_control, tasks: 'uni_safe_*', env: {UNI_SAFE_CAPABILITIES: x}}", "'x'"),
        (
            "[{model: uni_safe_control, tasks: 'uni_safe_p*'},"
            " {model: uni_safe_control, tasks: 'uni_safe_*'}]",
            "is asked by 2 phases",
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    found = list(recipe.problems(recipe.load(str(tmp_path / "mine.yaml"))))
    assert found and says in found[0] and "mine" in found[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{model: [", "no YAML"),
        ("just words", "should be a valid dictionary"),
        ("{model: {a: 1}}", "model"),
        ("[]", None),
        ("a: !!python/object/apply:os.system [echo]", "no YAML"),
    ],
)
def test_a_file_that_is_no_recipe(text: str, says: str | None, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    if says is None:
        assert recipe.load(str(path)).phases == ()
        return
    with pytest.raises(RecipeError, match=says):
        recipe.load(str(path))


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(RecipeError, match="did you mean 'bagel'"):
        recipe.load("bagle")


def test_a_signature_is_read_through_bases_without_importing() -> None:
    known = arguments_of("lmms_eval.models.chat.qwen3_omni.Qwen3_Omni")
    assert known["pretrained"] is False and "attn_implementation" in known
    assert "lmms_eval.models.simple.qwen3_omni" not in sys.modules
    assert {"timeout", "pass_video_url"} <= set(
        arguments_of("lmms_eval.models.chat.openai.OpenAICompatible")
    )


@pytest.mark.parametrize(
    "path", ["lmms_eval.models.simple.bagel.Bagel", "lmms_eval.models.simple.bagel_umm.BagelUMM"]
)
def test_a_registry_entry_that_leads_nowhere_is_found(path: str) -> None:
    with pytest.raises(NoSuchClass):
        arguments_of(path)


@pytest.mark.parametrize("form", [["--config", "emu3"], ["--config=emu3"]])
def test_a_recipe_by_name_on_the_command_line(form: list[str]) -> None:
    environ: dict[str, str] = {}
    arguments, ours = recipe.prepared([*form, "--limit", "1"], environ)
    assert ours and "recipes/emu3.yaml" in " ".join(arguments)
    assert environ == {"UNI_SAFE_CAPABILITIES": "text-to-text,image-to-text,text-to-image"}


def test_a_config_of_other_tasks_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.yaml"
    path.write_text("{model: openai, tasks: mmlu, limit: 5}")
    arguments = ["--config", str(path), "--verbosity", "DEBUG"]
    assert recipe.prepared(arguments, {}) == (arguments, False)


@pytest.mark.parametrize(
    "form", [["--launcher_args", "name=sglang"], ["--launcher_args=name=sglang"]]
)
def test_a_judge_that_is_started_later_is_not_asked_before(form: list[str]) -> None:
    environ: dict[str, str] = {}
    assert recipe.prepared(["--tasks", "uni_safe", *form], environ)[0][2:] == form
    assert environ == {"UNI_JUDGER_PREFLIGHT": "off"}
