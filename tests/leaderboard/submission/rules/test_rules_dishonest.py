"""Dishonest submissions: each kind that once passed is refused, with the rule that says why."""

from __future__ import annotations

import pytest

from leaderboard.submission.facts import VERDICTS
from leaderboard.submission.validate import check
from tests.leaderboard.breaking import Break, put
from tests.leaderboard.conftest import Draft
from tests.leaderboard.submission.rules.dishonest import NOTHING, both, hashes


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
