"""What can go wrong between a question and its answer, as the rest of the judger sees it."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time

from judger.endpoint.provider_errors import errors_of, moderated, unpaid, words_of

#: Bytes of an error's body that are read.
MAX_BODY = 4 * 1024 * 1024
#: Statuses by which an endpoint lets nobody in; to one question alone they are its own fault.
SHUT_OUT = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 404, 405})
#: Errors of this machine, which say nothing about a server, a reply or a file.
_LOCAL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.EADDRNOTAVAIL})


class JudgeFault(Exception):
    """The judge could not be asked about this one part; the run goes on."""


class JudgeStopped(JudgeFault):
    """The judge cannot be asked about anything any more; nothing further is sent."""


class JudgeBudgetSpent(JudgeStopped):
    """What judging may cost is spent; nothing further is sent."""


class JudgeRejected(JudgeFault):
    """The server did not take this request; `status` is its answer's, `words` what it said."""

    def __init__(self, message: str, status: int = 400, words: str = "") -> None:
        super().__init__(message)
        self.status, self.words = status, words


class JudgeFiltered(JudgeFault):
    """The judge's own provider refused to read the part."""


class HttpFault(Exception):
    """An answer that is none: its status, what the server said of it, and what follows from that.

    `words` are its codes, the parameters it names and its message, without a repeated request;
    `retry_after` is how long the server asks to wait (s); `blocked`: a filter refused the request;
    `unpaid`: the account has no credit left.
    """

    def __init__(self, status: int, body: bytes = b"", wait: float = 0.0) -> None:
        super().__init__(f"HTTP {status} {said(body)}".strip())
        text = body[:MAX_BODY].decode("utf-8", "replace")
        self.words = " ".join(map(words_of, errors_of(text)))
        self.status, self.retry_after = status, wait
        self.blocked, self.unpaid = moderated(status, text), unpaid(status, text)


def said(body: bytes) -> str:
    """What a server's error body says: message and code in the API's own form, else its text."""
    try:
        error = json.loads(body)["error"]
        words = f"{error.get('message') or ''} {error.get('code') or ''}".strip()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        words = ""
    return words or body[:2000].decode("utf-8", "replace")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that a server asks to wait (a number or an HTTP date), 0.0 where it does not."""
    value = headers.get("Retry-After", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return seconds if 0.0 < seconds < 1e9 else 0.0


def setting_for(status: int, words: str) -> str:
    """The setting that a refused request speaks of, as advice to a person."""
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return "the account has no credit: add some, or set UNI_JUDGER_API_KEY to another's"
    if status == HTTPStatus.UNAUTHORIZED:
        return "put UNI_JUDGER_API_KEY right"
    if status == HTTPStatus.FORBIDDEN:
        return "put UNI_JUDGER_API_KEY right, or UNI_JUDGER_MODEL if the key may not use it"
    if status == HTTPStatus.NOT_FOUND and "model" in words.lower():
        return "put UNI_JUDGER_MODEL right"
    return "put UNI_JUDGER_BASE_URL right: the address up to `/v1`"


def local_fault(error: BaseException) -> OSError | None:
    """The error of this machine behind `error` (no free file handles, memory, ports), or None."""
    for one in _behind(error):
        if isinstance(one, OSError) and one.errno in _LOCAL:
            return one
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and so on."""
    found: BaseException | None = error
    for _ in range(16):
        if found is None:
            return
        yield found
        inner = getattr(found, "os_error", None)  # aiohttp keeps the cause there
        if isinstance(inner, BaseException):
            yield inner
        found = found.__cause__ or found.__context__
