"""Why a completion ended, in the words of all providers: whole, cut off, filtered, or broken off.

A whitelist: an answer counts only where the word is known to stand for a whole one. An unknown word
is `broken`, so a new word of a provider costs answers and never makes a wrong one.
"""

from __future__ import annotations

import re
from typing import Literal

from judger.contract.provider_filters import is_filter_ending

Ending = Literal["whole", "cut", "filtered", "broken"]

#: OpenAI and most servers; TGI and Together; Anthropic and Bedrock; Cohere; OpenRouter's native.
WHOLE = frozenset(
    {"stop", "eos", "eos_token", "end_turn", "stop_sequence", "complete", "completed"}
)
_CUT = re.compile(
    r"length|max_?(output_)?tokens|token_limit|time_limit|context_window|not_finished"
)


def ending_of(word: str) -> Ending:
    """What a `finish_reason` of any case stands for; "" stands for a server that sends none."""
    said = word.strip().lower()
    if said in WHOLE or not said:
        return "whole"
    if is_filter_ending(said):
        return "filtered"
    return "cut" if _CUT.search(said) else "broken"
