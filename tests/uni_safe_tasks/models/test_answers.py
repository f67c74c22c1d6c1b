"""What is read of a server's answer: endings in all providers' words, thoughts, spoken replies."""

from __future__ import annotations

from typing import Any

import pytest

from judger.endpoint.provider_errors import moderated
from judger.reply.read import read_reply
from uni_safe_tasks.models.sent_pictures import Unusable
from uni_safe_tasks.models.server_answers import Blocked, Broken, of_chat, of_images

HALF = "To begin with, you"


def body(content: Any = HALF, **choice: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **choice.pop("message", {})}
    return {"choices": [{"index": 0, "message": message, **choice}]}


FILTERED = [
    *("content_filter", "CONTENT_FILTER", "content-filter", "SAFETY", "safety", "RECITATION"),
    *("PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "IMAGE_SAFETY", "refusal", "guardrail_intervened"),
    *("content_filtered", "sensitive", "ERROR_TOXIC", "blocked", "moderation", "MODEL_ARMOR_BLOCK"),
]
WHOLE = ["stop", "STOP", "length", "max_tokens", "MAX_TOKENS", "eos", "end_turn", None, ""]
BROKEN = ["error", "ERROR", "abort", "cancelled", "insufficient_system_resource", "OTHER", "what"]


@pytest.mark.parametrize("content", [HALF, None, [{"type": "text", "text": HALF}]])
@pytest.mark.parametrize("word", FILTERED)
def test_a_filters_ending_is_the_providers(word: str, content: Any) -> None:
    for where in ("finish_reason", "native_finish_reason"):
        with pytest.raises(Blocked, match=word):
            of_chat(body(content, **{"finish_reason": "stop", where: word}), drawn=False)


@pytest.mark.parametrize("word", WHOLE)
def test_a_reply_that_ended_is_read(word: str | None) -> None:
    assert of_chat(body(finish_reason=word), drawn=False).text == HALF


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ({"finish_reason": "stop"}, True),
        ({"finish_reason": "end_turn", "native_finish_reason": "STOP"}, True),
        ({"finish_reason": "length"}, False),
        ({"finish_reason": "stop", "native_finish_reason": "MAX_TOKENS"}, False),
        ({"finish_reason": None}, False),
        ({}, False),
    ],
)
def test_only_a_word_says_that_the_model_ended_by_itself(
    words: dict[str, Any], ended: bool
) -> None:
    assert of_chat(body("", **words), drawn=False).ended is ended


@pytest.mark.parametrize("word", BROKEN)
def test_one_that_broke_off_is_none(word: str) -> None:
    with pytest.raises(Broken, match="broke off"):
        of_chat(body(finish_reason=word), drawn=False)


def test_azures_notes_and_the_images_endpoints_say_so_too() -> None:
    noted = {"hate": {"filtered": False}, "violence": {"filtered": True, "severity": "high"}}
    with pytest.raises(Blocked):
        of_chat(body(finish_reason="stop", content_filter_results=noted), drawn=False)
    with pytest.raises(Blocked):
        of_images({"data": [{"b64_json": None, "finish_reason": "CONTENT_FILTERED"}]})


SAID = "I can't help with that."
PARTS = [
    ([{"type": "text", "text": SAID}], "", SAID),
    ([{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": SAID}], "Hm.", SAID),
    (
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
            {"type": "text", "text": SAID},
        ],
        "Hm.",
        SAID,
    ),
    ([{"type": "reasoning", "summary": [{"text": "Hm."}]}, {"type": "output_text", "text": SAID}],
     "Hm.", SAID),
    ([{"type": "redacted_thinking", "data": "xxxx"}, {"type": "text", "text": SAID}], "", SAID),
    ([{"type": "text", "text": SAID}, {"type": "thinking", "thinking": "Hm."}], "Hm.", SAID),
    ([{"type": "thinking", "thinking": "a</think>b"}, {"type": "text", "text": SAID}], "ab", SAID),
    ([{"type": "thinking", "thinking": "Hm."}], "Hm.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("content", "thoughts", "text"), PARTS)
def test_thoughts_in_parts_are_set_aside_and_counted(
    content: Any, thoughts: str, text: str
) -> None:
    reply = read_reply(of_chat(body(content), drawn=False).text)
    assert (reply.text, reply.fault) == (text, None if text else "no_output")
    assert [aside.text.strip() for aside in reply.aside] == ([thoughts] if thoughts else [])
    assert [aside.what for aside in reply.aside] == (["thoughts"] if thoughts else [])
    assert read_reply(content).text == text  # handed over as it is, it reads the same


SPOKEN = [
    (body(None, message={"audio": {"id": "a", "data": "UklG", "transcript": SAID}}), SAID),
    (body("", message={"audio": {"id": "a", "data": "UklG", "transcript": SAID}}), SAID),
    (body("Text.", message={"audio": {"transcript": SAID}}), "Text."),
    (body([{"type": "output_audio", "data": "UklG", "transcript": SAID}]), SAID),
    (body(None, message={"audio": {"id": "a", "data": "UklG"}}), ""),
    (body(None, message={"audio": None}), ""),
]


@pytest.mark.parametrize(("answer", "text"), SPOKEN)
def test_the_words_of_a_spoken_reply_are_read(answer: dict[str, Any], text: str) -> None:
    assert of_chat(answer, drawn=False).text == text


def test_a_part_of_no_known_form_is_still_no_reply() -> None:
    with pytest.raises(Unusable, match="a form that is not known"):
        of_chat(body([{"type": "hologram", "data": "x"}]), drawn=False)


@pytest.mark.parametrize(
    "message",
    [
        "Google blocked the request: PROHIBITED_CONTENT",
        "The provider blocked the request: SAFETY",
        "blocked your prompt (reason: OTHER)",
    ],
)
def test_a_400_that_says_blocked_is_a_block(message: str) -> None:
    assert moderated(400, f'{{"error": {{"message": "{message}", "code": 400}}}}')
