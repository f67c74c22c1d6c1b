"""What the half and the whole cost, for the data card.

`python -m leaderboard.preflight.costs` writes it.

It stands in `data/README.md` between two marks of its own, because what judges are asked is known
here, and not to those who check the data.
"""

from __future__ import annotations

import os
from pathlib import Path

from judger.contract.protocol import HALF
from judger.contract.settings import Settings
from leaderboard.preflight.estimate import LATENCY, half_and_whole
from uni_safe_tasks.release.card import filled, table
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.suite.capabilities import VARIABLE

MARKS = (
    "<!-- costs: written by `python -m leaderboard.preflight.costs` -->",
    "<!-- end of costs -->",
)
#: Seconds of a reply in the line about the model's own time.
REPLY_S = 5


def costs() -> str:
    """The table as Markdown: replies, judge's questions, tokens and time, with default settings."""
    settings = Settings()
    both = half_and_whole(None, settings)
    replies = [sum(one.generated.values()) for one in both]
    pace = f"{LATENCY:g} s a question, {settings.concurrency} at once"
    body: list[list[object]] = [
        ["replies of the model", *(f"{n:,}" for n in replies)],
        [
            f"hours of the model, {REPLY_S} s a reply, one at a time",
            *(f"{n * REPLY_S / 3600:.1f}" for n in replies),
        ],
        ["questions to one judge", *(f"{one.calls:,}" for one in both)],
        ["tokens to the judge, millions", *(f"{one.input_tokens / 1e6:.1f}" for one in both)],
        ["tokens from the judge, millions", *(f"{one.output_tokens / 1e6:.2f}" for one in both)],
        [
            f"minutes of the judge, {pace}",
            *(f"{one.seconds(settings, LATENCY) / 60:.0f}" for one in both),
        ],
    ]
    return table(
        ("what a run of all 42 cells takes, about", f"half (`--limit {HALF}`)", "whole"), body
    )


def write(folder: Path = DATA) -> bool:
    """Bring the card's table up to date; False when it was."""
    path = folder / "README.md"
    card = path.read_text(encoding="utf-8")
    now = filled(card, costs(), *MARKS)
    if now != card:
        path.write_text(now, encoding="utf-8")
    return now != card


if __name__ == "__main__":
    os.environ.pop(VARIABLE, None)  # what one model cannot do is no part of what the data cost
    print(f"README.md: {'written' if write() else 'as it was'}")
