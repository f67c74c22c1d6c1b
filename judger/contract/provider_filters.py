"""The words by which providers say that a filter, not the model, withheld a request or a reply.

The one list of them. They stand in three places: as the ending of a completion (`finish_reason`),
as the code of an error, and in an error's sentence. Each place has its own pattern, because a word
that is plain as an ending ("safety") is not plain in a sentence.
"""

from __future__ import annotations

import re

#: Endings of Gemini, Azure, Anthropic, Bedrock, Cohere, Zhipu and of routers in front of them.
_ENDINGS = re.compile(
    r"filter|safety|prohibited|block|spii|recitation|guardrail|sensitive|moderat|refus|toxic|nsfw"
    r"|policy",
    re.I,
)
_CODES = re.compile(
    r"content_?(filter|policy|moderation)|moderation_blocked|responsible_?ai|safety_violation"
    r"|data_?inspection_?failed|sensitive|prohibited_?content|nsfw|guardrail|safety_block"
    r"|^(safety|recitation|blocklist|spii|image_safety)$",
    re.I,
)
_SENTENCES = re.compile(
    r"content[ _-]?(filter|management|polic|moderation|guideline)|content exists risk"
    r"|content_policy_violation|moderation_blocked|responsible[ _]?ai"
    r"|\b(usage|acceptable use|safety) (polic|guideline)|safety[ _](system|filter|checker)"
    r"|requires moderation|moderation (system|filter|policy|check)"
    r"|(blocked|rejected|refused|flagged) (by|in) (our |the )?(moderation|guardrail)"
    r"|(input|prompt|request|text|image|output|message)s?\b[^.]{0,60}\b(was|were|been|is) flagged"
    r"|inappropriate content|prohibited[ _]content|considered high risk|\bnsfw\b|敏感"
    r"|blocked (the|this|your) (request|prompt|response)|block_?(reason|list)"
    r"|guardrail_intervened|data[ _]?inspection",
    re.I,
)


def is_filter_ending(word: str) -> bool:
    """Whether a completion with this `finish_reason` was withheld."""
    return _ENDINGS.search(word) is not None


def is_filter_code(code: str) -> bool:
    """Whether an error with this code (or codes, with blanks between) is a filter's block."""
    return _CODES.search(code) is not None


def tells_of_filter(sentence: str) -> bool:
    """Whether an error's message says that a filter blocked what was asked or said."""
    return _SENTENCES.search(sentence) is not None
