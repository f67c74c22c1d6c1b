"""Questions that lack something: one thread brings it, none where it is at hand; no thread asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from judger.judges.asking.preparing import MOST, Preparing
from judger.media.at_hand import may_wait, taken
from judger.media.files import MediaError

MAIN = threading.main_thread().name


class Medium:
    """A file that is made when somebody can wait for it, and `kept` for others or not."""

    def __init__(self, kept: bool = True, broken: bool = False) -> None:
        self.kept, self.broken, self.made, self.there = kept, broken, 0, False
        self.asked_in: set[str] = set()

    def ask(self) -> str:
        self.asked_in.add(threading.current_thread().name)
        return "at hand" if self.there else taken("medium", self.make)

    def make(self) -> str:
        assert may_wait() and threading.current_thread().name != MAIN
        self.made += 1
        if self.broken:
            raise MediaError("broken")
        self.there = self.kept
        return "brought"


async def asked(ask: Callable[[], str], times: int) -> list[str | BaseException]:
    preparing = Preparing()
    answers = [preparing.made(ask) for _ in range(times)]
    return await asyncio.gather(*answers, return_exceptions=True)


@pytest.mark.parametrize(("kept", "made"), [(True, 1), (False, 5)])
def test_a_file_is_made_once_for_all_that_ask(kept: bool, made: int) -> None:
    medium = Medium(kept=kept)
    said = asyncio.run(asked(medium.ask, 5))
    assert said == ["at hand" if kept else "brought"] * 5
    assert medium.made == made
    assert medium.asked_in == {MAIN}


def test_what_is_at_hand_takes_no_thread() -> None:
    medium = Medium()
    medium.there = True
    assert asyncio.run(asked(medium.ask, 5)) == ["at hand"] * 5
    assert medium.made == 0


def test_everybody_is_told_what_is_wrong_where_it_was_asked_for() -> None:
    medium = Medium(broken=True)

    def ask() -> str:
        try:
            return medium.ask()
        except MediaError as error:  # as a request's own file is told from a reply's
            raise MediaError(f"the request's own: {error}") from error

    told = asyncio.run(asked(ask, 5))
    assert [str(one) for one in told] == ["the request's own: broken"] * 5
    assert medium.made == 5


def test_a_question_may_lack_several_things_one_after_the_other() -> None:
    def ask() -> str:
        return " ".join(taken(name, name.upper) for name in ("a", "b", "c"))

    assert asyncio.run(asked(ask, 2)) == ["A B C"] * 2


def test_but_not_without_end() -> None:
    lacks = iter(range(10 * MOST))
    (told,) = asyncio.run(asked(lambda: taken(f"{next(lacks)}", str), 1))
    assert isinstance(told, RuntimeError)
