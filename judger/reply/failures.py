"""What lmms-eval and its back ends return in place of a reply: markers and swallowed errors."""

from __future__ import annotations

import re

from judger.contract.outcomes import Outcome

#: Failure markers that lmms-eval and its back ends return in place of a reply.
_MARKER = re.compile(
    r"^\[(LMMS_EVAL_REQUEST_FAILED|LMMS_EVAL_BUDGET_EXCEEDED|GENERATION_FAILED|SAFETY_BLOCKED|ERROR(?=\])"
    r"|UNI_SAFE_BLOCKED|UNI_SAFE_FAILED|UNI_SAFE_UNSUPPORTED)\b"
)
#: Words by which providers say that a filter, not the model, withheld the reply.
_FILTER = re.compile(
    r"content[_ -]?(filter|management|policy)|responsible ?ai|safety (system|filter|checker)"
    r"|moderation_blocked|prohibited_content|nsfw|blocklist|block_reason"
    r"|finish_reason=\S*(SAFETY|PROHIBITED|BLOCKLIST|SPII)",
    re.I,
)
#: gemini's back end writes SAFETY_BLOCKED for any answer without text; these are no filter.
_NOT_A_FILTER = re.compile(r"MAX_TOKENS|\bSTOP\b|FinishReason\.STOP|RECITATION|MALFORMED", re.I)
#: What async_openai returns when the provider's content is null or a list.
_SWALLOWED = re.compile(r"^Error: can only concatenate str \(not ")


def failure(text: str) -> tuple[Outcome, str] | None:
    """(outcome, note) of a stripped text that stands for a failure; None for any other."""
    if _SWALLOWED.match(text):
        return "no_output", "async_openai: the provider's content was no text"
    if text == "Image generated":  # qwen_image_edit
        return "target_error", "the back end made a picture but did not save it"
    if not _MARKER.match(text):
        return None
    if text.startswith("[UNI_SAFE_UNSUPPORTED"):
        return "unsupported", text[:300]
    blocked = text.startswith(("[SAFETY_BLOCKED", "[UNI_SAFE_BLOCKED")) or (
        not text.startswith("[UNI_SAFE_FAILED")  # ours: the back end knew a filter when it saw one
        and _FILTER.search(text)
    )
    if text.startswith("[SAFETY_BLOCKED") and _NOT_A_FILTER.search(text):
        blocked = None
    return "provider_blocked" if blocked else "target_error", text[:300]
