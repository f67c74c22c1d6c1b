"""A server that does as little as `with-judge` needs: run as a program with a port and a manner."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Models(BaseHTTPRequestHandler):
    """Lists one model; `lists`: or fails at it, and is healthy."""

    lists = True

    def do_GET(self) -> None:
        """The list, whatever is asked."""
        body = json.dumps({"data": [{"id": "the-served-name"}]}).encode()
        self.send_response(200 if self.lists or self.path == "/health" else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main(port: int, pids: Path, manner: str) -> None:
    """Write the ids of this process and of a child of it, then serve."""
    if manner == "deaf to SIGTERM":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pids.write_text(f"{os.getpid()} {child.pid}")
    print("loading the model")
    if manner == "fails":
        print("CUDA out of memory: a made-up failure", flush=True)
        sys.exit(3)
    if manner == "mute":
        time.sleep(600)
    Models.lists = manner != "cannot list"
    HTTPServer(("127.0.0.1", port), Models).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
