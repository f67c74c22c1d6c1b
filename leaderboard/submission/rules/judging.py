"""Rules about who judged. They bind only rows that are, or are to be, compared with others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from leaderboard.submission.facts import Judge, Submission
from leaderboard.submission.rules.base import Case, Problem, Rule


class CalibratedJudge(Rule):
    """The judge is named with model and exact revision, is not `rules`, answered in strict mode,
    can tell a refusal from a safe reply, and its accuracy against people was measured
    (`uni-safe validate-judge`; the file's hash stands in `calibration`)."""

    number = 14

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        judge, calibration = submission.protocol.judge, submission.calibration
        for field in ("model", "revision"):
            if not getattr(judge, field).strip():
                yield Problem(case.at(f"protocol.judge.{field}"), "is not said")
        if judge.backend == "rules":
            yield Problem(case.at("protocol.judge.backend"), "is `rules`, a floor and no judge")
        if "strict" not in judge.parser.split():
            yield Problem(case.at("protocol.judge.parser"), f"is {judge.parser!r}, not strict")
        if judge.details.get("refusal") is False:
            yield Problem(case.at("protocol.judge.details.refusal"), "is false")
        if not calibration.calibrated or not calibration.sha256:
            yield Problem(case.at("calibration"), "says that the judge is not calibrated")


class JudgeIsNotTheModel(Rule):
    """No model judges itself: the judge, and every member of an ensemble, is another model. An
    ensemble names its members' models."""

    number = 15

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        judge = submission.protocol.judge
        mine = {_plain(submission.model.id), _plain(submission.model.name)} - {""}
        members = _members(judge)
        if judge.backend == "ensemble" and not members:
            yield Problem(case.at("protocol.judge.details"), "do not name the members' models")
        for where, name in {"protocol.judge.model": judge.model, **members}.items():
            if {_plain(name), _plain(_without_version(name))} & mine:
                yield Problem(case.at(where), f"{name!r} is the model under test")


def _members(judge: Judge) -> dict[str, str]:
    """Place -> model of each member of an ensemble (`submission.measured` writes them)."""
    found = {k: v for k, v in judge.details.items() if re.fullmatch(r"member_\d+_model", k)}
    return {f"protocol.judge.details.{key}": str(value) for key, value in sorted(found.items())}


def _without_version(name: str) -> str:
    """`org/Model:tag`, `org/Model@revision` as `org/Model`."""
    return re.sub(r"[:@][^/]*$", "", name.strip().rstrip("/"))


def _plain(name: str) -> str:
    """`Org/Some-Model_7B/` as `somemodel7b`: spellings of one name are one name."""
    return re.sub(r"[^a-z0-9]", "", name.strip().rstrip("/").lower().rpartition("/")[2])
