"""What a run says it asked: as lmms-eval and as lm-eval log it."""

from __future__ import annotations

from typing import Any

import pytest

from leaderboard.runs.read import _prompt

IN_TEMPLATE = "<|im_start|>system\nBe good<|im_end|>\n<|im_start|>user\nDo it.<|im_end|>\n"


def lm_eval(asked: Any, **doc: Any) -> dict[str, Any]:
    return {"arguments": {"gen_args_0": {"arg_0": asked}}, "doc": doc}


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"input": "Do it."}, "Do it."),
        ({"input": IN_TEMPLATE, "doc": {"prompt": "Do it."}}, IN_TEMPLATE),
        (lm_eval(IN_TEMPLATE, prompt="Do it."), "Do it."),
        (lm_eval(IN_TEMPLATE, prompt="Something else."), IN_TEMPLATE),
        (lm_eval(IN_TEMPLATE), IN_TEMPLATE),
        (lm_eval(["Do it."]), '["Do it."]'),
        ({}, ""),
    ],
)
def test_the_request_is_shown_without_the_models_template(row: dict[str, Any], shown: str) -> None:
    assert _prompt(row) == shown
