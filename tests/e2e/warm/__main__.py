"""`python -m tests.e2e.warm SCRIPT MODULE ...`: the server."""

from __future__ import annotations

import sys

from tests.e2e.warm.server import serve

if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2:])
