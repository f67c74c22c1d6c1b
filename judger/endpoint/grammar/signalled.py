"""Errors inside a body that came with status 200: found wherever they stand, with their own status.

Routers answer 200 before they know how it will end, and write what went wrong into the body: beside
`choices`, in a choice or a message, under names of their own. Such a body is no answer, and the
error's inner code says what to do about it, as the status of a response would.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from judger.contract.provider_filters import is_filter_code, tells_of_filter
from judger.endpoint.provider_errors import errors_of, words_of

_ERROR = re.compile(r"errors?|error_?(code|msg|message|info|type)|exception|traceback", re.I)
#: What such a key may hold where nothing went wrong.
_NOTHING: tuple[Any, ...] = (None, "", 0, False, [], {}, "0", "none", "null")
#: Fields of a body, a choice or a message that state success: name -> what they say of it.
_STATES: Mapping[str, tuple[Any, ...]] = {
    "code": (None, "", 0, "0", 200, "200", "ok", "success"),
    "status_code": (None, "", 0, "0", 200, "200"),
    "statusCode": (None, "", 0, "0", 200, "200"),
    "status": (None, "", 0, 200, "200", "ok", "success", "succeeded", "completed", "finished"),
    "success": (None, True, 1, "true"),
    "ok": (None, True, 1, "true"),
}
_STATUS_KEYS = ("code", "status", "status_code", "statusCode", "http_code", "httpCode")
#: Words by which an error says what a status would, most specific first.
_WORDS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, re.I))
    for status, pattern in (
        (402, r"insufficient[_ ](quota|balance|credit|fund)|payment_required|billing"),
        (429, r"rate[_ -]?limit|too[_ ]many[_ ]requests|resource[_ ]exhausted|throttl|slow down"),
        (503, r"overload|unavailable|try again|capacity|timed? ?out|timeout"),
        (401, r"unauthenticated|invalid[_ ]api[_ ]key|authentication|unauthorized"),
        (403, r"permission[_ ]denied|forbidden|access[_ ]denied"),
        (404, r"not[_ ]found|does not exist|no such model"),
        (400, r"invalid[_ ]?(request|argument|parameter)|bad[_ ]request|context[_ ]length"),
    )
)
#: Nothing says what it was: a fault of the way to the model, which may pass.
UNKNOWN = 502


class ErrorInside(ValueError):
    """A body that came with status 200 tells of an `error`: it is no answer."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(f"an error inside the answer: {str(error)[:200]}")
        self.error = error


def signalled(body: Any) -> Mapping[str, Any] | None:
    """The first error that a parsed body holds, as `{"error": …}`; None where it holds none."""
    found = next(_signals(body), None)
    if found is None:
        return None
    return found if isinstance(found.get("error"), (dict, str)) else {"error": found}


def inner_status(error: Mapping[str, Any]) -> int:
    """The HTTP status that stands for what `signalled` found: its code, else its words."""
    found = list(errors_of(json.dumps(error)))
    for one in found:
        for key in _STATUS_KEYS:
            code = str(one.get(key))
            if code.isdecimal() and len(code) == 3 and 400 <= int(code) <= 599:
                return int(code)
    said = " ".join(map(words_of, found))
    filtered = is_filter_code(said) or tells_of_filter(said)
    other = HTTPStatus.BAD_REQUEST if filtered else UNKNOWN
    return next((status for status, words in _WORDS if words.search(said)), other)


def _signals(body: Any) -> Iterator[Mapping[str, Any]]:
    """Every object that tells of an error, from the outside in."""
    for level in _levels(body):
        if any(name in level and not _among(level[name], fine) for name, fine in _STATES.items()):
            yield level
    waiting = deque([body])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            for key, held in value.items():
                if _ERROR.fullmatch(key) and not _among(held, _NOTHING):
                    yield {"error": held if isinstance(held, (dict, str)) else value}
                if key == "base_resp" and held and _refused(held):
                    yield {"error": held}
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _refused(state: Any) -> bool:
    """Whether MiniMax's `base_resp` states anything but success."""
    return not isinstance(state, dict) or state.get("status_code") not in (0, None)


def _levels(body: Any) -> Iterator[Mapping[str, Any]]:
    """The body, its choices and their messages, as far as they are objects."""
    if not isinstance(body, dict):
        return
    yield body
    choices = body.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict):
            yield choice
            if isinstance(choice.get("message"), dict):
                yield choice["message"]


def _among(value: Any, allowed: tuple[Any, ...]) -> bool:
    said = value.lower() if isinstance(value, str) else value
    return any(said == one and isinstance(said, bool) == isinstance(one, bool) for one in allowed)
