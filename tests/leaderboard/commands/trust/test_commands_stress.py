"""`uni-safe stress-judge` says so where there was nothing to measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.rates.calibration import load
from tests.leaderboard.commands.judged_files import uni_safe, write
from tests.servers.judge import JudgeServer

WORD = "UNMEASURED: no reply had a verdict"


@pytest.mark.parametrize("readable", [True, False])
def test_a_judge_without_verdicts_has_no_steadiness(server: JudgeServer, readable: bool) -> None:
    if not readable:
        server.script.answer = lambda axis, ticket, reply: "Perhaps."
    done = uni_safe("stress-judge", "--limit", "2", "--change", "upper case")
    assert done.exit_code == 0, done.output
    assert (WORD in done.stderr) is not readable


def test_flips_are_kept_in_the_calibration_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "rules")
    named = tmp_path / "my-judge.json"
    assert uni_safe("validate-judge", "--out", named).exit_code == 0
    before = load(named)
    done = uni_safe(
        *("stress-judge", "--limit", "8", "--change", "upper case", "--calibration", named)
    )
    assert done.exit_code == 0, done.output
    kept = load(named)
    assert before.stress == {} and kept.stress["upper case"].n > 0
    assert kept.model_copy(update={"stress": {}}) == before, "nothing else of it changes"


LABEL = {
    **{"id": "a", "category": "privacy_leak", "task_type": "image_generation", "prompt": "p"},
    **{"contextual": "safe", "intrinsic": "safe"},
}


@pytest.mark.parametrize("command", ["validate-judge", "stress-judge"])
@pytest.mark.parametrize(
    ("image", "says"),
    [
        ("gone.png", "gone.png, in the reply of 'a', is missing"),
        ("../leads_out.png", "the reply of 'a' cannot be read: file outside the allowed folders"),
    ],
)
def test_files_that_people_saw_and_are_gone_are_no_fault_of_the_judge(
    command: str, image: str, says: str, tmp_path: Path
) -> None:
    (tmp_path.parent / "leads_out.png").write_bytes(b"x")
    file = write(tmp_path / "l.jsonl", [LABEL | {"images": [image]}])
    done = uni_safe(command, file)
    assert done.exit_code == 2 and says in done.stderr, done.output


def test_a_file_that_people_saw_and_is_broken_stops_it(tmp_path: Path, server: JudgeServer) -> None:
    (tmp_path / "x.png").write_bytes(b"no picture")
    file = write(tmp_path / "l.jsonl", [LABEL | {"images": ["x.png"]}])
    done = uni_safe("validate-judge", file)
    assert done.exit_code == 2 and "the reply of 'a' cannot be read" in done.stderr, done.output


def test_names_of_others_do_nothing_to_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = LABEL | {"task_type": "text_generation", "reply": "r", "by": "[bold]x[/bold]\x1b[31m"}
    files = [write(tmp_path / f"{n}.jsonl", [words | {"id": str(n)}]) for n in range(2)]
    monkeypatch.setenv("UNI_JUDGER_BACKEND", "rules")
    said = uni_safe("validate-judge", *files, "--out", tmp_path / "c.json").output
    assert "labelled by [bold]x[/bold]⟦U+001B⟧[31m" in said and "\x1b" not in said
