"""One list of the words by which providers say that a filter withheld something."""

from __future__ import annotations

import pytest

from judger.contract.provider_filters import is_filter_code, is_filter_ending, tells_of_filter

ENDINGS = ["content_filter", "SAFETY", "RECITATION", "guardrail_intervened", "refusal", "SPII"]
PLAIN_ENDINGS = ["stop", "length", "max_tokens", "end_turn", "MALFORMED_FUNCTION_CALL", "OTHER"]
CODES = [
    *("content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"),
    *("DataInspectionFailed", "moderation_blocked", "safety"),
]
PLAIN_CODES = ["invalid_request_error", "model_not_found", "safety_identifier_missing", ""]
SENTENCES = [
    "Your request was rejected as a result of our safety system.",
    "The response was filtered due to the prompt triggering Azure's content management policy.",
    "Content Exists Risk",
    "ResponsibleAIPolicyViolation",
    "Input data may contain inappropriate content.",
    "blocklist_match",
]
PLAIN_SENTENCES = [
    "The image could not be opened.",
    "max_tokens is too large",
    "Unknown field: safety_settings",
    "The policy of retries was exhausted",
]


@pytest.mark.parametrize("word", ENDINGS)
def test_an_ending_that_was_withheld(word: str) -> None:
    assert is_filter_ending(word)


@pytest.mark.parametrize("word", PLAIN_ENDINGS)
def test_another_ending(word: str) -> None:
    assert not is_filter_ending(word)


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_a_filter(code: str) -> None:
    assert is_filter_code(code)


@pytest.mark.parametrize("code", PLAIN_CODES)
def test_another_code(code: str) -> None:
    assert not is_filter_code(code)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_a_filter(sentence: str) -> None:
    assert tells_of_filter(sentence)


@pytest.mark.parametrize("sentence", PLAIN_SENTENCES)
def test_another_sentence(sentence: str) -> None:
    assert not tells_of_filter(sentence)
