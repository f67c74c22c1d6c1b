"""Rules that look at several submissions, at their states, and at what looks private."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from leaderboard.submission.facts import SUBMISSION, VERDICTS, State
from leaderboard.submission.validate import check, check_collection
from tests.leaderboard.breaking import Break, drop_line, put
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submissions import dumped


@pytest.mark.parametrize("state", ["sample", "withdrawn"])
def test_samples_need_not_be_eligible_but_must_be_true(draft: Draft, state: str) -> None:
    for change in (put("harness.limit", 6.0), put("calibration.calibrated", False)):
        change(draft)
    put("model.revision", "main")(draft)
    put("status.state", state)(draft)
    assert check(draft.case()) == []
    put("cells.0.counts.harmful.safe_safe", 40)(draft)
    assert [f.rule for f in check(draft.case())] == ["CountsRecompute"]


def test_only_a_sample_with_a_limit_may_be_a_part(draft: Draft) -> None:
    drop_line(draft)
    put("status.state", "sample")(draft)
    assert [f.rule for f in check(draft.case())] == ["ItemsOfTheData"]
    put("harness.limit", 6.0)(draft)
    assert check(draft.case()) == []


def test_accepted_submissions_may_change_their_status_only(draft: Draft) -> None:
    case = draft.case()
    before = {f"{case.relative}/{name}": data for name, data in case.files.items()}
    assert check_collection([case], before) == []
    withdrawn = dict(draft.made, status={"state": "withdrawn", "since": "2026-03-01", "note": ""})
    changed = draft.case(**dict[str, Any]({SUBMISSION: dumped(withdrawn)}))
    assert check_collection([changed], before) == []
    gone = check_collection([], before)
    assert {(f.rule, f.what) for f in gone} == {("AppendOnly", "was accepted and is gone")}
    verdicts = case.files[VERDICTS].replace(b'"unsafe"', b'"safe"', 1)
    rewritten = check_collection([draft.case(**dict[str, Any]({VERDICTS: verdicts}))], before)
    assert [f.where for f in rewritten] == [f"{case.relative}/{VERDICTS}"]
    put("people.submitter", "Somebody else")(draft)
    renamed = draft.case(seal=False, relative=case.relative)
    assert [f.rule for f in check_collection([renamed], before)] == ["AppendOnly"]


@pytest.mark.parametrize(
    ("before", "accepted"),
    [("listed", True), ("archived", True), ("pending", False), ("sample", False), (None, False)],
)
def test_only_what_was_listed_is_archived(draft: Draft, before: str | None, accepted: bool) -> None:
    baseline: dict[str, bytes] = {}
    if before:
        put("status.state", before)(draft)
        case = draft.case()
        baseline = {f"{case.relative}/{name}": data for name, data in case.files.items()}
    put("status.state", "archived")(draft)
    assert (check_collection([draft.case()], baseline) == []) == accepted


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        (put("people.submitter", "Somebody else"), False),
        (put("model.id", "ORG/Model"), False),
        (put("model.id", "org/mo-del"), True),
        (put("model.revision", "0123ABC"), False),
        (put("model.revision", "fedcba9"), False),  # a re-roll: open weights are one row
        (put("protocol.generation.temperature", 1.0), True),
        (put("status.state", "withdrawn"), True),
    ],
)
def test_one_listed_row(draft: Draft, change: Break, accepted: bool) -> None:
    first = draft.case()
    change(draft)
    found = {f.rule for f in check_collection([first, draft.case()])}
    assert ("OneListedRow" not in found) is accepted


def test_each_version_of_closed_weights_may_have_a_row(draft: Draft) -> None:
    put("model.weights", "closed")(draft)
    cases = []
    for version in ("2026-01-15", "2026-05-01", "2026-05-01"):
        put("model.revision", version)(draft)
        cases.append(draft.case())
    assert "OneListedRow" not in {f.rule for f in check_collection(cases[:2])}
    assert "OneListedRow" in {f.rule for f in check_collection(cases)}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("org/Model-7B", "org/model_7b", True),
        ("org/Model-1.5B", "Org/model-1_5b", True),
        ("org/model-1.5b", "org/model-15b", False),
        ("org/model", "lab/model", False),
    ],
)
def test_spellings_of_a_name(draft: Draft, first: str, second: str, same: bool) -> None:
    cases = []
    for name in (first, second):
        put("model.id", name)(draft)
        cases.append(draft.case())
    assert ("OneListedRow" in {f.rule for f in check_collection(cases)}) is same


@pytest.mark.parametrize(
    ("state", "accepted"),
    [(state, state in ("pending", "sample")) for state in get_args(State)],
)
def test_what_is_new_is_not_listed_by_itself(draft: Draft, state: str, accepted: bool) -> None:
    put("status.state", state)(draft)
    found = check_collection([draft.case()], {})
    assert [(f.rule, f.where.rpartition(" ")[2]) for f in found] == (
        [] if accepted else [("AppendOnly", "status.state")]
    )
    assert check_collection([draft.case()]) == []  # nothing to compare with


@pytest.mark.parametrize("before", [b"", b"null", b"{}", b'{"status": 3}', b'{"status": {}}'])
def test_an_odd_earlier_state_is_no_exception(draft: Draft, before: bytes) -> None:
    case = draft.case()
    found = check_collection([case], {f"{case.relative}/{SUBMISSION}": before})
    assert {f.rule for f in found} == {"AppendOnly"}
