"""Addresses, proxies, certificates and keys: as every other client on the machine has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from judger.contract.settings import SettingsError
from judger.endpoint.address import request_url, shown, versioned
from tests.judger.endpoint.client.asked import KEY, asked, with_client
from tests.judger.items import item
from tests.judger.sessions import session
from tests.servers import turns
from tests.servers.judge import completion
from tests.servers.tls import TlsServer, certificate
from tests.servers.turns import Turns

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
DEAD = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("judger.endpoint.client.random.uniform", lambda low, high: 0.01)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://h/v1", "http://h/v1/chat/completions"),
        ("http://h/v1/", "http://h/v1/chat/completions"),
        ("http://h", "http://h/chat/completions"),
        (
            "https://h/openai/deployments/d?api-version=2024-10-21",
            "https://h/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
        ("https://h/v1/?key=s3cret&x=1", "https://h/v1/chat/completions?key=s3cret&x=1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions"),
    ],
)
def test_where_a_request_goes(base: str, url: str) -> None:
    assert request_url(base, "/chat/completions") == url
    assert "s3cret" not in shown(base) and "?" not in shown(base)


def test_an_address_with_a_query_is_asked_below_its_path() -> None:
    seen: list[web.Request] = []

    async def answer(request: Any) -> Any:
        seen.append(request)
        return completion("fine")

    with Turns(answer) as server:
        base = f"{server.url}?api-version=2024-10-21"
        assert with_client(server, asked, base_url=base) == "fine"
        assert with_client(server, asked) == "fine"
    assert [request.path_qs for request in seen] == [
        "/v1/chat/completions?api-version=2024-10-21",
        "/v1/chat/completions",
    ]
    # Azure takes a key by a header of its own; others get none.
    assert [request.headers.get("api-key") for request in seen] == [KEY, None]
    assert {request.headers["Authorization"] for request in seen} == {f"Bearer {KEY}"}
    assert versioned(base) and not versioned(server.url)


def test_a_secret_in_the_address_is_in_no_message_and_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        session("http://127.0.0.1:9/v1?key=s3cret", tmp_path, retries="0") as made,
        pytest.raises(SettingsError) as said,
    ):
        made.preflight()
    assert "127.0.0.1:9/v1" in str(said.value)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"s3cret" not in held
    assert "s3cret" not in str(said.value) + capsys.readouterr().err


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_is_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Turns(turns.fine) as server:
        monkeypatch.setenv(name, server.url.removesuffix("/v1"))
        assert with_client(server, asked, base_url="http://judge.invalid/v1") == "fine"
        assert len(server.times) == 1


@pytest.mark.parametrize(
    ("no_proxy", "direct"),
    [("127.0.0.1", True), ("*", True), ("other.host,127.0.0.1", True), ("other.host", False)],
)
def test_but_not_for_what_is_excepted(
    no_proxy: str, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", DEAD)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    with Turns(turns.fine) as server:
        said = with_client(server, asked, retries=0)
    assert (said == "fine") is direct


def test_the_environments_certificates_are_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path)
    with TlsServer(file) as server:
        with (
            session(server.url, retries="0") as made,
            pytest.raises(SettingsError, match=r"(?i)cert"),
        ):
            made.preflight()
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with session(server.url, retries="0") as made:
            assert made.submit(item(), "a reply").result(30).outcome == "scored"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/no/such/file.pem"),
        ("HTTPS_PROXY", "ftp://proxy:21"),
        ("ALL_PROXY", "gopher://proxy"),
    ],
)
def test_an_environment_that_cannot_work_is_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as said, session(DEAD):
        pass
    assert "\n" not in str(said.value)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://u:s3cret@127.0.0.1:9"])
def test_a_proxy_that_does_not_answer_is_a_fault_of_the_way(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with Turns(turns.fine) as server:
        said = with_client(server, asked, retries=0)
    assert said.startswith("Judge") and "s3cret" not in said
