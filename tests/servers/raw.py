"""A server that speaks no HTTP: it answers each request with the next of the bytes it was given."""

from __future__ import annotations

import socket
import threading


class RawServer:
    """One connection a request, the last answer for ever; `calls` counts the requests."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.calls = list(answers), 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> RawServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # closed
            with connection:
                if connection.recv(65536):
                    self.calls += 1
                    connection.sendall(
                        self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                    )
