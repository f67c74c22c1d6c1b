"""Judging a run again without generating again: from its samples files to work for the judge.

What the model was asked comes from the data set, by item id; a reply to a request that reads
otherwise today is not judged, because the judge would be shown what the model never saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from judger.bridges.run_files import FileError, find
from judger.contract.item import Item
from judger.engine.session import Session
from judger.media.files import MediaError, checked, default_roots
from judger.offline import jsonl
from judger.offline.batch import Summary, Work, score
from judger.offline.results import ResultFiles
from judger.reply.read import read_reply
from judger.reply.reply import NOTHING, NotKept, Reply
from leaderboard.runs.choose import RunError, choose
from leaderboard.runs.read import first_reply
from uni_safe_tasks.paper.items import is_imported
from uni_safe_tasks.paper.items import item as paper_item
from uni_safe_tasks.paper.protocol import leaf_name
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.suite.items import item as suite_item


class Logged:
    """The samples of a run (a folder, or one samples file), each brought before a judge once."""

    def __init__(self, run: Path) -> None:
        self.folder = run if run.is_dir() else run.parent
        if run.is_file() and run.suffix == ".jsonl":
            self.files, found = [run], _results(self.folder)
            self.notes: tuple[str, ...] = ()
        else:
            chosen = choose([run], paper=True, iso=True)
            self.files = [*chosen.samples.values(), *chosen.sentences.values()]
            self.notes = chosen.notes
            found = [one.loaded for one in chosen.results if one.results is not None]
        self.roots = (self.folder.resolve(), *default_roots())
        self.config, self.origin = _config(found, self.folder), _origin(found)

    def __len__(self) -> int:
        return sum(1 for path in self.files for _ in jsonl.rows(path))

    def work(self) -> Iterator[Work]:
        """Every item once: across processes the harness may repeat one to fill a shard."""
        seen: set[str] = set()
        for path in self.files:
            for number, row in jsonl.rows(path):
                try:
                    work = _work(row, self.roots)
                except (LookupError, MediaError, ValidationError, TypeError) as error:
                    what = " ".join(str(error).split())
                    raise RunError(f"{path}:{number}: {what}") from None
                if work.item.item_id not in seen:
                    seen.add(work.item.item_id)
                    yield work


def _work(row: Mapping[str, Any], roots: Sequence[Path]) -> Work:
    old: Mapping[str, Any] = row.get("uni_judger") or {}
    own, raw = row.get("doc"), first_reply(row)
    media = tuple(map(str, row.get("input_media") or ()))
    paper = is_imported(str(old.get("item_id", "")))
    leaf = leaf_name(str(old.get("task_type")), str(old.get("category"))) if paper else ""
    if not paper and isinstance(own, dict) and own.get("item_id") and own.get("prompt"):
        item = _own_item(own, roots)  # lm-eval and `uni-safe score` keep the document
        return Work(item, _read(raw, item, old, roots), raw, own=True, media=media)
    try:
        item_id, attack = str(old.get("item_id", "")), str(old.get("attack") or "")
        item = paper_item(item_id) if paper else suite_item(item_id, attack)
    except LookupError as error:
        # What the old record says of the item is enough to count it among the unscored.
        item = Item.from_doc({**old, "prompt": row.get("input") or ""})
        lost = Reply(fault="judge_error", note=str(error))
        return Work(item, lost, raw, media=media, leaf=leaf)
    if (changed := _changed(item, row, old)) != "":
        other = Reply(fault="judge_error", note=changed)
        return Work(item, other, raw, media=media, leaf=leaf)
    return Work(item, _read(raw, item, old, roots), raw, media=media, leaf=leaf)


def _own_item(doc: Mapping[str, Any], roots: Sequence[Path]) -> Item:
    """A document that somebody handed over must not name any file of this machine."""
    item = Item.from_doc(doc)
    for path in item.files:
        checked(path, (*roots, DATA.resolve()))
    return item


def _changed(item: Item, row: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    """Why the item of today is not what the model was asked, "" where it is."""
    asked = old.get("prompt_sha256")
    known = asked not in (None, "", NOTHING)  # its file was not there when it was judged
    same = asked == item.prompt_sha256 if known else row.get("input") == item.read_by_model
    if same and item.attack_sha256 != str(old.get("attack_sha256") or ""):
        return f"the attack {item.attack} on {item.item_id} is worded otherwise today"
    versions = f"run {old.get('data_version', 'unknown')}, installed {item.data_version}"
    return "" if same else f"the data set asks {item.item_id} otherwise today ({versions})"


def _read(raw: str, item: Item, old: Mapping[str, Any], roots: Sequence[Path]) -> Reply:
    """The reply; a file that is not the one judged before is no reply of this run's model."""
    judged = old.get("response_sha256")
    try:
        reply = Reply.from_json(old.get("reply"), raw)
        if judged != reply.sha256:
            return Reply(fault="judge_error", note="the record is of another reply than the line's")
        return reply.found(roots)
    except NotKept:  # an earlier suite's record
        reply = read_reply(raw, item.row, roots, item.read_by_model)
    known = judged if old.get("outcome") not in ("target_error", "judge_error") else None
    if reply.fault is None and known and not reply.is_of(raw, known):
        return Reply(fault="target_error", note="the reply's files are not those of the run")
    return reply


def _config(found: Sequence[Mapping[str, Any]], folder: Path) -> dict[str, Any]:
    """`model` and `model_args` as the run's own newest results file has them, the least `limit`."""
    if not found:
        return {"model": folder.resolve().name, "model_args": ""}
    config = found[-1].get("config") or {}
    limits = [(result.get("config") or {}).get("limit") for result in found]
    least = min((limit for limit in limits if limit is not None), default=None)
    return {**{name: config.get(name) for name in ("model", "model_args")}, "limit": least}


def _origin(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How the replies were generated, task by task: what a judgement of them does not change."""
    origin: dict[str, Any] = {"configs": {}, "n-shot": {}}
    for result in found:
        origin["n-shot"] |= result.get("n-shot") or {}
        origin["system_instruction"] = result.get("system_instruction")
        for task, config in (result.get("configs") or {}).items():
            origin["configs"][task] = {"generation_kwargs": config.get("generation_kwargs")}
    return origin if origin["configs"] else {}


def _results(folder: Path) -> list[Mapping[str, Any]]:
    """Every results file in a folder, the oldest first; RunError when one cannot be read."""
    try:
        found = [run for run in find(folder) if run.results is not None]
    except FileError as error:
        raise RunError(str(error)) from None
    return [run.loaded for run in sorted(found, key=lambda run: run.date)]


def slug(name: str) -> str:
    """A name as the name of a folder."""
    return re.sub(r"[^\w.-]+", "_", name).strip(".") or "_"


def rejudge(session: Session, run: Path, folder: Path) -> Summary:
    """Judge a run again into `folder`/<model>; RunError, jsonl.LineError, OSError."""
    logged = Logged(run)
    session.progress.expect(len(logged))
    config = {**logged.config, "source": run.resolve().name}
    name = slug(logged.config["model"] or "model")
    with ResultFiles(folder / name, config, logged.origin) as files:
        return score(session, logged.work(), files)
