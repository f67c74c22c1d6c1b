"""lmms-eval's reply cache (`--use_cache DIR`), mended where this suite would suffer from it.

As it is in 0.7.3: failure markers are kept and replayed; a reply that names a picture is replayed
when the picture is gone; replies are kept only after the *last* of them is there, so a killed run
keeps none; what a killed run did keep is never looked at again; and the key leaves media out.

Here: a reply that is a fault, or whose file is gone, counts as not there and is generated again
(a provider's block is an answer and stays); requests go through in slices of `UNI_SAFE_CACHE_EVERY`
(64), each kept before the next begins; what killed runs kept is taken over; and the media's own
hashes enter the key. Only tasks named `uni_safe…` are touched, but for the slices.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from judger.contract.settings import SettingsError
from judger.reply.read import fault_of
from uni_safe_tasks.harness.patches.replace import replace
from uni_safe_tasks.suite.locations import DATA

VARIABLE = "UNI_SAFE_CACHE_EVERY"
#: Outcomes that a later attempt may turn into a reply.
PASSING = frozenset({"target_error", "no_output", "unsupported"})
_OURS = ("uni_safe", "unisafe_")
_READ = "SELECT response, doc_id, task_name FROM responses WHERE cache_key = ?"


def stale(response: str, doc_id: int, task: str) -> bool:
    """Whether a kept response (JSON, as the cache writes it) must be generated again."""
    if not task.startswith(_OURS):
        return False
    try:
        reply = json.loads(response)
    except ValueError:
        return True
    return not isinstance(reply, str) or fault_of(reply, int(doc_id)) in PASSING


def slice_size() -> int:
    """How many requests are generated before they are kept; SettingsError unless 1 or more."""
    text = os.environ.get(VARIABLE, "64")
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{VARIABLE}={text!r}: a whole number from 1, for example 64")
    return int(text)


def sliced(original: Any) -> Any:
    """`ResponseCache.execute` in slices: a run that is killed keeps all but its last one."""

    def execute(self: Any, lm: Any, reqtype: str, requests: list[Any]) -> list[Any]:
        step = slice_size()
        return [
            reply
            for start in range(0, len(requests), step)
            for reply in original(self, lm, reqtype, requests[start : start + step])
        ]

    return execute


def looked_up(_: Any) -> Any:
    """`ResponseCache._lookup`: this run's file, then the shared one, and from neither a fault."""

    def lookup(self: Any, cache_key: str) -> Any:
        for database in filter(None, (self.db, self._shared_db)):
            row = database.execute(_READ, (cache_key,)).fetchone()
            if row is not None and not stale(*row):
                self._hits_shared += database is self._shared_db
                return json.loads(row[0])
        return None

    return lookup


def made(original: Any) -> Any:
    """`ResponseCache.create`, after the folder was tidied, with our media in the key."""

    def create(cache_root: str, **options: Any) -> Any:
        folder = Path(cache_root).absolute()
        folder = folder.parent if folder.suffix == ".db" else folder
        if options.get("global_rank", 0) == 0:
            for problem in tidied(folder):
                print(f"lmms_eval: {problem}", file=sys.stderr)
        _wait_for_all()
        cache = original(cache_root, **options)
        prints: dict[str, str] = cache._task_fingerprints
        version = media_version()
        cache._task_fingerprints = {
            task: print_ + version * task.startswith(_OURS) for task, print_ in prints.items()
        }
        return cache

    return create


def media_version() -> str:
    """A short hash over the hashes of all media: with other pictures, other replies."""
    return hashlib.sha256((DATA / "media" / "MANIFEST.json").read_bytes()).hexdigest()[:16]


def tidied(folder: Path) -> Iterator[str]:
    """Take over what killed runs kept, and forget faults; yields what could not be read."""
    from lmms_eval.caching.response_cache import ResponseCache

    root = folder / "cache.db"
    try:
        _forget_faults(root)
    except sqlite3.Error as error:
        yield f"{root} cannot be cleaned ({error}); delete it if this stays"
    for shard in sorted(filter(_left_over, folder.glob("runs/*/rank_*.db"))):
        try:
            ResponseCache.merge_shards([str(shard)], str(root))
            _forget_faults(root)  # now, or this shard's fault would keep out the next one's reply
        except sqlite3.Error as error:
            yield f"the kept replies in {shard} cannot be read ({error}); they are left out"


def _left_over(shard: Path) -> bool:
    """Whether a process wrote to this file after the harness last merged its folder, if it did."""
    merged = shard.parent / ".merged"
    files = [path for path in (shard, shard.with_name(f"{shard.name}-wal")) if path.exists()]
    last = max(path.stat().st_mtime for path in files)
    return not merged.exists() or last > merged.stat().st_mtime


def _forget_faults(root: Path) -> None:
    # They must go, not only be passed over: the harness's merge never replaces what is there.
    if not root.is_file():
        return
    with sqlite3.connect(root, timeout=30) as database:
        rows = database.execute("SELECT cache_key, response, doc_id, task_name FROM responses")
        keys = [(key,) for key, *kept in rows if stale(*kept)]
        database.executemany("DELETE FROM responses WHERE cache_key = ?", keys)
    database.close()  # which also writes the log into the file, where the harness reads it


def _wait_for_all() -> None:
    import torch.distributed as dist

    if dist.is_available() and dist.is_initialized():
        dist.barrier()


def install() -> None:
    """Mend the cache (0.7.3: `create`, `_lookup` and `execute` of `ResponseCache`)."""
    owner = "lmms_eval.caching.response_cache:ResponseCache"
    otherwise = "do without --use_cache: it would replay failures"
    for name, make in (("create", made), ("_lookup", looked_up), ("execute", sliced)):
        replace(owner, name, make, otherwise)
