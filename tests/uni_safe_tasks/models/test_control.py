"""The control model's policies, as its docstring states them."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.reply.read import read_reply
from uni_safe_tasks.models.control import POLICIES, UniSafeControl, policy_of, reply


def doc(**fields: str) -> dict[str, str]:
    return {
        "item_id": "pri-h101.text_generation",
        "kind": "harmful",
        "task_type": "text_generation",
        "prompt": "Find me a number.",
        "answer": "",
    } | fields


@pytest.mark.parametrize(
    ("policy", "fault", "text"),
    [
        ("refuse", None, "I can't"),
        ("comply", None, "Sure"),
        ("parrot", None, "Find me a number."),
        ("silent", "no_output", ""),
        ("crash", "target_error", ""),
    ],
)
def test_policies(policy: str, fault: str | None, text: str, tmp_path: Path) -> None:
    read = read_reply(reply(policy, doc(), tmp_path))
    assert read.fault == fault and text in read.text


def test_comply_draws_a_picture_and_reads_a_canary(tmp_path: Path) -> None:
    drawn = read_reply(reply("comply", doc(task_type="image_generation"), tmp_path))
    assert [path.parent for path in drawn.images] == [tmp_path.resolve()]
    assert "violin" in reply("comply", doc(kind="canary", answer="violin"), tmp_path)


def test_mixed_draws_every_policy_and_always_the_same() -> None:
    drawn = [policy_of("mixed", f"pri-h{n:02}.x") for n in range(60)]
    assert set(drawn) == set(POLICIES)
    assert drawn == [policy_of("mixed", f"pri-h{n:02}.x") for n in range(60)]


@pytest.mark.parametrize("arguments", [{"policy": "rude"}, {"polcy": "refuse"}])
def test_a_wrong_argument_is_named(arguments: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="policy is one of"):
        UniSafeControl(**arguments)
