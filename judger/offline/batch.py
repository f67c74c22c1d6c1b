"""Judging replies that exist already: a stream of work in, records out, in the order of the work.

Only a window of it is in memory, so that any number of replies can be judged. There is no state to
resume from but the judge's cache: what was judged is asked no second time.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judger.contract.cell import Cell
from judger.contract.item import Item
from judger.contract.outcomes import Outcome
from judger.contract.protocol import VERSION
from judger.contract.record import Record
from judger.engine.provenance import suite
from judger.engine.session import Session
from judger.judges.base import Judge
from judger.offline.results import ResultFiles
from judger.reply.reply import NOTHING, Reply

#: So many times the judge's concurrency: a slow answer does not keep the others waiting.
WINDOW = 4


@dataclass(frozen=True)
class Work:
    """One reply to judge. `raw` is what the samples file keeps of it.

    `own` items are no items of the suite: their document is kept in the samples file, so that it
    can be judged again. `media` names the request's files as the run logged them. `leaf` is the
    task's name where it is no cell of the suite.
    """

    item: Item
    reply: Reply
    raw: str
    own: bool = False
    media: tuple[str, ...] = ()
    leaf: str = ""

    @property
    def task(self) -> str:
        """The name of the task: of the cell, or `leaf`."""
        return self.leaf or Cell.of(self.item).name


@dataclass
class Summary:
    """What came of it. `stopped` says why the judge could not be asked any more, "" if it could."""

    items: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    usage: dict[str, float] = field(default_factory=dict)
    stopped: str = ""
    results: Path = Path()


def judged(session: Session, work: Iterable[Work]) -> Iterator[tuple[Work, Record]]:
    """Judge a stream; at most `WINDOW` × concurrency replies are held at a time."""
    window = WINDOW * session.settings.concurrency
    flying: deque[tuple[Work, Future[Record]]] = deque()
    for one in work:
        flying.append((one, session.submit(one.item, one.reply)))
        session.progress.show()
        if len(flying) >= window:
            yield _settled(session.judge, *flying.popleft())
    while flying:
        yield _settled(session.judge, *flying.popleft())
    session.finish()


def _settled(judge: Judge, work: Work, future: Future[Record]) -> tuple[Work, Record]:
    error = future.exception()
    if error is None:
        return work, future.result()
    why = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return work, faulty(judge, work.item, "judge_error", why[:300])


def faulty(judge: Judge, item: Item, outcome: Outcome, reason: str) -> Record:
    """The record of an item that could not be brought before the judge."""
    try:
        prompt_sha256 = item.prompt_sha256
    except (OSError, AttributeError):  # its file is gone; it has no prompt
        prompt_sha256 = NOTHING
    return Record.fault(
        item,
        outcome,
        reason,
        judge=judge.identity,
        template_sha256=judge.template_sha256,
        prompt_sha256=prompt_sha256,
        response_sha256=NOTHING,
        suite=suite(),
        protocol=VERSION,
    )


def score(session: Session, work: Iterable[Work], files: ResultFiles) -> Summary:
    """Judge everything into a run's files. When the judge stops, the rest is `judge_error`."""
    summary = Summary()
    for one, record in judged(session, work):
        row: dict[str, Any] = {"input": one.item.read_by_model, "filtered_resps": one.raw}
        row["input_media"] = list(one.media)
        if one.own:
            row["doc"] = one.item.model_dump()
        files.add(one.task, row, record)
        summary.items += 1
        summary.outcomes[record.outcome] += 1
    summary.usage = session.judge.usage()
    summary.stopped = session.judge.stopped
    summary.results = files.finish(
        session.judge.identity, summary.usage, session.settings.max_unscored
    )
    return summary
