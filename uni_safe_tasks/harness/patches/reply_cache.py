"""lmms-eval's reply cache (`--use_cache DIR`), mended for tasks of ours, for as long as they run.

As it is in 0.7.3: failure markers are kept and replayed; a reply that names a picture is replayed
when the picture is gone; replies are kept only after the *last* of them is there, so a killed run
keeps none; what a killed run did keep is never looked at again; a damaged file loses the run.

Here: a reply that is a fault, or whose file is gone, counts as not there and is generated again
(a provider's block is an answer and stays); requests go through in slices of `UNI_SAFE_CACHE_EVERY`
(64), each kept before the next begins; what killed runs kept is found; and a damaged file is said
before anything is generated. Other tasks' entries, and the files of their runs, stay as they are.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from judger.contract.settings import SettingsError
from judger.engine.run_state import Traffic
from uni_safe_tasks.harness.patches.kept_replies import kept, taken_out
from uni_safe_tasks.harness.patches.read_at_once import document

VARIABLE = "UNI_SAFE_CACHE_EVERY"
_ROW = (
    "SELECT cache_key, request_type, task_name, doc_id, idx, gen_kwargs, response, created_at "
    "FROM responses WHERE cache_key = ?"
)
_KEEP = (
    "INSERT OR REPLACE INTO responses (cache_key, request_type, task_name, doc_id, idx, gen_kwargs,"
    " response, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def slice_size() -> int:
    """How many requests are generated before they are kept; SettingsError unless 1 or more."""
    text = os.environ.get(VARIABLE, "64")
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{VARIABLE}={text!r}: a whole number from 1, for example 64")
    return int(text)


@contextmanager
def mended(cache: Any, ours: set[str], traffic: Traffic) -> Iterator[None]:
    """Mend one `ResponseCache` for as long as this lasts; SettingsError where it is damaged."""
    root = Path(cache._cache_root or "") / "cache.db"
    require_whole(root)
    with tempfile.TemporaryDirectory(prefix="uni_safe_cache_") as copies:
        mend = Mend(cache, ours, traffic, list(_left_over(cache, Path(copies))))
        cache._lookup, cache._store, cache.execute = mend.lookup, mend.store, mend.execute
        try:
            yield
        finally:
            del cache._lookup, cache._store, cache.execute
            mend.close()
    _make_way(cache, root, ours)


class Mend:
    """Stands before a `ResponseCache` (0.7.3: `execute`, `_lookup`, and its two databases)."""

    def __init__(
        self, cache: Any, ours: set[str], traffic: Traffic, killed: list[sqlite3.Connection]
    ) -> None:
        self.cache, self.ours, self.traffic, self.killed = cache, ours, traffic, killed
        self.step = slice_size()
        self._execute, self._lookup, self._store = cache.execute, cache._lookup, cache._store
        #: The request that is answered or looked up, by task and document; and its back end.
        self._asked: dict[tuple[str, int], Any] = {}
        self._lm: Any = None

    def execute(self, lm: Any, reqtype: str, requests: Sequence[Any]) -> list[Any]:
        """A run that is killed keeps all but its last slice. Other tasks go through at once."""
        mine = [i for i, request in enumerate(requests) if request.task_name in self.ours]
        others = [i for i, request in enumerate(requests) if request.task_name not in self.ours]
        slices = [mine[start : start + self.step] for start in range(0, len(mine), self.step)]
        found: dict[int, Any] = {}
        self._lm = lm
        self._asked = {(requests[i].task_name, int(requests[i].doc_id)): requests[i] for i in mine}
        for some in filter(None, (others, *slices)):
            replies = self._execute(lm, reqtype, [requests[i] for i in some])
            found.update(zip(some, replies, strict=True))
        return [found[index] for index in range(len(requests))]

    def lookup(self, key: str) -> Any:
        """This run's file, the shared one, then those of killed runs; from none of them a fault."""
        for database in (self.cache.db, self.cache._shared_db, *self.killed):
            row = _row(database, key)
            if row is None:
                continue
            task, doc_id, response = row[2], row[3], row[6]
            if task not in self.ours:
                return self._lookup(key)
            if (reply := taken_out(response, self._document(task, doc_id))) is not None:
                self.cache._hits_shared += database is self.cache._shared_db
                if database in self.killed:  # or it would be gone with that run's folder
                    self.cache.db.execute(_KEEP, row)
                    self.cache.db.commit()
                self.traffic.requests[task] += 1
                self.traffic.replies[task] += 1
                return reply
        return None

    def store(
        self,
        key: str,
        request_type: str,
        task: str,
        doc_id: Any,
        idx: int,
        gen_kwargs: Any,
        response: Any,
    ) -> None:
        """Keep a reply; one to a task of ours with what was read of it, its files by hash."""
        if task in self.ours:
            response = kept(response, self._document(task, doc_id))
        self._store(key, request_type, task, doc_id, idx, gen_kwargs, response)

    def _document(self, task: str, doc_id: Any) -> Mapping[str, Any]:
        """The document behind a reply, as far as it is known: its row is its number in the task."""
        request = self._asked.get((task, int(doc_id)))
        if request is None or not hasattr(self._lm, "task_dict"):
            return {"row": int(doc_id)}
        return document(self._lm, request)

    def close(self) -> None:
        """Close the copies."""
        for database in self.killed:
            database.close()


