"""What stands above every question to a judge."""

from __future__ import annotations

import pytest

from judger.contract.settings import Settings
from judger.endpoint.wire.headers import headers_of

PLAIN, AZURE = "http://h/v1", "https://h/d?api-version=2024-10-21"
USUAL = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "User-Agent": "Uni-Judger",
    "Authorization": "Bearer k",
}


@pytest.mark.parametrize(
    ("url", "key", "environ", "more"),
    [
        (PLAIN, "k", {}, {}),
        (PLAIN, "", {}, {"Authorization": "Bearer none"}),  # some servers want any
        (AZURE, "k", {}, {"api-key": "k"}),
        (AZURE, "", {}, {"Authorization": "Bearer none"}),
        (PLAIN, "k", {"ORG_ID": "o"}, {"OpenAI-Organization": "o"}),
        (PLAIN, "k", {"PROJECT_ID": "p"}, {"OpenAI-Project": "p"}),
        (PLAIN, "k", {"ORG_ID": "", "API_KEY": "another", "ADMIN_KEY": "a third"}, {}),
        (
            PLAIN,
            "k",
            {"CUSTOM_HEADERS": "X-Team: a: b\n\nnone\n: no name\n"},
            {"X-Team": "a: b"},
        ),
        (PLAIN, "k", {"CUSTOM_HEADERS": "User-Agent: us"}, {"User-Agent": "us"}),
        # The key is the judge's own; a name counts once.
        (PLAIN, "k", {"CUSTOM_HEADERS": "authorization: Basic x"}, {}),
        (AZURE, "k", {"CUSTOM_HEADERS": "Api-Key: x"}, {"api-key": "k"}),
    ],
)
def test_the_headers(
    url: str,
    key: str,
    environ: dict[str, str],
    more: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ORG_ID", "PROJECT_ID", "CUSTOM_HEADERS", "API_KEY", "ADMIN_KEY"):
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(f"OPENAI_{name}", value)
    settings = Settings(backend="openai", model="m", base_url=url, api_key=key)  # type: ignore[arg-type]
    assert headers_of(settings) == USUAL | more
