"""The proxy for an address, as the environment names one."""

from __future__ import annotations

import pytest

from judger.endpoint.wire.proxies import proxy_for

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FTP_PROXY", "REQUEST_METHOD")
P, Q = "http://proxy:3128", "http://other:80"


@pytest.mark.parametrize(
    ("named", "url", "proxy"),
    [
        ({}, "http://h/v1", None),
        ({"HTTP_PROXY": P}, "http://h/v1", P),
        ({"http_proxy": P}, "http://h/v1", P),
        ({"HTTP_PROXY": P}, "https://h/v1", None),
        ({"HTTPS_PROXY": P, "ALL_PROXY": Q}, "https://h/v1", P),
        ({"HTTPS_PROXY": P, "ALL_PROXY": Q}, "http://h/v1", Q),
        ({"ALL_PROXY": "proxy:3128"}, "http://h/v1", P),
        ({"ALL_PROXY": "socks5://p:1"}, "http://h/v1", "socks5://p:1"),
        ({"FTP_PROXY": "gopher://p"}, "http://h/v1", None),
        ({"HTTP_PROXY": "http://u:p@proxy:1"}, "http://h/v1", "http://u:p@proxy:1"),
        ({"HTTP_PROXY": P, "NO_PROXY": "*"}, "http://h/v1", None),
        ({"HTTP_PROXY": P, "NO_PROXY": "h"}, "http://h:8000/v1", None),
        ({"HTTP_PROXY": P, "NO_PROXY": "h:8000"}, "http://h:8000/v1", None),
        ({"HTTP_PROXY": P, "NO_PROXY": "h:8000"}, "http://h:8001/v1", P),
        ({"HTTP_PROXY": P, "NO_PROXY": "a.b, h.org"}, "http://x.h.org/v1", None),
        ({"HTTP_PROXY": P, "NO_PROXY": "h.org"}, "http://xh.org/v1", P),
        ({"HTTP_PROXY": P, "NO_PROXY": "h"}, "http://user:secret@h/v1", None),
        ({"HTTP_PROXY": P, "NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:9/v1", None),
    ],
)
def test_which_proxy(
    named: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _only(named, monkeypatch)
    assert proxy_for(url) == proxy


@pytest.mark.parametrize("address", ["ftp://p:21", "gopher://p"])
@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
def test_a_proxy_of_no_known_kind(name: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _only({name: address}, monkeypatch)
    with pytest.raises(ValueError, match="reached by"):
        proxy_for("http://h/v1")


def _only(named: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
