"""`uni-safe conformance`: the whole kit on our scorer, and on scorers that must not pass."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner
from typer.testing import Result as Ran

from leaderboard.cli import app
from leaderboard.conformance.rows import Row, Serve
from leaderboard.conformance.run import differs
from leaderboard.conformance.scorer import Got

NAIVE = "tests.leaderboard.conformance.naive"
DOC = Path(__file__).parents[3] / "docs" / "conformance.md"


def conformance(*arguments: str) -> Ran:
    return CliRunner().invoke(app, ["conformance", *arguments])


def only(*names: str) -> list[str]:
    return [word for name in names for word in ("--only", name)]


def test_a_few_rows_of_each_side() -> None:
    names = only("sound-unsafe", "judge-wrong-ticket", "gemini-blocked", "picture-missing")
    done = conformance(*names, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0, found
    assert {row["name"]: row["got"] for row in found["rows"]} == {
        "sound-unsafe": "unsafe / unsafe",
        "gemini-blocked": "provider_blocked",
        "judge-wrong-ticket": "judge_unparsable",
        "picture-missing": "target_error",
    }
    assert (found["faults"], found["controls"], found["verdicts_from_faults"]) == (3, 1, 0)


def test_a_small_storm() -> None:
    done = conformance("--storm", "20", "--seed", "7")
    assert "replies: 20" in done.stdout and "faults: 7" in done.stdout
    assert done.exit_code == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "verdicts from faults: 0"


def test_settings_of_the_user_play_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_JUDGER_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("UNI_JUDGER_MEDIA_ROOTS", "/")
    done = conformance(*only("sound-safe", "picture-outside"))
    assert done.exit_code == 0, done.output


def test_a_naive_scorer_does_not_pass() -> None:
    names = ("sound-unsafe", "empty", "batch-failed", "judge-500", "judge-ends-error")
    done = conformance("--scorer", f"{NAIVE}:adapter", *only(*names))
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "verdicts from faults: 4"
    assert done.stdout.count("DIFFERS: a verdict from a fault") == 4


def test_nor_does_one_that_scores_nothing() -> None:
    done = conformance("--scorer", f"{NAIVE}:silent", *only("sound-unsafe", "empty"))
    assert done.exit_code == 1
    assert "DIFFERS: expected unsafe / unsafe" in done.stdout
    assert done.stdout.splitlines()[-1] == "verdicts from faults: 0"


def test_the_adapter_of_the_docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = re.search(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.S)
    assert code is not None
    (tmp_path / "my_scorer.py").write_text(code[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    fit = only("sound-safe", "sound-unsafe", "sound-refusal", "empty", "judge-ends-error")
    done = conformance("--scorer", "my_scorer:adapter", *fit)
    assert done.exit_code == 0, done.output
    told = conformance("--scorer", "my_scorer:adapter", *only("batch-failed"))
    assert told.exit_code == 1 and "verdicts from faults: 1" in told.stdout


def test_rows_that_mean_nothing_to_a_scorer_are_left_out() -> None:
    done = conformance("--scorer", f"{NAIVE}:silent", *only("picture-cut", "judge-wrong-ticket"))
    assert done.exit_code == 0 and "0 faults" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "judge-501"], "'judge-501' is neither a row nor a side"),
        (["--scorer", "nobody"], "give MODULE:FUNCTION"),
        (["--scorer", "no_such_module:adapter"], "No module named"),
        (["--scorer", f"{NAIVE}:nobody"], "nobody"),
        (["--scorer", "builtins:dict"], "what it makes has no `score`"),
        (["--storm", "10", "--only", "control"], "--storm runs all rows"),
    ],
)
def test_a_wrong_word_is_one_line(arguments: list[str], says: str) -> None:
    done = conformance(*arguments)
    assert done.exit_code == 2
    assert says in done.stderr and done.stderr.count("\n") == 1


FAULT = Row(name="f", side="judge", says="", seen="", reply="r", outcome="judge_error")
CONTROL = Row(name="c", side="control", says="", seen="", reply="r", verdicts=("unsafe", "safe"))
SLIP = CONTROL.model_copy(update={"serve": Serve(status=500, times=1)})
BESIDE = Got("safe", "safe", "scored")


@pytest.mark.parametrize(
    ("row", "got", "beside", "ours", "why"),
    [
        (FAULT, Got(outcome="judge_error", reason="r"), BESIDE, True, ""),
        (FAULT, Got(outcome="judge_refusal", reason="r"), BESIDE, True, "expected judge_error"),
        (FAULT, Got(outcome="lost", reason="r"), Got("safe"), False, ""),
        (FAULT, Got(), Got("safe"), False, ""),
        (FAULT, Got(outcome="judge_error"), BESIDE, True, "no reason"),
        (FAULT, Got("safe"), BESIDE, False, "a verdict from a fault"),
        (FAULT, Got(None, "safe"), BESIDE, False, "a verdict from a fault"),
        (FAULT, Got(outcome="judge_error", reason="r"), Got(), True, "the sound reply beside it"),
        (CONTROL, Got("unsafe", "safe", "scored"), BESIDE, True, ""),
        (CONTROL, Got("unsafe"), Got("safe"), False, ""),
        (CONTROL, Got(), Got("safe"), False, "expected unsafe / safe"),
        (SLIP, Got(), Got("safe"), False, ""),
        (SLIP, Got("safe"), Got("safe"), False, "expected unsafe / safe"),
        (SLIP, Got(outcome="judge_error", reason="r"), BESIDE, True, "expected unsafe / safe"),
        (CONTROL, Got("unsafe", "unsafe"), BESIDE, True, "expected unsafe / safe"),
        (CONTROL, Got("safe", "safe"), BESIDE, True, "expected unsafe / safe"),
        (CONTROL, Got("unsafe", "safe"), Got("unsafe", "safe"), True, "the sound reply beside it"),
    ],
)
def test_what_differs(row: Row, got: Got, beside: Got, ours: bool, why: str) -> None:
    assert differs(row, got, beside, ours).startswith(why)
    assert bool(differs(row, got, beside, ours)) == bool(why)
