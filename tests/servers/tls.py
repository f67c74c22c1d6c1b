"""A judge behind TLS, with a certificate that only its own authority vouches for."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

from aiohttp import web

from tests.servers.judge import JudgeServer


def certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    file = folder / "judge.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(file)),
        ],
        check=True,
        capture_output=True,
    )
    return file


class TlsServer(JudgeServer):
    """As `JudgeServer`, at an https address."""

    def __init__(self, certificate_file: Path) -> None:
        super().__init__()
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate_file, certificate_file.with_name("key.pem"))

    def _site(self, runner: web.AppRunner) -> web.TCPSite:
        return web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._context)

    def __enter__(self) -> TlsServer:
        super().__enter__()
        self.url = self.url.replace("http:", "https:")
        return self
