"""The address of an endpoint: where each request goes, and what of it may be shown."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit, urlunsplit


def request_url(base_url: str, path: str) -> str:
    """The address of `path` below a base URL, whose own query (`?api-version=…`) is kept."""
    base = urlsplit(base_url)
    return urlunsplit(base._replace(path=base.path.rstrip("/") + path, fragment=""))


def shown(base_url: str) -> str:
    """A base URL without what may hold a secret: its query, and a name and password."""
    base = urlsplit(base_url)
    host = base.netloc.rpartition("@")[2]
    return urlunsplit(SplitResult(base.scheme, host, base.path, "", ""))


def versioned(base_url: str) -> bool:
    """Whether the query names an API version, as Azure's does: its key has a header of its own."""
    return "api-version=" in urlsplit(base_url).query.lower()
