"""Errors as providers write them: which are a filter's block, which an account without credit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judger.endpoint.provider_errors import moderated, unpaid, words_of

FLAGGED = {"reasons": ["sexual"], "flagged_input": "a boat", "provider_name": "OpenAI"}
UPSTREAM = json.dumps({"error": {"message": "Rejected", "code": "moderation_blocked"}})
ECHOED = "[{'type': 'missing', 'loc': ['body'], 'input': {'text': 'my image was flagged'}}]"


def said(message: str = "", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, **more}}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        # OpenRouter: metadata, with a number for a code
        (403, said("openai/x requires moderation on OpenAI", code=403, metadata=FLAGGED)),
        (403, said("Forbidden", code=403, metadata={"reasons": ["violence"]})),
        (403, said("Forbidden", code=403, metadata={"flagged_input": ""})),
        (400, said("Provider returned error", code=400, metadata={"raw": UPSTREAM})),
        (403, said("Request blocked", metadata={"error_type": "content_policy_violation"})),
        # OpenAI and Azure
        (400, said("Rejected", code="content_policy_violation")),
        (400, said("Rejected", code="moderation_blocked", type="image_generation_user_error")),
        (400, said("Your request was rejected by the safety system.", code=None)),
        (400, said("Invalid prompt: your prompt was flagged as potentially violating our usage")),
        (400, said("Your prompt was flagged. If repeated, your account may be suspended.")),
        (400, said("Rejected", innererror={"code": "ResponsibleAIPolicyViolation"})),
        (400, said("triggering Azure OpenAI's content management policy", code="400")),
        # others
        (400, said("Output blocked by content filtering policy", type="invalid_request_error")),
        (400, said("Content Exists Risk", code="invalid_request_error")),
        (400, said("may contain inappropriate content.", code="data_inspection_failed")),
        (400, said("Rejected", code="InputTextSensitiveContentDetected")),
        (403, {"name": "content_moderation", "errors": ["Your request was flagged by our system"]}),
        (403, {"code": "forbidden", "error": "Content violates usage guidelines."}),
        (400, [said("Rejected", status="PROHIBITED_CONTENT")]),
        (422, {"detail": "NSFW content detected"}),
        (451, "your prompt was flagged"),
        (400, said("litellm.ContentPolicyViolationError: AzureException", code="400")),
    ],
)
def test_a_filters_block_is_told_from_other_errors(status: int, body: Any) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    assert moderated(status, text) and not unpaid(status, text)
    assert not moderated(500, text) and not moderated(200, text)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, said("Invalid or missing API key", code=403)),
        (403, said("You have no access to model x", code="model_not_found")),
        (403, said("Your account was flagged for potential abuse", code=None)),
        (403, said("Your organization is suspended: it violates our usage policies")),
        (403, "<html>Your request was flagged by our content filter</html>"),
        (403, said("Forbidden", code=403, metadata={"reasons": []})),
        (400, said("Unknown parameter: 'moderation'.", code="unknown_parameter")),
        (400, said("maximum context length exceeded", code="context_length_exceeded")),
        (400, said(ECHOED, code=400)),
        (422, {"detail": [{"msg": "missing", "input": "the content policy was flagged"}]}),
        (400, said("1 validation error\n input_value='my input was flagged', input_type=str")),
        (404, said("no endpoint under your content policy")),
        (429, said("Rate limit: your prompt was flagged")),
        (400, ""),
        (400, "null"),
        (400, "[]"),
        (400, '["flagged"'),
        (400, "[" * 100_000),
        (400, said()),
        (400, {"error": {"code": {"a": 1}, "message": [None, 7], "innererror": "x"}}),
    ],
)
def test_other_errors_are_no_block(status: int, body: Any) -> None:
    assert not moderated(status, body if isinstance(body, str) else json.dumps(body))


@pytest.mark.parametrize(
    ("status", "body", "empty"),
    [
        (402, said("Insufficient credits", code=402), True),
        (402, "", True),
        (429, said("You exceeded your current quota", code="insufficient_quota"), True),
        (429, said("Check your plan", type="exceeded_current_quota_error"), True),
        (400, said("Billing hard limit has been reached", code="billing_hard_limit_reached"), True),
        (400, said("Your credit balance is too low", type="invalid_request_error"), True),
        (429, said("You exceeded your current quota, retry in 4 s", code=429), False),
        (429, said("Rate limit reached", code="rate_limit_exceeded"), False),
        (500, said("insufficient_quota"), False),
        (429, "slow down", False),
    ],
)
def test_an_account_without_credit_is_told_from_one_in_a_hurry(
    status: int, body: Any, empty: bool
) -> None:
    assert unpaid(status, body if isinstance(body, str) else json.dumps(body)) == empty


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"message": "m" * 2000}, "m" * 1000),
        ({"param": "p" * 2000}, "p" * 1000),
        ({"message": "before 'input': after"}, "before "),
        ({"code": "c", "param": "p", "message": "m"}, "c p m"),
        ({"metadata": {"error_type": "t"}, "innererror": {"code": "i"}}, "i t"),
        ({"detail": [{"loc": ["body", "model"], "msg": "missing"}, "d"]}, "missing body model d"),
    ],
)
def test_what_an_error_says(error: dict[str, Any], words: str) -> None:
    assert " ".join(words_of(error).split()) == words.strip()
