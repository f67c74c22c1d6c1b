"""Rules about a submission's files: which, where, sealed how."""

from __future__ import annotations

from collections.abc import Iterator

from leaderboard.submission.facts import (
    CALIBRATION,
    SUBMISSION,
    VERDICTS,
    Submission,
    content_id,
    dumped,
)
from leaderboard.submission.rules.base import Case, FileRule, Problem, Rule


class KnownFilesOnly(FileRule):
    """A submission is a folder with submission.json (at most 256 KiB), verdicts.jsonl (at most
    8 MiB) and, where its judge was measured, calibration.json (at most 256 KiB), and nothing else.
    All are plain files, the folder is no link."""

    number = 1

    def check(self, case: Case) -> Iterator[Problem]:
        for name in sorted({SUBMISSION, VERDICTS} - set(case.files)):
            yield Problem(case.at(file=name), "is missing, too large, or no plain file")
        for name in sorted(set(case.files) - {SUBMISSION, VERDICTS, CALIBRATION}):
            yield Problem(case.at(file=name), "does not belong here")


class ValidSchema(FileRule):
    """All files follow the schema: every field present, of its type and form, and no other. Reading
    stops at the first few faults, and verdicts.jsonl has at most 20,000 lines."""

    number = 2

    def check(self, case: Case) -> Iterator[Problem]:
        yield from case.faults


class PathNamesModel(Rule):
    """The folder is named after what is in it: `<organisation>__<model>/<id>`."""

    number = 3

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.relative != submission.folder:
            yield Problem(case.at("id"), f"belongs into {submission.folder}")


class SealedContent(Rule):
    """The id is the hash of everything but the status, so that nothing changes unseen; the files
    are written as `uni-safe submit` writes them."""

    number = 4
    WRONG_FORM = "is not in the form that `uni-safe submit` writes"

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if submission.id != (right := content_id(case.loaded)):
            yield Problem(case.at("id"), f"is {submission.id}, the content's is {right}")
        if case.files[SUBMISSION] != dumped(case.loaded):
            yield Problem(case.at(), self.WRONG_FORM)
        if (
            case.verdicts is None or not case.verdicts.exact
        ):  # something could be said twice, or hidden
            yield Problem(case.at(file=VERDICTS), self.WRONG_FORM)


class ChecksumsMatch(Rule):
    """The artefacts name verdicts.jsonl with its true size and SHA-256, and each file once."""

    number = 5

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        truth = len(case.files[VERDICTS]), case.digests[VERDICTS]
        named = [a for a in submission.artefacts if a.name == VERDICTS]
        if not named:
            yield Problem(case.at("artefacts"), f"do not name {VERDICTS}")
        for artefact in named:
            if (artefact.bytes, artefact.sha256) != truth:
                yield Problem(case.at(f"artefacts {VERDICTS}"), f"is not {truth[0]} B {truth[1]}")
        names = [artefact.name for artefact in submission.artefacts]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(case.at(f"artefacts {name}"), "stands there more than once")
