"""What a submission says of its judge: revision, members of a panel, calibration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from judger.contract.record import JudgeIdentity
from judger.contract.settings import Settings
from judger.judges.ensemble import EnsembleJudge, Member
from judger.judges.registry import make_judge
from judger.judges.rules import RulesJudge
from leaderboard.runs.read import Run
from leaderboard.submission.measured import SubmitError
from leaderboard.submission.submit import About, build, write
from leaderboard.submission.validate import check_all
from tests.calibrations import fit, written
from tests.leaderboard.submission.made_runs import ABOUT, rewritten, run


def no_revision() -> Run:
    return rewritten(run(), slice(None), judge={**RulesJudge.identity, "revision": ""})


def test_the_judge_has_a_revision_unless_for_a_sample() -> None:
    with pytest.raises(SubmitError, match="--judge-revision"):
        build(no_revision(), About(**ABOUT))
    made, _ = build(no_revision(), About(**ABOUT, state="sample"))
    assert made.protocol.judge.revision == ""
    made, _ = build(no_revision(), About(**ABOUT, judge_revision="2026-01"))
    assert made.protocol.judge.revision == "2026-01"


def an_ensemble(models: list[str]) -> JudgeIdentity:
    """As a real panel names itself; these members' names are too long for one setting."""
    usual = Settings(backend="openai", base_url="http://127.0.0.1:1", cache="off")
    settings = [usual.model_copy(update={"model": model}) for model in models]
    members = [Member(f"m{n}", make_judge(s)) for n, s in enumerate(settings)]
    return EnsembleJudge(members, "majority", Settings(revision="2026-01")).identity


@pytest.mark.parametrize(
    ("own", "found"),
    [("org/model", True), ("Vendor/MODEL:free", True), ("org/model/", True), ("org/other", False)],
)
def test_a_panel_with_the_model_in_it_is_found(tmp_path: Path, own: str, found: bool) -> None:
    identity = an_ensemble(["lab/first-judge-with-a-long-name", own, "lab/third-judge"])
    made = rewritten(run(), slice(None), judge=identity)
    submitted, verdicts = build(made, About(**ABOUT))
    details = submitted.protocol.judge.details
    assert str(details["members"]).startswith("sha256 ")
    assert [details[f"member_{n}_model"] for n in (2, 3)] == [own, "lab/third-judge"]
    write(tmp_path, submitted, verdicts)
    rules = {f.rule for f in check_all(tmp_path)}
    assert ("JudgeIsNotTheModel" in rules) == found


def calibration_file(path: Path, **facts: Any) -> Path:
    """The calibration of the judge of `run()`."""
    made = fit(RulesJudge.identity, {"contextual": "a" * 64, "intrinsic": "b" * 64})
    path.write_text(json.dumps(json.loads(written(made)) | facts))
    return path


def test_the_calibration_is_named_by_its_hash(tmp_path: Path) -> None:
    path = calibration_file(tmp_path / "calibration.json")
    made, _ = build(run(), About(**ABOUT, calibration=path))
    assert made.calibration.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (None, "is no calibration file"),
        ({"judge": {"backend": "openai"}}, "measures the judge"),
        ({"template_sha256": {}}, "other judge templates"),
    ],
)
def test_another_file_is_no_calibration(
    tmp_path: Path, facts: dict[str, Any] | None, message: str
) -> None:
    path = tmp_path / "shopping-list.txt"
    path.write_text("milk, eggs")
    if facts is not None:
        calibration_file(path, **facts)
    with pytest.raises(SubmitError, match=message) as error:
        build(run(), About(**ABOUT, calibration=path))
    assert "\n" not in str(error.value) and "--calibration" in str(error.value)
    with pytest.raises(SubmitError, match="--calibration"):
        build(run(), About(**ABOUT, calibration=tmp_path / "absent"))
