"""What a provider's error means beyond its status: a filter's block, or an account without credit.

Providers agree on no form: a block is a code with some, a word in the message with others, an entry
of `metadata` (OpenRouter) or an upstream's error inside that. Only what the provider says is read:
a validation error repeats the request, and a request may hold any of these words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeGuard

from judger.contract.provider_filters import is_filter_code, tells_of_filter

#: Statuses by which providers refuse what a request holds; OpenRouter's is 403.
_REFUSED = {400, 403, 422, 451}
#: A sentence by which the user is refused, whatever they ask.
_ACCOUNT = re.compile(
    r"\b(account|organi[sz]ation|project|api key|ip address)\b[^.]{0,60}"
    r"\b(flagged|suspended|blocked|banned|disabled|violat\w+)[^.]*",
    re.I,
)
_UNPAID = re.compile(
    r"insufficient[_ ](quota|balance|credit|fund)|billing_(hard_limit|not_active)"
    r"|exceeded_current_quota|credit balance is too low",
    re.I,
)
#: Where a validation error begins to repeat what it was sent.
_ECHO = re.compile(r"""['"]input['"]\s*:|\binput_value=""")


def moderated(status: int, body_text: str) -> bool:
    """Whether an error (its HTTP status and body) is a filter's block of what was asked or said.

    Never raises; False for an error of the request's form, of the key, of the account.
    """
    if status not in _REFUSED:
        return False
    for error in errors_of(body_text):
        metadata = error.get("metadata")
        if isinstance(metadata, dict) and (metadata.get("reasons") or "flagged_input" in metadata):
            return True
        if is_filter_code(_codes(error)) or tells_of_filter(_ACCOUNT.sub("", _message(error))):
            return True
    return False


def unpaid(status: int, body_text: str) -> bool:
    """Whether an error says that no credit is left: waiting does not help. Never raises."""
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return True
    said = map(words_of, errors_of(body_text))
    return status in (400, 403, 429) and any(map(_UNPAID.search, said))


def words_of(error: Mapping[str, Any]) -> str:
    """What one error says: its codes, the parameters it names, and its message.

    Not the request, which a validation error may repeat.
    """
    return f"{_codes(error)} {_parameters(error)} {_message(error)}"


def errors_of(text: str) -> Iterator[Mapping[str, Any]]:
    """The error of a body, and the upstream's own where a router hands it on as text."""
    for _ in range(3):
        error = _error(text)
        yield error
        metadata = error.get("metadata")
        raw = metadata.get("raw") if isinstance(metadata, dict) else None
        if not isinstance(raw, str):
            return
        text = raw


def _error(text: str) -> Mapping[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = {} if text.lstrip().startswith("<") else text  # a gateway's page is no provider's
    body = body[0] if isinstance(body, list) and body else body
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, str):
        error = {**(body if isinstance(body, dict) else {}), "message": error}
    return error if isinstance(error, dict) else {}


def _codes(error: Mapping[str, Any]) -> str:
    """What an error is called: words by which programs tell one from another."""
    inner, metadata = error.get("innererror"), error.get("metadata")
    said = [
        error.get(key) for key in ("code", "type", "name", "status", "error_type", "error_code")
    ]
    said += [inner.get("code")] if isinstance(inner, dict) else []
    said += [metadata.get("error_type")] if isinstance(metadata, dict) else []
    return " ".join(word for word in said if isinstance(word, str))


def _parameters(error: Mapping[str, Any]) -> str:
    """The names of parameters that were refused, by OpenAI's form or pydantic's."""
    detail = error.get("detail")
    entries = [entry for entry in (detail if isinstance(detail, list) else ()) if _is(entry)]
    named = [error.get("param"), *(entry.get("msg") for entry in entries)]
    named += [word for e in entries if isinstance(e.get("loc"), list) for word in e["loc"]]
    return " ".join(word for word in named if isinstance(word, str))[:1000]


def _is(value: Any) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, dict)


def _message(error: Mapping[str, Any]) -> str:
    keys = ("message", "detail", "errors", "error_msg", "status_msg", "msg")
    said = [error.get(key) for key in keys]
    words = [entry for value in said for entry in (value if isinstance(value, list) else [value])]
    text = " ".join(word for word in words if isinstance(word, str))
    return _ECHO.split(text, maxsplit=1)[0][:1000]
