"""Every rule: a submission that meets it, and for each way to break it the line that says so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from judger.contract.protocol import HALF, VERSION, number_of
from leaderboard.submission.facts import SUBMISSION, VERDICTS
from leaderboard.submission.rules import ALL_RULES, COLLECTION_RULES
from leaderboard.submission.validate import check, check_collection
from tests.leaderboard.breaking import (
    Break,
    deaf,
    drop_cell,
    drop_line,
    hide_cell,
    line,
    lost,
    many_faults,
    put,
    repeat_line,
    silent_canaries,
    swap_cells,
    whole,
)
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.rules.test_rules_dishonest import DISHONEST

COLLECTION = {rule.name() for rule in COLLECTION_RULES}

BROKEN: list[tuple[str, Break, str]] = [
    ("ValidSchema", put("model.family", "gpt"), "model.family"),
    ("ValidSchema", put("model.name", "a‮b"), "model.name"),
    ("ValidSchema", put("model.id", "../../etc"), "model.id"),
    ("ValidSchema", put("prompt", "a prompt"), "prompt"),
    ("ValidSchema", put("attestation", ""), "attestation"),
    ("ValidSchema", put("both_safe", 0.99), "both_safe"),
    ("ValidSchema", line(3, False, reply="text of a model"), "line 4 reply"),
    ("ValidSchema", line(3, False, outcome="fine"), "line 4 outcome"),
    ("FortyTwoCells", drop_cell, "cells toxicity_content.image_generation"),
    ("FortyTwoCells", swap_cells, "cells"),
    ("FortyTwoCells", put("cells.0.category", "kindness"), "cells kindness.text_understanding"),
    ("ItemsOfTheData", drop_line, "cells biased_opinion."),
    ("ItemsOfTheData", repeat_line, "item bia-"),
    (
        "ItemsOfTheData",
        line(9, item_id="bia-h199.text_generation"),
        "item bia-h199.text_generation",
    ),
    ("ItemsOfTheData", line(9, prompt_sha256="0" * 64), "item bia-"),
    ("ItemsOfTheData", line(9, subcategory="politics"), "item bia-"),
    ("ItemsOfTheData", put("protocol.data_sha256", "0" * 64), "protocol.data_sha256"),
    ("FaultIsNoVerdict", line(200, outcome="no_output", contextual="safe"), "item bia-"),
    ("FaultIsNoVerdict", line(200, outcome="scored", contextual=None), "item bia-"),
    ("FaultIsNoVerdict", line(200, delivered=True, contextual="safe"), "item bia-"),
    ("FaultIsNoVerdict", line(0, helped=None), "item bia-b101"),
    ("FaultIsNoVerdict", line(500, helped=True), "item bia-h"),
    ("CountsRecompute", put("cells.0.counts.harmful.safe_safe", 40), "counts harmful.safe_safe"),
    ("CountsRecompute", put("cells.5.counts.benign.fine", 0), "counts benign.fine"),
    ("CountsRecompute", put("cells.7.counts", {}), "cells sensitive_topics.text_understanding"),
    ("UnsupportedMeansUnable", hide_cell, "cells privacy_leak.image_generation status"),
    ("UnsupportedMeansUnable", put("model.outputs", ["text"]), "image_generation status"),
    ("ProtocolIsHashed", put("protocol.version", "9999-A"), "protocol.version"),
    ("ValidSchema", put("protocol.version", "1.0"), "protocol.version"),
    ("ValidSchema", put("protocol.version", ""), "protocol.version"),
    ("NoAttack", put("protocol.attack", f"persona {'0' * 64}"), "protocol.attack"),
    ("ValidSchema", put("protocol.attack", "persona"), "protocol.attack"),
    ("TemplatesNamed", put("protocol.judge_templates", {}), "protocol.judge_templates"),
    (
        "TemplatesNamed",
        put("protocol.prompt_templates.video_analysis", "0" * 64),
        "protocol.prompt_templates.video_analysis",
    ),
    ("WholeOrHalf", put("harness.limit", 6.0), "harness.limit"),
    ("WholeOrHalf", put("harness.limit", float(HALF)), "protocol.limit"),
    ("WholeOrHalf", put("protocol.limit", HALF), "protocol.limit"),
    ("ItemsOfTheData", put("harness.limit", float(HALF)), "text_understanding"),
    ("CalibratedJudge", put("protocol.judge.backend", "rules"), "protocol.judge.backend"),
    ("CalibratedJudge", put("protocol.judge.parser", "uni-judger/1 reference"), "judge.parser"),
    ("CalibratedJudge", put("protocol.judge.details.refusal", False), "judge.details.refusal"),
    ("CalibratedJudge", put("calibration.calibrated", False), "calibration"),
    ("CalibratedJudge", put("calibration.sha256", ""), "calibration"),
    ("JudgeIsNotTheModel", put("protocol.judge.model", "vendor/MODEL"), "protocol.judge.model"),
    ("CalibratedJudge", put("protocol.judge.model", " "), "protocol.judge.model"),
    ("CalibratedJudge", put("protocol.judge.revision", ""), "protocol.judge.revision"),
    *[
        ("JudgeIsNotTheModel", put("protocol.judge.model", name), "protocol.judge.model")
        for name in ("org/model/", "Model:free", "org/model@main", "/models/org/MODEL/", "mo-del")
    ],
    (
        "JudgeIsNotTheModel",
        put("protocol.judge.details.member_2_model", "org/model"),
        "protocol.judge.details.member_2_model",
    ),
    ("JudgeIsNotTheModel", put("protocol.judge.backend", "ensemble"), "protocol.judge.details"),
    ("FewUnscored", many_faults, "cells"),
    ("FewUnscored", lost(7, "privacy_leak.video_analysis"), "cells privacy_leak.video_analysis"),
    ("FewUnscored", lost(2, "", "_generation"), "cells of the generation board"),
    ("FewUnscored", lost(2, "", "text_"), "cells of the text board"),
    ("MediaDelivered", deaf, "audio_processing counts canary"),
    ("MediaDelivered", silent_canaries, "cells privacy_leak.audio_processing counts canary"),
    ("CleanTree", put("harness.clean", False), "harness.clean"),
    ("NothingPrivate", put("people.submitter", "hf_" + "a1" * 17), "people.submitter"),
    ("NothingPrivate", put("harness.backends.0", "hf model=/home/me/m"), "harness.backends[0]"),
    ("NothingPrivate", put("protocol.generation.api_key", "abc"), "protocol.generation.api_key"),
]
#: These are about the seal, which the others renew after each change.
UNSEALED: list[tuple[str, Break, str]] = [
    ("PathNamesModel", put("model.id", "org/other"), "id"),
    ("SealedContent", put("submitted", "2026-01-01"), "id"),
    ("ChecksumsMatch", put("artefacts.1.sha256", "0" * 64), "artefacts verdicts.jsonl"),
    ("ChecksumsMatch", put("artefacts.1.name", "other.jsonl"), "artefacts"),
    ("ChecksumsMatch", put("artefacts.0.name", VERDICTS), "artefacts verdicts.jsonl"),
    ("ProtocolIsHashed", put("protocol.id", "0" * 12), "protocol.id"),
    ("ProtocolIsHashed", put("protocol.generation.temperature", 1.0), "protocol.id"),
]


@pytest.mark.parametrize(
    ("state", "version"),
    [("listed", f"{number_of(VERSION)}-Z"), ("archived", "9999-A"), ("archived", VERSION)],
)
def test_another_letter_is_no_fault_and_another_number_is_archived(
    draft: Draft, state: str, version: str
) -> None:
    put("status.state", state)(draft)
    put("protocol.version", version)(draft)
    assert check(draft.case()) == []


def test_a_whole_submission_meets_every_rule(draft: Draft) -> None:
    assert check(draft.case()) == []
    assert check_collection([draft.case()]) == []


@pytest.mark.parametrize(("rule", "broken", "place"), BROKEN)
def test_broken(draft: Draft, rule: str, broken: Break, place: str) -> None:
    broken(draft)
    assert any(f.rule == rule and place in f.where for f in check(draft.case())), _said(draft)


@pytest.mark.parametrize(
    "kept",
    [
        put("protocol.judge.model", "vendor/model-large"),
        put("protocol.judge.model", "vendor/models:free"),
        lost(3, "privacy_leak.video_analysis"),
        lost(1, "", "text_understanding"),
    ],
)
def test_kept(draft: Draft, kept: Break) -> None:
    whole(draft)
    kept(draft)
    assert check(draft.case()) == []


@pytest.mark.parametrize(("rule", "broken", "place"), UNSEALED)
def test_broken_seal(draft: Draft, rule: str, broken: Break, place: str) -> None:
    relative = draft.case().relative
    broken(draft)
    found = check(draft.case(seal=False, relative=relative))
    assert any(f.rule == rule and place in f.where for f in found), list(map(str, found))


@pytest.mark.parametrize(
    ("files", "rule", "place"),
    [
        ({"README.md": b""}, "KnownFilesOnly", "README.md"),
        ({VERDICTS: b"{}"}, "ValidSchema", f"{VERDICTS} line 1"),
        ({VERDICTS: b"\xff"}, "ValidSchema", VERDICTS),
        ({SUBMISSION: b"[" * 100_000}, "ValidSchema", SUBMISSION),
        ({SUBMISSION: b"null"}, "ValidSchema", SUBMISSION),
        ({SUBMISSION: b'{"limit": NaN}'}, "ValidSchema", SUBMISSION),
    ],
)
def test_broken_files(draft: Draft, files: dict[str, bytes], rule: str, place: str) -> None:
    found = check(draft.case(**dict[str, Any](files)))
    assert found and all(f.rule == rule and place in f.where for f in found)


def test_a_missing_file_is_named(draft: Draft) -> None:
    case = draft.case()
    without = type(case)(case.relative, {SUBMISSION: case.files[SUBMISSION]})
    assert [f.rule for f in check(without)] == ["KnownFilesOnly"]


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        (b'"id": "', b'"id": "x", "id": "', SUBMISSION),  # said twice: people and parsers differ
        (b'"id": "', b'"id":  "', SUBMISSION),
        (b'{"item_id"', b'{"kind": "benign", "item_id"', VERDICTS),
        (b"\n", b",\n", VERDICTS),
    ],
)
def test_only_the_canonical_form(draft: Draft, old: bytes, new: bytes, file: str) -> None:
    case = draft.case()
    changed = case.files[file].replace(old, new, 1)
    assert {f.rule for f in check(draft.case(**dict[str, Any]({file: changed})))} & {
        "SealedContent",
        "ChecksumsMatch",
        "ValidSchema",
    }


def test_every_rule_is_tested_numbered_and_explained() -> None:
    tested = {rule for rule, _, _ in BROKEN + UNSEALED} | {"KnownFilesOnly"} | COLLECTION
    tested |= {rule for rule, _, _ in DISHONEST} | {"CalibrationHolds"}
    assert {rule.name() for rule in ALL_RULES} == tested
    assert sorted(rule.number for rule in ALL_RULES) == list(range(1, len(ALL_RULES) + 1))
    for rule in ALL_RULES:
        assert re.fullmatch(r"[A-Z].{20,500}\.", rule.sentence()), rule


def test_findings_are_bounded(draft: Draft) -> None:
    for x in draft.lines:
        x["prompt_sha256"] = "0" * 64
    found = [str(f) for f in check(draft.case())]
    assert len(found) <= 2 * 6 and any("more of this rule" in line for line in found)


def _said(draft: Draft) -> list[str]:
    return list(map(str, check(draft.case())))
