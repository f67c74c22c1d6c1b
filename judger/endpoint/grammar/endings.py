"""Why a completion ended, in the words of all providers: whole, cut off, filtered, or broken off.

A whitelist: an answer counts only where the word is known to stand for a whole one. An unknown word
is `broken`, so a new word of a provider costs answers and never makes a wrong one.
"""

from __future__ import annotations

import re
from typing import Literal

Ending = Literal["whole", "cut", "filtered", "broken"]

#: OpenAI and most servers; TGI and Together; Anthropic and Bedrock; Cohere; OpenRouter's native.
WHOLE = frozenset(
    {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "completed"}
)
_CUT = re.compile(
    r"length|max_?(output_)?tokens|token_limit|time_limit|context_window|not_finished"
)
#: Gemini, Azure, Anthropic, Bedrock, Cohere, Zhipu and routers in front of them.
_FILTERED = re.compile(
    r"filter|safety|prohibited|block|spii|recitation|guardrail|sensitive|moderat|refus|toxic|nsfw"
    r"|policy"
)


def ending_of(word: str) -> Ending:
    """What a `finish_reason` of any case stands for; "" stands for a server that sends none."""
    said = word.strip().lower()
    if said in WHOLE or not said:
        return "whole"
    if _FILTERED.search(said):
        return "filtered"
    return "cut" if _CUT.search(said) else "broken"
