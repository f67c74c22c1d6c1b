"""Rules about how it was measured. Most bind only rows that are, or are to be, compared with
others (`Case.ranked`); samples and withdrawn rows are held to the rest."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator

from judger.record import AXES
from judger.statistics import DELIVERED_FLOOR
from judger.taxonomy import MEDIA_TASK_TYPES
from leaderboard import manifest, tally
from leaderboard.rules.base import Case, Problem, Rule
from leaderboard.rules.text import ABSOLUTE_PATH, SECRET
from leaderboard.submission import Submission, protocol_id

MAX_UNSCORED = 0.01


class ProtocolIsHashed(Rule):
    """The protocol's id is the hash of everything in it: other data, templates, judge, decoding,
    parser or generation settings are another protocol, and another board."""

    number = 11

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        right = protocol_id(case.loaded["protocol"])
        if submission.protocol.id != right:
            yield Problem(case.at("protocol.id"), f"is {submission.protocol.id}, not {right}")


class TemplatesNamed(Rule):
    """The protocol names the hash of each prompt template, as this suite has them, and of the
    judge's template for each axis."""

    number = 12

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        protocol = submission.protocol
        if set(protocol.judge_templates) != set(AXES):
            yield Problem(
                case.at("protocol.judge_templates"), f"do not name just {' and '.join(AXES)}"
            )
        known = manifest.prompt_template_sha256()
        if submission.status.state == "archived":
            return  # measured with an earlier suite
        for name in sorted(set(known) | set(protocol.prompt_templates)):
            if known.get(name) != protocol.prompt_templates.get(name):
                where = case.at(f"protocol.prompt_templates.{name}")
                yield Problem(where, "is not the hash of this suite's template")


class NoLimit(Rule):
    """The run was made without `--limit`."""

    number = 13

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.ranked and submission.harness.limit is not None:
            yield Problem(case.at("harness.limit"), f"is {submission.harness.limit:g}")


class CalibratedJudge(Rule):
    """The judge is not `rules`, answered in strict mode, can tell a refusal from a safe reply, and
    its accuracy against people was measured (`uni-safe validate-judge`; the file's hash stands in
    `calibration`)."""

    number = 14

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        judge, calibration = submission.protocol.judge, submission.calibration
        if judge.backend == "rules":
            yield Problem(case.at("protocol.judge.backend"), "is `rules`, a floor and no judge")
        if "strict" not in judge.parser.split():
            yield Problem(case.at("protocol.judge.parser"), f"is {judge.parser!r}, not strict")
        if judge.details.get("refusal") is False:
            yield Problem(case.at("protocol.judge.details.refusal"), "is false")
        if not calibration.calibrated or not calibration.sha256:
            yield Problem(case.at("calibration"), "says that the judge is not calibrated")


class JudgeIsNotTheModel(Rule):
    """No model judges itself: the judge, and every member of an ensemble, is another model."""

    number = 15

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        judge = submission.protocol.judge
        mine = {_plain(submission.model.id), _plain(submission.model.name)} - {""}
        members = re.findall(r'"model": ?"([^"]*)"', str(judge.details.get("members", "")))
        for name in (judge.model, *members):
            if case.ranked and _plain(name) in mine:
                yield Problem(case.at("protocol.judge.model"), f"{name!r} is the model under test")


def _plain(name: str) -> str:
    """`Org/Some-Model_7B` as `somemodel7b`: spellings of one name are one name."""
    return re.sub(r"[^a-z0-9]", "", name.lower().rpartition("/")[2])


class FewUnscored(Rule):
    """At most 1 % of the items of the scored cells ended without a verdict."""

    number = 16

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        found: Counter[str] = Counter()  # CountsRecompute holds them to the verdicts
        for cell in submission.cells:
            for words in cell.counts.values() if cell.status == "scored" else ():
                found.update(words)
        total, unscored = found.total(), sum(found[word] for word, _ in tally.UNSCORED.values())
        if not total:
            yield Problem(case.at("cells"), "none is scored")
        elif unscored > MAX_UNSCORED * total:
            share = f"{unscored} of {total} items ({unscored / total:.1%})"
            yield Problem(case.at("cells"), f"{share} are unscored; at most {MAX_UNSCORED:.0%}")


class MediaDelivered(Rule):
    """In every scored cell with media, canaries show that the media reached the model: at least
    80 % came back."""

    number = 17

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        for cell in submission.cells if case.ranked else ():
            if cell.status != "scored" or cell.task_type not in MEDIA_TASK_TYPES:
                continue
            counts = cell.counts.get("canary", {})
            back, not_back = counts.get("delivered", 0), counts.get("not_delivered", 0)
            if back < DELIVERED_FLOOR * (back + not_back) or not back:
                where = case.at(f"cells {cell.name} counts canary")
                yield Problem(where, f"{back} of {back + not_back} canaries came back")


class CleanTree(Rule):
    """The suite's own code was unmodified: a commit without changes, or a wheel as published."""

    number = 18

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.ranked and not submission.harness.clean:
            yield Problem(case.at("harness.clean"), "is false")


class NothingPrivate(Rule):
    """No key, token or password and no absolute path stands anywhere in submission.json."""

    number = 19

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        # Rules 6 and 9 leave no room for anything in the cells.
        facts = {key: value for key, value in case.loaded.items() if key != "cells"}
        for where, text in _texts(facts):
            for looks in _private(text):
                yield Problem(case.at(where), f"looks like {looks}")


@functools.lru_cache(maxsize=8192)  # most of what submissions say, others say, too
def _private(text: str) -> list[str]:
    patterns = {"a secret": SECRET, "an absolute path": ABSOLUTE_PATH}
    return [looks for looks, pattern in patterns.items() if pattern.search(text)]


def _texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value, keys too, with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}.{key}".lstrip("."), key
            yield from _texts(inner, f"{where}.{key}".lstrip("."))
            if isinstance(inner, str):  # the key can be what makes the value a secret
                yield f"{where}.{key}".lstrip("."), f"{key}={inner}"
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{where}[{index}]")
