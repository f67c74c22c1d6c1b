"""Which bodies are a completion: whole endings, one choice, an assistant's text, no tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from judger.endpoint.grammar.completion import Completion, read_body, read_completion
from judger.endpoint.grammar.endings import ending_of
from tests.judger.endpoint.grammar.bodies import SAYS, body

THINKING = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
TEXT = {"type": "text", "text": SAYS}


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        ("stop", "whole"),
        ("STOP", "whole"),
        ("Stop ", "whole"),
        ("eos", "whole"),
        ("eos_token", "whole"),
        ("end_turn", "whole"),
        ("stop_sequence", "whole"),
        ("COMPLETE", "whole"),
        ("completed", "whole"),
        ("", "whole"),  # where a server never sends one; `Client` knows whether it does
        ("length", "cut"),
        ("max_tokens", "cut"),
        ("MAX_TOKENS", "cut"),
        ("model_length", "cut"),
        ("max_output_tokens", "cut"),
        ("token_limit", "cut"),
        ("model_context_window_exceeded", "cut"),
        ("content_filter", "filtered"),
        ("content_filter: SAFETY", "filtered"),
        ("SAFETY", "filtered"),
        ("Safety", "filtered"),
        ("RECITATION", "filtered"),
        ("PROHIBITED_CONTENT", "filtered"),
        ("BLOCKLIST", "filtered"),
        ("SPII", "filtered"),
        ("IMAGE_SAFETY", "filtered"),
        ("refusal", "filtered"),
        ("guardrail_intervened", "filtered"),
        ("content_filtered", "filtered"),
        ("ERROR_TOXIC", "filtered"),
        ("sensitive", "filtered"),
        ("error", "broken"),
        ("ERROR", "broken"),
        ("abort", "broken"),
        ("aborted", "broken"),
        ("cancelled", "broken"),
        ("USER_CANCEL", "broken"),
        ("insufficient_system_resource", "broken"),
        ("network_error", "broken"),
        ("tool_calls", "broken"),
        ("function_call", "broken"),
        ("pause_turn", "broken"),
        ("OTHER", "broken"),
        ("FINISH_REASON_UNSPECIFIED", "broken"),
        ("null", "broken"),
        ("unload", "broken"),
        ("stopped", "broken"),
        ("nonstop", "broken"),
    ],
)
def test_only_known_whole_endings_are_whole(word: str, ending: str) -> None:
    assert ending_of(word) == ending
    if ending == "broken":
        with pytest.raises(ValueError, match="not whole"):
            read_completion(body(finish=word))
    else:
        assert ending_of(read_completion(body(finish=word)).finish_reason) == ending


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, SAYS),
        ({"finish": None}, SAYS),
        ({"object": None}, SAYS),
        ({"object": "text_completion"}, SAYS),
        ({"content": [TEXT]}, SAYS),
        ({"content": [THINKING, TEXT]}, SAYS),
        ({"content": [{"type": "output_text", "text": SAYS}]}, SAYS),
        ({"content": f"<think>It could be safe.</think>\n{SAYS}"}, SAYS),
        ({"content": f"  <think>\n</think>{SAYS}  "}, SAYS),
        ({"message": {"reasoning_content": "hm", "tool_calls": []}}, SAYS),
        ({"choice": {"message": None, "text": "safe"}}, "safe"),
        ({"choice": {"index": None, "logprobs": None}}, SAYS),
        ({"usage": None}, SAYS),
        ({"usage": {"prompt_tokens": 3.0}}, SAYS),
        ({"model": None, "system_fingerprint": None}, SAYS),
        ({"content": None}, ""),
        ({"content": "half a pair \ud83d"}, "half a pair ?"),
        # only a whole block at the very beginning is cut
        ({"content": f"</think>{SAYS}"}, f"</think>{SAYS}"),
        ({"content": f"<think>{SAYS}"}, f"<think>{SAYS}"),
    ],
)
def test_a_completion(change: dict[str, Any], text: str) -> None:
    assert read_completion(body(**change)).text == text


@pytest.mark.parametrize(
    "change",
    [
        {"choices": []},
        {"choices": None},
        {"choices": [body()["choices"][0]] * 2},
        {"choices": {"0": body()["choices"][0]}},
        {"choices": [None]},
        {"choices": "safe"},
        {"object": "error"},
        {"object": "chat.completion.chunk"},
        {"object": "list"},
        {"choice": {"index": 1}},
        {"choice": {"delta": {"content": SAYS}}},
        {"choice": {"message": None}},
        {"choice": {"text": SAYS}},
        {"choice": {"message": SAYS}},
        {"choice": {"native_finish_reason": "error"}},
        {"choice": {"native_finish_reason": 1}},
        {"finish": 0},
        {"finish": ["stop"]},
        {"finish": {"reason": "stop"}},
        {"finish": True},
        {"message": {"role": "user"}},
        {"message": {"role": "tool"}},
        {"message": {"tool_calls": [{"id": "1", "function": {"name": "safe"}}]}},
        {"message": {"function_call": {"name": "safe", "arguments": SAYS}}},
        {"message": {"refusal": ["I won't."]}},
        {"content": 401},
        {"content": {"verdict": "safe"}},
        {"content": ["safe"]},
        {"content": [{"text": SAYS}]},
        {"content": [{"type": "text"}]},
        {"content": [{"type": "image_url", "image_url": {"url": "x"}}, TEXT]},
        {"content": [{"type": "tool_use", "input": {}}, TEXT]},
        {"usage": {"prompt_tokens": "many"}},
        {"usage": {"prompt_tokens": -1}},
        {"usage": {"prompt_tokens": True}},
        {"usage": {"prompt_tokens": 1.5}},
        {"usage": {"completion_tokens": float("inf")}},
        {"usage": [1, 2]},
        {"model": 4},
        {"system_fingerprint": {"a": 1}},
    ],
)
def test_no_completion(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not a completion|not whole"):
        read_completion({**body(), **change} if "choices" in change else body(**change))


@pytest.mark.parametrize(
    ("content", "fits"),
    [
        (json.dumps(body()).encode(), True),
        (b"\xef\xbb\xbf" + json.dumps(body()).encode(), True),
        (json.dumps(body(created=float("nan"))).encode(), False),
        (b'{"choices": [], ' + json.dumps(body()).encode()[1:], False),  # the key `choices` twice
        (json.dumps(body()).replace('"role"', '"refusal": "no", "role"').encode(), False),
        (json.dumps(body()).replace('"role"', '"content": "x", "role"').encode(), False),
        (json.dumps(body()).encode() + b"{}", False),
        (json.dumps(body()).encode()[:-1], False),
        (json.dumps(body()).encode("utf-16"), False),
        (b'"' + json.dumps(body()).encode() + b'"', False),
        (b"[" * 200_000 + b"]" * 200_000, False),
        (b'{"choices": "\xff\xfe"}', False),
        (b"", False),
        (b"null", False),
        (b"data: " + json.dumps(body()).encode(), False),
    ],
)  # fmt: skip
def test_only_one_strict_json_object_is_read(content: bytes, fits: bool) -> None:
    if fits:
        assert read_body(content).text == SAYS
    else:
        with pytest.raises(ValueError, match=r"."):
            read_body(content)


def test_who_answered_and_what_it_cost_is_kept() -> None:
    read = read_completion(body(model="judge-2026-01", system_fingerprint="fp_7"))
    assert (read.model, read.fingerprint, read.served) == (
        "judge-2026-01",
        "fp_7",
        "judge-2026-01 fp_7",
    )
    assert (read.input_tokens, read.output_tokens) == (100, 10)
    assert read_completion(body(usage=None)).input_tokens is None
    assert Completion("x").served == ""


@pytest.mark.parametrize(
    ("change", "ending", "refusal"),
    [
        ({"message": {"refusal": "I won't."}}, "whole", "I won't."),
        ({"content": [{"type": "refusal", "refusal": "I won't."}]}, "whole", "I won't."),
        ({"choice": {"native_finish_reason": "SAFETY"}}, "filtered", ""),
        ({"choice": {"native_finish_reason": "MAX_TOKENS"}}, "cut", ""),
        ({"choice": {"native_finish_reason": "STOP"}}, "whole", ""),
        ({"choice": {"content_filter_results": {"hate": {"filtered": True}}}}, "filtered", ""),
        ({"choice": {"content_filter_results": {"hate": {"filtered": False}}}}, "whole", ""),
        ({"finish": None, "choice": {"native_finish_reason": "SAFETY"}}, "filtered", ""),
    ],
)
def test_what_a_provider_withheld_has_its_ending(
    change: dict[str, Any], ending: str, refusal: str
) -> None:
    read = read_completion(body(**change))
    assert (ending_of(read.finish_reason), read.refusal) == (ending, refusal)


@pytest.mark.parametrize(("text", "shown"), [("x" * 500, "x" * 120), ("short", "short")])
def test_what_is_no_completion_is_quoted_within_bounds(text: str, shown: str) -> None:
    with pytest.raises(ValueError, match=f"^not a completion: {shown}$"):
        read_completion(text)


@pytest.mark.parametrize("kind", ["", None, "chat.completion", "text_completion", "Completion"])
def test_a_body_may_say_that_it_is_a_completion(kind: str | None) -> None:
    assert read_completion({**body(), "object": kind}).text == SAYS


@pytest.mark.parametrize("kind", ["error", "chat.completion.chunk", "list", 7])
def test_and_is_none_if_it_says_something_else(kind: Any) -> None:
    with pytest.raises(ValueError, match="not a completion"):
        read_completion({**body(), "object": kind})
