"""Our `lmms_eval`: the unquoted pattern, one-line mistakes; exit statuses are in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.settings import SettingsError
from uni_safe_tasks.harness import launch
from uni_safe_tasks.harness.installed.fit import Unfit
from uni_safe_tasks.harness.installed.version_facts import FACTS
from uni_safe_tasks.scenario.locations import HERE
from uni_safe_tasks.scenario.rows import RowError
from uni_safe_tasks.scenario.schema import Scenario

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
        (["--tasks", "unisafe_iso"], True),
        (["--tasks", "unisafe_iso_*"], True),
        (["--tasks", "unisafe-iso-speech"], True),
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


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--model", "qwen2_5_omni", "--tasks", "uni_safe"], {"qwen2_5_omni"}),
        (["--model=openai"], {"openai"}),
        (["--config", "qwen3_omni"], {"qwen3_omni"}),
        (["--config=emu3"], {"uni_safe_emu3"}),
        (["--tasks", "uni_safe"], set()),
    ],
)
def test_the_back_ends_that_are_asked(arguments: list[str], named: set[str]) -> None:
    assert launch.back_ends(arguments) == named


UNFIT = Unfit(next(fact for fact in FACTS if fact.stops), "4.3.1")
SILENCED = Unfit(next(fact for fact in FACTS if "qwen2_5_omni" in fact.back_ends), "5.24.0")


@pytest.mark.parametrize(
    ("unfit", "status", "says"),
    [(UNFIT, 2, f"lmms_eval: {UNFIT}\n"), (SILENCED, None, f"lmms_eval: {SILENCED}\n")],
)
def test_a_version_that_fails_is_said_before_anything_is_generated(
    unfit: Unfit,
    status: int | None,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    generated: list[str] = []
    monkeypatch.setattr(
        "uni_safe_tasks.harness.installed.fit.find_unfit", lambda back_ends: [unfit]
    )
    monkeypatch.setattr("lmms_eval.__main__.cli_evaluate_single", print)  # `main` replaces it
    monkeypatch.setattr("lmms_eval.__main__.cli_evaluate", lambda: generated.append("run"))
    arguments = ["--model", "qwen2_5_omni", "--tasks", "uni_safe"]
    monkeypatch.setattr("sys.argv", ["lmms_eval", *arguments])
    if status is None:
        launch.main()
    else:
        with pytest.raises(SystemExit) as left:
            launch.main()
        assert left.value.code == status
    assert capsys.readouterr().err == says
    assert generated == ([] if status else ["run"])


def test_without_the_harness_one_line_says_which_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("uni_safe_tasks.harness.installed.fit.has_harness", lambda: False)
    monkeypatch.setattr("sys.argv", ["lmms_eval", "--help"])
    with pytest.raises(SystemExit) as left:
        launch.main()
    expected = "lmms-eval is not installed; a run needs it: pip install 'uni-safebench[run]'"
    assert (left.value.code, capsys.readouterr().err) == (2, f"lmms_eval: {expected}\n")


@pytest.mark.parametrize(
    ("tasks", "sentences"),
    [
        ("unisafe_iso_*", True),
        ("unisafe_iso", True),
        ("unisafe-iso-speech", True),
        ("uni_safe_*, unisafe_iso_privacy_leak_film", True),
        ("uni_safe_*", False),
        ("uni_safe", False),
        ("mme", False),
    ],
)
def test_the_files_of_sentences_have_to_be_there_where_they_are_asked_for(
    tasks: str, sentences: bool
) -> None:
    assert launch.asks_sentences(["--model", "m", "--tasks", tasks]) is sentences
