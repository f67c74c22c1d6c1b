"""Dishonest submissions: each kind that once passed is refused, with the rule that says why."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leaderboard.submission.facts import CALIBRATION, VERDICTS
from leaderboard.submission.rules import Case
from leaderboard.submission.validate import check, check_all, check_collection, parse
from leaderboard.submission.verdicts import MAX_FAULTS, MAX_LINES, LineFaults
from leaderboard.submission.verdicts import parse as parse_verdicts
from tests.calibrations import fit, written
from tests.leaderboard.breaking import Break, put
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submissions import SHA, make

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
WORDING = {"contextual": SHA, "intrinsic": SHA}


def hashes(of: str, kinds: tuple[str, ...] = ("harmful", "benign", "canary")) -> Break:
    """The same reply to everything."""

    def change(draft: Draft) -> None:
        for x in draft.lines:
            if x["kind"] in kinds:
                x["response_sha256"] = of

    return change


def both(*changes: Break) -> Break:
    def change(draft: Draft) -> None:
        for one in changes:
            one(draft)

    return change


def judge(served: str, **model: str) -> Break:
    """A judge of this name, and facts of the model."""
    facts = [put(f"model.{field}", value) for field, value in model.items()]
    return both(put("protocol.judge.model", served), *facts)


def backends(*lines: str) -> Break:
    return put("harness.backends", list(lines))


MODEL = {"id": "org/Model-7B-Instruct", "name": "Model"}
PLACE = "protocol.judge.model"
#: (the rule, the dishonesty, the place that the finding names).
DISHONEST: list[tuple[str, Break, str]] = [
    # A panel of `rules` seats.
    (
        "CalibratedJudge",
        both(
            put("protocol.judge.backend", "ensemble"),
            put("protocol.judge.details.member_1_backend", "rules"),
            put("protocol.judge.details.member_1_model", "rules-1"),
        ),
        "details.member_1_backend",
    ),
    # Every verdict `scored` with the hash of nothing, or one hash for all.
    ("RepliesAreReplies", hashes(NOTHING), "item "),
    ("RepliesAreReplies", hashes("a" * 64), VERDICTS),
    ("RepliesAreReplies", hashes("a" * 64, ("benign",)), VERDICTS),
    # The judge is the model, under whatever name.
    ("JudgeIsNotTheModel", judge("Model-7B-Instruct", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("Mоdel-7B-Instruct", **MODEL), PLACE),  # a Cyrillic o
    ("JudgeIsNotTheModel", judge("Ｍodel-7B", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("ModeI-7B", **MODEL), PLACE),  # a capital I for the l
    ("JudgeIsNotTheModel", judge("Model-7B", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("other/Model-7B-Instruct-AWQ", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("Model-7B-Instruct-GPTQ-Int4", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("Model-7B-Instruct-Q4_K_M.gguf", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("Model-7B-Instruct-2026-01-15", **MODEL), PLACE),
    ("JudgeIsNotTheModel", judge("lab/Base-7B", base_model="lab/Base-7B"), PLACE),
    ("JudgeIsNotTheModel", judge("Base-7B-FP8", base_model="x/Vision-1B, lab/Base-7B"), PLACE),
    (
        "JudgeIsNotTheModel",
        both(judge("an-alias"), put("protocol.judge.details.served", "org/Model")),
        "protocol.judge.details.served",
    ),
    (
        "JudgeIsNotTheModel",
        put("protocol.judge.details.member_1_served", "org/Model"),
        "details.member_1_served",
    ),
    (
        "JudgeIsNotTheModel",
        put("protocol.judge.details.served_as", "an-alias; /weights/org/Model"),
        "details.served_as",
    ),
    *(  # as judges record it: with the build, one after the other, and what was left out
        ("JudgeIsNotTheModel", put("protocol.judge.details.served", told), "details.served")
        for told in (
            "org/Model fp_abc123",
            "lab/Other fp_1 then org/Model fp_2",
            "org/Model-Instruct fp_1; without temperature",
        )
    ),
    (
        "JudgeIsNotTheModel",
        both(judge("lab/Real-7B"), backends("vllm model=lab/Real-7B,tensor_parallel_size=1")),
        PLACE,
    ),
    (
        "JudgeIsNotTheModel",
        both(judge("Real-7B"), backends("chat pretrained=/models/Real-7B-Instruct")),
        PLACE,
    ),
    (
        "JudgeIsNotTheModel",
        both(judge("lab/Real-7B"), put("harness.served", ["an-alias", "lab/Real-7B-Instruct"])),
        PLACE,
    ),
    # Two models' runs in one row.
    (
        "OneModel",
        backends("vlm pretrained=lab/Seer-7B", "t2i pretrained=lab/Painter-2B"),
        "harness.backends",
    ),
    ("OneModel", backends("first-model", "second-model"), "harness.backends"),
    # Re-rolls under names that move.
    *(
        ("ExactRevision", put("model.revision", name), "model.revision")
        for name in ("main", "v1", "latest", "HEAD", "0123", "2026-01-01", "z" * 40)
    ),
    *(
        (
            "ExactRevision",
            both(put("model.weights", "closed"), put("model.revision", name)),
            "model.revision",
        )
        for name in ("main", "v1", "latest", "1.0", "default")
    ),
    # Days that are none, or in another order.
    ("DatesInOrder", put("generated", "2026-02-03"), "generated"),
    ("DatesInOrder", put("submitted", "2026-02-30"), "submitted"),
    (
        "DatesInOrder",
        both(put("submitted", "9999-12-31"), put("status.since", "9999-12-31")),
        "submitted",
    ),
    ("DatesInOrder", put("status.since", "2026-01-31"), "submitted"),
    ("DatesInOrder", put("generated", "9999-99-99"), "generated"),
    ("ValidSchema", put("generated", "٢٠٢٦-٠٢-٠١"), "generated"),
    ("ValidSchema", put("submitted", "2026-2-1"), "submitted"),
]


@pytest.mark.parametrize(("rule", "broken", "place"), DISHONEST)
def test_refused(draft: Draft, rule: str, broken: Break, place: str) -> None:
    broken(draft)
    found = check(draft.case())
    assert any(f.rule == rule and place in f.where for f in found), list(map(str, found))


@pytest.mark.parametrize(
    "kept",
    [
        judge("Model-72B-Instruct", **MODEL),
        judge("Another-7B-Instruct-AWQ", **MODEL),
        judge("lab/Base-70B", base_model="lab/Base-7B"),
        backends("bagel pretrained=lab/B-7B,mode=understanding", "bagel pretrained=lab/B-7B-hf"),
        backends("emu3 pretrained=BAAI/Emu3-Chat-hf", "emu3 pretrained=BAAI/Emu3-Gen-hf"),
        backends("openai model=gpt-x,images=endpoint,image_model=gpt-image-x"),
        put("model.revision", "0123456789abcdef0123456789abcdef01234567"),
        both(put("model.weights", "closed"), put("model.revision", "2026-01-15")),
        both(put("model.weights", "closed"), put("model.revision", "model-001")),
        put("generated", "2026-02-02"),
    ],
)
def test_honest_rows_stay(draft: Draft, kept: Break) -> None:
    kept(draft)
    assert check(draft.case()) == []


def with_calibration(draft: Draft, data: bytes) -> Case:
    """The draft with this calibration file, named by its true hash."""
    import hashlib

    draft.made["calibration"]["sha256"] = hashlib.sha256(data).hexdigest()
    return draft.case(**dict[str, Any]({CALIBRATION: data}))


def edited(change: Callable[[dict[str, Any]], None]) -> bytes:
    facts = {
        "backend": "openai", "model": "judge-large", "parser": "uni-judger/1 strict",
        "decoding": {"temperature": 0},
    }  # fmt: skip
    loaded = json.loads(written(fit(facts, WORDING)))
    change(loaded)
    return json.dumps(loaded).encode()


def a_million(loaded: dict[str, Any]) -> None:
    loaded["labels"] = 3
    for errors in loaded["errors"].values():
        errors |= {"tp": 10**6, "tn": 10**6}


def another_judge(loaded: dict[str, Any]) -> None:
    loaded["judge"]["model"] = "judge-small"


def other_words(loaded: dict[str, Any]) -> None:
    loaded["template_sha256"]["contextual"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (a_million, "CalibrationHolds"),
        (another_judge, "CalibrationHolds"),
        (other_words, "CalibrationHolds"),
        (lambda x: x["errors"]["both_safe"].update(fp=-1), "ValidSchema"),
        (lambda x: x.update(extra=1), "ValidSchema"),
    ],
)
def test_a_calibration_that_does_not_hold(draft: Draft, change: Any, rule: str) -> None:
    found = check(with_calibration(draft, edited(change)))
    assert any(f.rule == rule and CALIBRATION in f.where for f in found), list(map(str, found))


@pytest.mark.parametrize("per_cell", [1])
def test_a_calibration_on_a_few_labels_is_unfit(draft: Draft, per_cell: int) -> None:
    judge_of = draft.made["protocol"]["judge"]
    facts = {k: judge_of[k] for k in ("backend", "model", "parser", "decoding")}
    found = check(with_calibration(draft, written(fit(facts, WORDING, per_cell=per_cell))))
    assert any("measured, unfit: " in f.what for f in found if f.rule == "CalibratedJudge")
    wrong = check(with_calibration(draft, written(fit(facts, WORDING, wrong=1))))
    assert any("kappa" in f.what for f in wrong if f.rule == "CalibratedJudge")


def test_a_calibration_that_is_named_has_to_be_there(draft: Draft) -> None:
    case = draft.case()
    without = {k: v for k, v in case.files.items() if k != CALIBRATION}
    found = check(parse(case.relative, without))
    assert [(f.rule, f.what) for f in found] == [("CalibratedJudge", "is missing")]
    swapped = check(parse(case.relative, without | {CALIBRATION: edited(lambda x: None)}))
    assert [f.rule for f in swapped] == ["CalibrationHolds"]


def renamed(draft: Draft, model: str, name: str = "Other") -> Case:
    both(put("model.id", model), put("model.name", name))(draft)
    return draft.case()


def test_another_models_verdicts_are_not_handed_in_again(draft: Draft) -> None:
    cases = [draft.case(), renamed(draft, "lab/other")]
    found = check_collection(cases)
    assert {f.rule for f in found} == {"RepliesAreTheModelsOwn"}
    hashes("0" * 64, ())(draft)
    for n, x in enumerate(draft.lines):  # other hashes, the same verdicts
        x["response_sha256"] = f"{n:064x}"
    (said,) = check_collection([cases[0], draft.case()])
    assert said.rule == "RepliesAreTheModelsOwn" and "same verdicts" in said.what


def test_a_part_of_another_models_replies_is_enough(draft: Draft) -> None:
    first = draft.case()
    for n, x in enumerate(draft.lines):
        if n % 3 == 0:
            x["response_sha256"] = f"{n:064x}"
        if n % 5 == 0 and x["kind"] == "harmful" and x["outcome"] == "scored":
            x |= {"contextual": "safe", "intrinsic": "safe"}
    from tests.leaderboard.breaking import recount

    recount(draft)
    found = check_collection([first, renamed(draft, "lab/other")])
    assert any("same reply to" in f.what for f in found)


def test_models_that_refuse_alike_are_no_copies(draft: Draft) -> None:
    def refuses(text: str) -> None:
        for n, x in enumerate(draft.lines):
            if x["kind"] == "harmful":
                x |= {"outcome": "scored", "contextual": "refusal", "intrinsic": "safe"}
                x["response_sha256"] = "c" * 64  # the same sentence
            else:
                x["response_sha256"] = f"{text}{n:063x}"
            if x["kind"] == "benign":
                x |= {"outcome": "scored", "contextual": "refusal", "helped": False}

    refuses("1")
    first = draft.case()
    refuses("2")
    assert check_collection([first, renamed(draft, "lab/other")]) == []


@pytest.mark.parametrize(
    ("model", "name", "refused"),
    [
        ("lab/model", "Mоdel", True),  # a Cyrillic o
        ("lab/model", "Modeⅼ", True),
        ("lab/model", "Mo\u0301del", True),
        ("0rg/model", "Other", True),  # a zero for the o
        ("org/modeI", "Other", True),  # a capital I for the l
        ("lab/model", "Model", False),  # the same name; the ids stand beside it
        ("lab/model", "Model Two", False),
    ],
)
def test_names_that_look_alike(draft: Draft, model: str, name: str, refused: bool) -> None:
    first = draft.case()
    found = check_collection([first, renamed(draft, model, name)])
    assert ("NamesAreDistinct" in {f.rule for f in found}) is refused


def test_stray_files_and_links_are_named(tmp_path: Path) -> None:
    folder = make(tmp_path, modalities={"inputs": ["text"], "outputs": ["text"]})
    (tmp_path / "README.md").write_text("about")
    assert check_all(tmp_path) == []
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "org__model" / "reply.png").write_bytes(b"x")
    (tmp_path / "org__other").mkdir()
    (tmp_path / "org__linked").symlink_to(folder.parent)
    (tmp_path / "org__model" / "20260101-000000000000").symlink_to(folder)
    found = check_all(tmp_path)
    assert {f.rule for f in found} == {"NothingBeside"}
    assert {f.where for f in found} == {
        "notes.txt",
        "org__linked",
        "org__model/20260101-000000000000",
        "org__model/reply.png",
        "org__other",
    }


@pytest.mark.parametrize(
    "data", [b"{}\n" * 2_700_000, b'{"item_id": 1}\n' * 19_000, b"[" * 8_000_000, b"\n" * 8_000_000]
)
def test_a_file_of_rubbish_costs_little_and_is_refused_early(data: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LineFaults) as error:
        parse_verdicts(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert 1 <= len(error.value.faults) <= MAX_FAULTS
    assert error.value.faults[-1].line <= MAX_LINES + 1
    assert grown < 100 * 1024  # KiB: some times the file, not thousands


def test_its_first_faults_are_findings(draft: Draft) -> None:
    found = check(draft.case(**dict[str, Any]({VERDICTS: b"{}\n" * 1000})))
    assert {f.rule for f in found} == {"ValidSchema"} and len(found) <= 6
    assert any("line 1 item_id" in f.where for f in found)
