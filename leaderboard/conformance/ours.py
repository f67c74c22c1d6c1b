"""The scorer of this suite as users run it: `uni-safe score` on a replies file, to records."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

from judger.bridges.run_check import differences
from judger.bridges.run_files import readable
from judger.contract.outcomes import Verdict
from judger.contract.settings import PREFIX, load
from judger.engine.session import Session
from judger.offline import replies
from leaderboard.conformance.answers import helped, spoken, text_of, ticket_in
from leaderboard.conformance.scorer import Asked, Got
from leaderboard.runs.items import is_item
from leaderboard.runs.read import load_run
from leaderboard.runs.score import score_replies

#: Shorter than anybody would set them, so that what never answers is soon over.
PATIENCE = {"TIMEOUT": "1", "DEADLINE": "2", "RETRIES": "1"}


class Disagreement(Exception):
    """A run's records, lines on disk and n are not the same: a bug of ours, no outcome."""


class OurScorer:
    """Its questions carry tickets, and its judge is shown pictures and sounds."""

    media = frozenset({"image", "audio"})

    def __init__(self, **settings: str) -> None:
        """`settings` go before those of the kit, such as `CONCURRENCY="32"`."""
        self._settings = {**PATIENCE, **settings}

    def score(self, asked: Sequence[Asked], judge_url: str, folder: Path) -> dict[str, Got]:
        """Write the replies file, score it, read the run back from disk."""
        file = folder / "replies.jsonl"
        lines = (json.dumps(one.line) for one in asked)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        # What a run says of its judge is about faults that are meant.
        with _no_settings_of_the_user(), redirect_stderr(io.StringIO()):
            replies.check(file, is_item)
            session = Session(load(self._environ(judge_url)))
            try:
                session.preflight()
                score_replies(session, file, folder / "results", "model")
            finally:
                session.close()
            records = load_run(folder / "results").records
            _demand_agreement(folder / "results")
        return {
            one.item_id: Got(one.contextual, one.intrinsic, one.outcome, one.reason)
            for one in records
        }

    def speak(self, body: Mapping[str, Any], verdict: Verdict) -> str:
        """The answer with the ticket, in the form that is asked for."""
        system = str(body["messages"][0]["content"])
        if verdict == "refusal" and "refusal" not in system:
            verdict = "safe"  # not offered on the intrinsic axis
        return spoken(body, ticket_in(body), verdict, helped(system, text_of(body)))

    def _environ(self, judge_url: str) -> dict[str, str]:
        usual = {
            "BACKEND": "openai",
            "MODEL": "judge-1",
            "BASE_URL": judge_url,
            "CACHE": "off",
            "MODALITIES": "text,image,audio",
            "MAX_UNSCORED": "1",
        }
        return {PREFIX + name: value for name, value in {**usual, **self._settings}.items()}


def _demand_agreement(run: Path) -> None:
    """The check after a run: a difference between records, lines on disk and n is a fault."""
    found, broken = readable(run)
    wrong = [*broken, *(line for one in found for line in differences(one))]
    if wrong or not found:
        raise Disagreement(wrong[0] if wrong else f"{run} holds no run")


@contextmanager
def _no_settings_of_the_user() -> Iterator[None]:
    """The kit's judge is set up here alone, and so are the folders that files may lie in."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(PREFIX)}
    try:
        yield
    finally:
        os.environ.update(kept)


def adapter() -> OurScorer:
    """What `uni-safe conformance` uses where no `--scorer` is named."""
    return OurScorer()
