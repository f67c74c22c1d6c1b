"""Places in flight: how many there are, who gets the next, and that none is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from judger.endpoint.limiter import Limiter

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(coroutine, 20))


def test_one_burst_of_429_halves_once() -> None:
    async def burst() -> float:
        limiter = Limiter(64)
        epochs = [await limiter.take() for _ in range(64)]
        assert [limiter.slower(epoch) for epoch in epochs].count(True) == 1
        return limiter.limit

    assert run(burst()) == 32


def test_the_limiter_never_exceeds_its_limit_and_uses_all_of_it() -> None:
    async def crowd() -> tuple[int, int]:
        limiter, peak, done = Limiter(10), 0, 0
        limiter.slower(0)

        async def one() -> None:
            nonlocal peak, done
            await limiter.take()
            peak = max(peak, limiter.flying)
            assert limiter.flying <= int(limiter.limit)
            await asyncio.sleep(0)
            limiter.faster()
            done += 1
            limiter.leave()

        await asyncio.gather(*(one() for _ in range(500)))
        assert limiter.flying == 0
        return peak, done

    assert run(crowd()) == (10, 500)


def test_who_was_sent_away_comes_first() -> None:
    async def queue() -> list[str]:
        limiter, order = Limiter(1), []

        async def one(name: str, ahead: bool) -> None:
            await limiter.take(ahead)
            order.append(name)
            limiter.leave()

        await limiter.take()
        waiting = [asyncio.create_task(one(f"new {n}", False)) for n in range(2)]
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(one("again", True)))
        await asyncio.sleep(0)
        limiter.leave()
        await asyncio.wait(waiting, timeout=5)
        return order

    assert run(queue()) == ["again", "new 0", "new 1"]


def test_a_cancelled_wait_gives_its_place_back() -> None:
    async def cancelled() -> int:
        limiter = Limiter(1)
        await limiter.take()
        waiting = [asyncio.create_task(limiter.take()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        limiter.leave()
        waiting[1].cancel()  # its place has just come
        await asyncio.wait(waiting, timeout=1)
        assert waiting[2].done()
        return limiter.flying

    assert run(cancelled()) == 1


def test_a_place_that_comes_too_late_goes_to_the_next() -> None:
    async def late() -> int:
        limiter = Limiter(1)
        await limiter.take()
        with pytest.raises(asyncio.TimeoutError):
            await limiter.take(ahead=True, seconds=0)
        waiting = asyncio.create_task(limiter.take(seconds=60))
        await asyncio.sleep(0)
        limiter.leave()
        await waiting
        return limiter.flying

    assert run(late()) == 1


def test_a_free_place_is_taken_however_late_it_is() -> None:
    async def free() -> int:
        limiter = Limiter(1)
        await limiter.take(ahead=True, seconds=-1)
        return limiter.flying

    assert run(free()) == 1
