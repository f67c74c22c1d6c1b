"""Judging a file of replies into a run's files: what `uni-safe score` does with a judge."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from pathlib import Path

from judger.engine.session import Session
from judger.offline import replies
from judger.offline.batch import Summary, Work, score
from judger.offline.results import ResultFiles
from leaderboard.runs.rejudge import slug
from uni_safe_tasks.suite.items import item as suite_item


def score_replies(
    session: Session,
    file: Path,
    folder: Path,
    model: str,
    more: Iterable[Work] = (),
    attack: str = "",
) -> Summary:
    """Judge a checked file of replies, and `more` work behind it, into `folder`/<model>.

    `attack` names the wrapper that stood around the suite's items.
    """
    known = functools.partial(suite_item, attack=attack)
    with ResultFiles(folder / slug(model), {"model": model}) as files:
        return score(session, itertools.chain(replies.read(file, known), more), files)