def _row(database: sqlite3.Connection | None, key: str) -> tuple[Any, ...] | None:
    try:
        found = None if database is None else database.execute(_ROW, (key,)).fetchone()
    except sqlite3.Error:  # damaged there: that reply is generated again
        return None
    return tuple(found) if found else None


def require_whole(root: Path) -> None:
    """SettingsError where the cache's own file is damaged: merging into it would lose the run."""
    if not root.is_file():
        return
    try:
        with sqlite3.connect(f"file:{root}?mode=ro&immutable=1", uri=True) as database:
            said = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        database.close()
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise SettingsError(
            f"--use_cache: {root} is damaged ({' '.join(said.split())}); move it "
            "elsewhere, or give another folder"
        )


def _left_over(cache: Any, copies: Path) -> Iterator[sqlite3.Connection]:
    """The files of runs that were never merged, as copies: theirs are not touched."""
    own = Path(cache._run_dir or "")
    for number, shard in enumerate(sorted(own.parent.glob("*/rank_*.db"))):
        if shard.parent == own or not _unmerged(shard):
            continue
        copy = copies / f"{number}.db"
        try:
            for end in ("", "-wal"):
                if shard.with_name(shard.name + end).exists():
                    shutil.copyfile(shard.with_name(shard.name + end), f"{copy}{end}")
            database = sqlite3.connect(copy)
            database.execute("SELECT count(*) FROM responses").fetchone()
        except (sqlite3.Error, OSError) as error:
            print(
                f"lmms_eval: the kept replies in {shard} cannot be read ({error}); left out",
                file=sys.stderr,
            )
        else:
            yield database


def _unmerged(shard: Path) -> bool:
    """Whether a process wrote to this file after the harness last merged its folder, if it did."""
    merged = shard.parent / ".merged"
    files = [path for path in (shard, shard.with_name(f"{shard.name}-wal")) if path.exists()]
    last = max(path.stat().st_mtime for path in files)
    return not merged.exists() or last > merged.stat().st_mtime


def _make_way(cache: Any, root: Path, ours: set[str]) -> None:
    """Faults of ours that were generated again leave the shared file: a merge replaces nothing."""
    if not root.is_file():
        return
    kept = cache.db.execute("SELECT cache_key, task_name FROM responses").fetchall()
    with sqlite3.connect(root, timeout=30) as database:
        for key in (key for key, task in kept if task in ours):
            row = _row(database, key)
            if row is not None and taken_out(row[6], {"row": int(row[3])}) is None:
                database.execute("DELETE FROM responses WHERE cache_key = ?", (key,))
    database.close()  # which also writes the log into the file, where the harness reads it
