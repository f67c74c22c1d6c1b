"""Finished judge answers on disk: SQLite in WAL mode, safe for many processes and for SIGKILL.

The key is the hash of everything that determines the answer: the judge's form and revision, the
model that the endpoint says it serves, decoding, rendered messages and the bytes of the media in
them. Not the address: a server may move. Only answers that gave a verdict are put here.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from judger.contract.settings import Settings, SettingsError
from judger.endpoint.grammar.completion import Completion
from judger.endpoint.grammar.strict_json import loads

FILE = "answers.sqlite"
#: In every key: answers that were read by an older, laxer grammar are not there.
FORMAT = b"uni-judger/2"
_COMPLETION = TypeAdapter(with_config(ConfigDict(strict=True, extra="forbid"))(Completion))


def key_of(form: str, revision: str, served: str, path: str, body: bytes) -> str:
    """Content address of one request: media stand in its body by the hash of their bytes."""
    asked = (FORMAT, form.encode(), revision.encode(), served.encode(), path.encode(), body)
    return hashlib.sha256(b"\0".join(asked)).hexdigest()


class Cache:
    """A mapping from request to answer. With `folder` None it lasts as long as the process.

    SettingsError where the folder or its file cannot be used at all. A row that cannot be read is
    not there, and the others are used. Later trouble with the whole file (a full disk) costs the
    cache, never an answer: it is said once, and nothing more is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        self._said = False
        file = folder / FILE if folder else ":memory:"
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            # Autocommit: an answer is safe from a killed process once `put` returns.
            self._db = sqlite3.connect(
                file, timeout=60, isolation_level=None, check_same_thread=False
            )
            self._db.text_factory = bytes  # a row that is no UTF-8 must not look like a lost file
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
        try:
            row = self._row(key)
            return None if row is None else _COMPLETION.validate_json(row)
        except ValidationError:
            return None

    def put(self, key: str, answer: Completion) -> None:
        """Keep an answer; a second writer of the same key writes the same."""
        self._write(key, _COMPLETION.dump_json(answer))

    def note(self, key: str) -> dict[str, Any]:
        """What was learned of an endpoint and kept under this name; empty where nothing was."""
        try:
            found = loads(self._row(key) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def keep_note(self, key: str, facts: dict[str, Any]) -> None:
        """Keep what was learned of an endpoint, in place of what was known before."""
        self._write(key, json.dumps(facts).encode())

    def _row(self, key: str) -> bytes | None:
        """What a row holds, None where there is no row that can be read."""
        if self._db is None:
            return None
        try:
            row = self._db.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
            return row[0] if row and isinstance(row[0], bytes) else None
        except sqlite3.OperationalError as error:  # the file as a whole
            self._give_up(error)
            return None
        except sqlite3.Error:  # the page that this row stands on
            return None

    def _write(self, key: str, value: bytes) -> None:
        if self._db is None:
            return
        try:
            self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, value.decode()))
        except sqlite3.OperationalError as error:
            self._give_up(error)
        except sqlite3.Error as error:  # a page of it: this answer is not kept, others are
            if not self._said:
                print(f"Uni-Judger: the cache is damaged ({error}).", file=sys.stderr)
            self._said = True

    def _give_up(self, error: Exception) -> None:
        print(f"Uni-Judger: the cache fails ({error}); going on without it.", file=sys.stderr)
        self.close()

    def close(self) -> None:
        """Close the file; the cache keeps nothing afterwards."""
        if self._db is not None:
            self._db.close()
            self._db = None


def opened(settings: Settings) -> Cache:
    """The cache that the settings name; SettingsError as `Cache`.

    A folder that nobody named and that cannot be made costs the cache, which is said.
    """
    folder = settings.cache_dir
    if settings.cache or (folder is not None and _writable(folder)):
        return Cache(folder)
    print(
        f"Uni-Judger: no folder for the cache can be made ({folder or 'there is no home'}): "
        "answers are kept for this session only. Set UNI_JUDGER_CACHE to a folder, or to 'off'.",
        file=sys.stderr,
    )
    return Cache(None)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
