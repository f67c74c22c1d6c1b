"""Questions that need a file made first: one thread for a file, and none where it is at hand."""

from __future__ import annotations

import asyncio
import threading

import pytest

from judger.judges.asking.preparing import Preparing
from judger.media.at_hand import NotAtHand, may_wait
from judger.media.files import MediaError


class Medium:
    """A file that is `made` when somebody who can wait asks for it."""

    def __init__(self, kept: bool = True, broken: bool = False) -> None:
        self.kept, self.broken, self.made, self.there = kept, broken, 0, False
        self.threads: list[str] = []

    def ask(self) -> str:
        if self.there:
            return "question"
        if not may_wait():
            raise NotAtHand("medium")
        self.threads.append(threading.current_thread().name)
        self.made += 1
        if self.broken:
            raise MediaError("broken")
        self.there = self.kept
        return "question"


async def asked(medium: Medium, times: int) -> list[str | BaseException]:
    preparing = Preparing()
    answers = [preparing.made(medium.ask) for _ in range(times)]
    return await asyncio.gather(*answers, return_exceptions=True)


@pytest.mark.parametrize(("kept", "made"), [(True, 1), (False, 5)])
def test_a_file_is_made_once_for_all_that_ask(kept: bool, made: int) -> None:
    medium = Medium(kept=kept)
    assert asyncio.run(asked(medium, 5)) == ["question"] * 5
    assert medium.made == made
    assert threading.main_thread().name not in medium.threads


def test_what_is_at_hand_takes_no_thread() -> None:
    medium = Medium()
    medium.there = True
    assert asyncio.run(asked(medium, 5)) == ["question"] * 5
    assert medium.threads == []


def test_everybody_is_told_what_is_wrong() -> None:
    told = asyncio.run(asked(Medium(broken=True), 5))
    assert [type(one) for one in told] == [MediaError] * 5
