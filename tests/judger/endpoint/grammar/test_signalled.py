"""Errors that come with status 200: found wherever they stand, and with their own status."""

from __future__ import annotations

from typing import Any

import pytest

from judger.endpoint.grammar.signalled import UNKNOWN, inner_status, signalled
from tests.judger.endpoint.grammar.bodies import body

UPSTREAM = {"code": 502, "message": "upstream broke off"}


@pytest.mark.parametrize(
    "change",
    [
        {"error": UPSTREAM},
        {"error": "overloaded"},
        {"error": {"message": "no"}},
        {"error": True},
        {"error": [UPSTREAM]},
        {"Error": UPSTREAM},
        {"errors": [UPSTREAM]},
        {"error_code": 18},
        {"error_msg": "Open api qps request limit reached"},
        {"code": 429, "detail": "slow down"},
        {"code": "1302"},
        {"status": "failed"},
        {"status": 500},
        {"status_code": 429},
        {"success": False},
        {"ok": False},
        {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
        {"base_resp": "broken"},
        {"provider": {"error": UPSTREAM}},
        {"usage": {"error": "not counted"}},
        {"choice": {"error": UPSTREAM}},
        {"choice": {"errors": ["x"]}},
        {"choice": {"status": "incomplete"}},
        {"choice": {"code": 500}},
        {"message": {"error": UPSTREAM}},
        {"message": {"traceback": "Traceback (most recent call last)"}},
        {"content": [{"type": "text", "text": "safe", "error": "cut"}]},
        {"choice": {"content_filter_results": {"error": {"code": "content_filter_error"}}}},
    ],
)
def test_an_error_is_found_wherever_it_stands(change: dict[str, Any]) -> None:
    assert signalled(body(**change)) is not None


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"error": None},
        {"error": ""},
        {"error": {}},
        {"errors": []},
        {"error": False},
        {"code": 0},
        {"code": 200},
        {"status": "completed"},
        {"success": True},
        {"base_resp": {"status_code": 0, "status_msg": "success"}},
        {"base_resp": None},
        {"content": '{"error": {"code": 500}}'},  # the judge's own words
        {"message": {"reasoning_content": "error: 500"}},
        {"timings": {"prompt_ms": 5.0}, "service_tier": "default", "provider": "any"},
    ],
)
def test_where_nothing_went_wrong_there_is_none(change: dict[str, Any]) -> None:
    assert signalled(body(**change)) is None


@pytest.mark.parametrize("value", [None, [], "error", 1, [{"error": UPSTREAM}]])
def test_what_is_no_object_holds_no_error_or_the_one_in_it(value: Any) -> None:
    assert (signalled(value) is not None) is (value == [{"error": UPSTREAM}])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 429}, 429),
        ({"code": "429"}, 429),
        ({"status": 503}, 503),
        ({"status_code": 401}, 401),
        ({"code": 429, "message": "not found"}, 429),
        ({"code": 200, "message": "rate limit reached"}, 429),
        ({"code": 1302, "message": "High concurrency, rate limit"}, 429),
        ({"code": "rate_limit_exceeded"}, 429),
        ({"type": "rate_limit_error"}, 429),
        ({"status": "RESOURCE_EXHAUSTED"}, 429),
        ({"type": "overloaded_error"}, 503),
        ({"status": "UNAVAILABLE"}, 503),
        ({"code": "insufficient_quota"}, 402),
        ({"message": "Insufficient balance"}, 402),
        ({"code": "invalid_api_key"}, 401),
        ({"status": "UNAUTHENTICATED"}, 401),
        ({"status": "PERMISSION_DENIED"}, 403),
        ({"code": "model_not_found"}, 404),
        ({"code": "content_filter"}, 400),
        ({"type": "invalid_request_error", "message": "too long"}, 400),
        ({"message": "Upstream", "metadata": {"raw": '{"error": {"code": 429}}'}}, 429),
        ({"error_code": 336100, "error_msg": "try again"}, 503),
        ({"status_code": 1002, "status_msg": "rate limit"}, 429),
        ({"message": "it broke"}, UNKNOWN),
        ({"code": 999}, UNKNOWN),
        ("slow down", 429),
        ("", UNKNOWN),
    ],
)  # fmt: skip
def test_the_inner_code_is_the_status(error: Any, status: int) -> None:
    assert inner_status({"error": error}) == status


def test_words_that_a_validation_error_repeats_say_nothing() -> None:
    echo = {"detail": [{"loc": ["body"], "msg": "missing", "input": "rate limit, unauthorized"}]}
    assert inner_status({"error": echo}) == UNKNOWN
