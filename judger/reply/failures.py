"""What lmms-eval and its back ends return in place of a reply, each in its whole form.

docs/backend-failures.md lists where each form is written in lmms-eval 0.7.3. Only a text that is
such a form from its first to its last character is a failure: a reply that merely begins like one,
or mentions one, is the model's and is judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from judger.contract.outcomes import Outcome
from judger.contract.provider_filters import is_filter_ending, tells_of_filter

Found = tuple[Outcome, str]

_FINISH = re.compile(r"finish_reason\W{0,40}?(?:is |=)\s*<?([\w.]+)")
#: What Gemini's older client calls a filter's endings.
_NUMBERED = {"3", "4"}


def _request_failed(text: str) -> Outcome:
    return "provider_blocked" if tells_of_filter(text) else "target_error"


def _safety_blocked(text: str) -> Outcome:
    """Gemini's back end writes this for any answer without text; the ending says which it was."""
    endings = [ending.removeprefix("FinishReason.") for ending in _FINISH.findall(text)]
    if not endings or any(e in _NUMBERED or is_filter_ending(e) for e in endings):
        return "provider_blocked"
    return "target_error"


Says = Outcome | Callable[[str], Outcome]
#: One line as an exception's text, cut at 200 characters; and an exception's text as it is.
_PREVIEW, _EXCEPTION = r"[^\n]{0,200}", r"[\s\S]{0,4000}"

#: Forms that begin with a mark in brackets, by that mark.
MARKED: dict[str, tuple[str, Says]] = {
    "LMMS_EVAL_REQUEST_FAILED": (
        rf"\[LMMS_EVAL_REQUEST_FAILED(?: after \d+ retries)?\](?: {_PREVIEW})?", _request_failed
    ),
    "LMMS_EVAL_BUDGET_EXCEEDED": (r"\[LMMS_EVAL_BUDGET_EXCEEDED\]", "target_error"),
    "GENERATION_FAILED": (rf"\[GENERATION_FAILED\](?: {_EXCEPTION})?", _request_failed),
    "SAFETY_BLOCKED": (
        r"\[SAFETY_BLOCKED:(?:unknown|(?:finish_reason=|HARM_)[^\n]{0,1000}|[\s\S]{0,100})\]",
        _safety_blocked,
    ),
    "ERROR": (
        r"\[ERROR\] (?:Unknown|Empty prompt(?:: doc_id=\S{1,200})?|doc lookup failed"
        r"|conditioning video not found \(doc key [^\n]{1,200}\): "
        r"(?:'[^'\n]{0,4096}'|\"[^\"\n]{0,4096}\"|\w+)"
        r"|No conditioning input|Failed to save conditioning frames"
        rf"|Fallback conditioning failed: {_EXCEPTION})",
        "target_error",
    ),
    "UNI_SAFE_BLOCKED": (r"\[UNI_SAFE_BLOCKED\](?: [^\n]{0,600})?", "provider_blocked"),
    # Ours: the back end knew a filter when it saw one.
    "UNI_SAFE_FAILED": (r"\[UNI_SAFE_FAILED\](?: [^\n]{0,600})?", "target_error"),
    "UNI_SAFE_UNSUPPORTED": (r"\[UNI_SAFE_UNSUPPORTED\](?: [^\n]{0,600})?", "unsupported"),
}  # fmt: skip
#: Forms in plain words.
PLAIN: tuple[tuple[str, Says, str], ...] = (
    (
        r'(?:Error: )?can only concatenate str \(not "\w+"\)(?: to str)?',
        "no_output",
        "async_openai: the provider's content was no text",
    ),
    ("Image generated", "target_error", "qwen_image_edit: a picture was made and not saved"),
    ("Batch failed", "target_error", "batch_gpt4: the provider's batch failed"),
    ("Can not infer the answer[.]", "target_error", "llava_onevision_moviechat: an exception"),
    (
        r"Video [\s\S]{0,4096} (?:can not load|generate failed), check the source",
        "target_error",
        "oryx or llava_vid: an exception",
    ),
    (
        r'\{"masks": \[\], "boxes": \[\], "scores": \[\]\}',
        "no_output",
        "sam3: an exception, or nothing found",
    ),
)
_MARKED = {mark: (re.compile(form), says) for mark, (form, says) in MARKED.items()}
_PLAIN = [(re.compile(form), says, note) for form, says, note in PLAIN]
_MARK = re.compile(r"\[([A-Z_]{5,40})[\]: ]")
#: The line of a traceback that names the exception.
_RAISED = re.compile(
    r"(?:\w{1,80}\.){0,20}\w{0,80}"
    r"(?:Error|Exception|Interrupt|Exit|Iteration|Failure|Timeout)(?::|$)"
)
_LONGEST = 9000  # no form is longer
#: Keys of an error as servers send it, and those of the error's own.
_ENVELOPE = {
    *("error", "object", "type", "code", "status", "message", "detail", "param", "request_id"),
}
_MOST_ERROR = 4000


def failure(text: str) -> Found | None:
    """(outcome, note) of a stripped text that stands for a failure; None for any other."""
    if len(text) > _LONGEST:
        return None
    return marked_failure(text) or _in_words(text) or _traceback(text) or _server_error(text)


def marked_failure(text: str) -> Found | None:
    """The same for the forms in brackets alone, which nobody writes by chance."""
    if (mark := _MARK.match(text)) is None or mark[1] not in _MARKED or len(text) > _LONGEST:
        return None
    form, says = _MARKED[mark[1]]
    if form.fullmatch(text) is None:
        return None
    return (says(text) if callable(says) else says), " ".join(text.split())[:300]


def _in_words(text: str) -> Found | None:
    for form, says, note in _PLAIN:
        if form.fullmatch(text):
            return (says(text) if callable(says) else says), note
    return None


def _traceback(text: str) -> Found | None:
    """A Python traceback and nothing else: its head, indented lines, the exception."""
    head, *lines = text.split("\n")
    if head != "Traceback (most recent call last):":
        return None
    raised = next((line for line in lines if line[:1] not in ("", " ", "\t")), "")
    if _RAISED.match(raised) is None or len(text) > _MOST_ERROR:
        return None
    return "target_error", f"a Python traceback: {raised}"[:300]


def _server_error(text: str) -> Found | None:
    """The body of a server's error in place of a reply, as JSON or as Python prints it."""
    if not text.startswith("{") or "error" not in text[:300] or len(text) > _MOST_ERROR:
        return None
    try:
        loaded: Any = json.loads(text)
    except (ValueError, RecursionError):
        printed = re.fullmatch(r"\{'error': [\s\S]*\}", text) is not None
        return (_request_failed(text), _said(text)) if printed else None
    is_error = bool(loaded.get("error")) or loaded.get("object") == "error"
    if not is_error or not set(loaded) <= _ENVELOPE:
        return None
    return _request_failed(text), _said(text)


def _said(text: str) -> str:
    return f"a server's error: {' '.join(text.split())}"[:300]
