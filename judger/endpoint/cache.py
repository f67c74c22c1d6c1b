"""Finished judge answers on disk: SQLite in WAL mode, safe for many processes and for SIGKILL.

The key is the hash of everything that determines the answer: model and its revision, decoding,
rendered messages and the bytes of the media in them. Not the address: a server may move. Whoever
puts other weights behind the same name says so by `UNI_JUDGER_REVISION`. Only answers that gave a
verdict are put here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

from judger.contract.settings import SettingsError
from judger.judges.verdict import Completion

FILE = "answers.sqlite"


def key_of(form: str, revision: str, path: str, body: bytes) -> str:
    """Content address of one request: media stand in its body as data URLs, so bytes count."""
    asked = (form.encode(), revision.encode(), path.encode(), body)
    return hashlib.sha256(b"\0".join(asked)).hexdigest()


class Cache:
    """A mapping from request to answer. With `folder` None it lasts as long as the process.

    SettingsError where the folder or its file cannot be used at all. Later trouble (a full disk)
    costs the cache, never an answer: it is said once, and nothing more is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        file = folder / FILE if folder else ":memory:"
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            # Autocommit: an answer is safe from a killed process once `put` returns.
            self._db = sqlite3.connect(
                file, timeout=60, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, value TEXT)"
                " WITHOUT ROWID"  # one tree to write to instead of two
            )
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(
                f"the judge's cache {file} cannot be used ({error}): "
                "move it away, or set UNI_JUDGER_CACHE to another folder or to 'off'"
            ) from None

    def get(self, key: str) -> Completion | None:
        """The answer kept for a request, or None."""
        if self._db is None:
            return None
        try:
            row = self._db.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
            return Completion(**json.loads(row[0])) if row else None
        except (sqlite3.Error, ValueError, TypeError) as error:
            self._give_up(error)
            return None

    def put(self, key: str, answer: Completion) -> None:
        """Keep an answer; a second writer of the same key changes nothing."""
        if self._db is None:
            return
        try:
            value = json.dumps(answer.__dict__)
            self._db.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (key, value))
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        print(f"Uni-Judger: the cache fails ({error}); going on without it.", file=sys.stderr)
        self.close()

    def close(self) -> None:
        """Close the file; the cache keeps nothing afterwards."""
        if self._db is not None:
            self._db.close()
            self._db = None
