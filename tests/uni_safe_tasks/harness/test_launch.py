"""Our `lmms_eval`: the unquoted pattern, one-line mistakes; exit statuses are in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.bridges.harness import Share
from judger.contract.settings import SettingsError
from uni_safe_tasks.harness import launch
from uni_safe_tasks.suite.locations import HERE
from uni_safe_tasks.suite.rows import RowError
from uni_safe_tasks.suite.schema import Scenario

ROOT = HERE.parent


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--tasks", "uni_safe_tasks"], ["--tasks", "uni_safe_*"]),
        (["--tasks=uni_safe_tasks"], ["--tasks=uni_safe_*"]),
        (["--tasks", str(HERE)], ["--tasks", "uni_safe_*"]),
        (["--tasks", "uni_safe"], ["--tasks", "uni_safe"]),
        (["--tasks", "mme,uni_safe_*"], ["--tasks", "mme,uni_safe_*"]),
        (["--output_path", "uni_safe_tasks"], ["--output_path", "uni_safe_tasks"]),
        (["--limit", "2"], ["--limit", "2"]),
    ],
)
def test_mended(arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert launch.mended(arguments) == expected


def test_a_folder_of_that_name_elsewhere_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uni_safe_tasks").mkdir()
    monkeypatch.chdir(tmp_path)
    assert launch.mended(["--tasks", "other_tasks"]) == ["--tasks", "other_tasks"]


@pytest.mark.parametrize(
    ("arguments", "ours"),
    [
        (["--model", "dummy", "--tasks", "uni_safe"], True),
        (["--model", "dummy", "--tasks=uni_safe"], True),
        (["--tasks", "uni_safe_*"], True),
        (["--tasks", "mme, uni_safe_privacy_leak_text_generation"], True),
        (["--tasks", "uni_safebench"], True),
        (["--tasks", "uni_safebench_*"], True),
        (["--tasks", "unisafe-type-video_analysis"], True),
        (["--tasks", "unisafe_items"], True),
        (["--tasks", "*_text_understanding"], True),
        (["--config", "emu3"], True),
        (["--config=emu3"], True),
        (["--config", "CONFIG of unisafe-category-privacy_leak"], True),
        (["--config", "CONFIG of uni_safebench"], True),
        (["--config", "CONFIG of mmlu"], False),
        (["--model", "uni_safe_control", "--tasks", "mme"], False),
        (["--output_path", "runs/uni_safe_x", "--tasks", "mme,mm*"], False),
        (["--tasks", "list"], False),
        ([], False),
    ],
)
def test_only_the_tasks_tell_whether_ours_are_asked(
    arguments: list[str], ours: bool, tmp_path: Path
) -> None:
    if arguments[-1:] and arguments[-1].startswith("CONFIG of "):
        path = tmp_path / "run.yaml"
        path.write_text(f"{{model: dummy, tasks: '{arguments[-1].removeprefix('CONFIG of ')}'}}")
        arguments = [*arguments[:-1], str(path)]
    assert launch.asks_ours(arguments) is ours


@pytest.mark.parametrize("tasks", ["uni_safe", "unisafe-type-text_generation", "uni_safebench"])
def test_a_malformed_line_is_one_line_whatever_of_ours_is_asked(
    tasks: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def malformed() -> list[Scenario]:
        raise RowError("privacy_leak.jsonl:7: intent: Field required")

    monkeypatch.setattr(launch, "validate_all", malformed)
    monkeypatch.setattr("lmms_eval.__main__.cli_evaluate_single", print)  # `main` replaces it
    monkeypatch.setattr("sys.argv", ["lmms_eval", "--model", "dummy", "--tasks", tasks])
    with pytest.raises(SystemExit) as left:
        launch.main()
    assert left.value.code == 2
    assert capsys.readouterr().err == "lmms_eval: privacy_leak.jsonl:7: intent: Field required\n"


@pytest.mark.parametrize(
    ("bound", "says"),
    [("", []), ("0.5", ["a: unscored 75.0% is above UNI_JUDGER_MAX_UNSCORED=0.5"])],
)
def test_too_much_unscored_is_a_failed_run(
    bound: str, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_MAX_UNSCORED", bound)
    found = {"results": {"a": {"unscored,none": Share(0.75, 4)}, "b": {"unscored,none": None}}}
    assert launch._too_many_unscored(found) == says
    assert launch._too_many_unscored(None) == []


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"UNI_JUDGER_BACKEND": "oracle"}, "'oracle' is no judge"),
        ({"UNI_JUDGER_BACKEND": "openai"}, "UNI_JUDGER_MODEL is not set"),
        (
            {
                "UNI_JUDGER_BACKEND": "openai",
                "UNI_JUDGER_MODEL": "m",
                "UNI_JUDGER_BASE_URL": "http://127.0.0.1:9/v1",
                "UNI_JUDGER_RETRIES": "0",
            },
            "cannot be asked",
        ),
    ],
)
def test_a_judge_that_cannot_work_is_said_before_anything_is_paid_for(
    environ: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says) as caught:
        launch.before_anything_is_paid_for()
    assert "\n" not in str(caught.value)
