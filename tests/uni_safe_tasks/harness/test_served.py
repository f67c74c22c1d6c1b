"""What the model's own server says it serves, asked of a real one."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from judger.contract.texts.listed_models import MOST
from uni_safe_tasks.harness.served import served

REAL = {"id": "an-alias", "root": "lab/Real-7B", "parent": None}


class Listing(BaseHTTPRequestHandler):
    body: bytes = b""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/v1/models" else 404)
        self.end_headers()
        self.wfile.write(self.body if self.path == "/v1/models" else b"{}")

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Listing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("data", "model", "names"),
    [
        ([REAL], "an-alias", ["an-alias", "lab/Real-7B"]),
        ([REAL], "another", ["an-alias", "lab/Real-7B"]),
        ([REAL, {"id": "lora", "root": "/w/x", "parent": "an-alias"}], "lora",
         ["lora", "/w/x", "an-alias"]),
        ([{"id": f"m{n}"} for n in range(MOST + 1)], "other", []),
        ([{"id": f"m{n}"} for n in range(MOST + 1)], "m3", ["m3"]),
        ([{"id": 7}, "odd", None], "x", []),
    ],
)  # fmt: skip
def test_names(url: str, data: Any, model: str, names: list[str]) -> None:
    Listing.body = json.dumps({"data": data}).encode()
    assert served(f"model_version={model},base_url={url},timeout=9") == names
    assert served({"model": model, "base_url": f"{url}/"}) == names


@pytest.mark.parametrize("body", [b"", b"nothing", b"[]", b'{"data": 3}', b'{"data": null}'])
def test_what_is_no_list_is_nothing(url: str, body: bytes) -> None:
    Listing.body = body
    assert served(f"base_url={url}") == []


@pytest.mark.parametrize(
    "arguments",
    [None, "", "pretrained=lab/x", "base_url=http://127.0.0.1:9/v1", "base_url=http://["],
)
def test_silence_is_no_fault(arguments: Any) -> None:
    assert served(arguments) == []
