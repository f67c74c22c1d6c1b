"""One judge for a whole process: handed in from any thread, judged together, given up together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

from judger.contract.item import Item
from tests.judger.sessions import session
from tests.servers.judge import JudgeServer, Script


def one(number: int) -> Item:
    return Item(
        item_id=f"i{number}", category="", task_type="text_generation", prompt=f"Ask {number}."
    )


def test_what_many_threads_hand_in_is_all_judged() -> None:
    with JudgeServer() as server, session(server.url, concurrency="8") as judging:

        def hand_in(part: int) -> list[str]:
            futures = [judging.submit(one(100 * part + i), f"Reply {part} {i}") for i in range(40)]
            return [future.result(timeout=60).outcome for future in futures]

        with ThreadPoolExecutor(4) as threads:
            found = [outcome for made in threads.map(hand_in, range(4)) for outcome in made]
        assert found == ["scored"] * 160
        assert server.peak <= 8


def test_no_reply_waits_for_ever_when_the_judge_is_closed() -> None:
    with JudgeServer(Script(latency=30)) as server, session(server.url, concurrency="2") as judging:
        futures = [judging.submit(one(i), f"Reply {i}") for i in range(20)]
    done, open_still = wait(futures, timeout=30)
    assert not open_still
    assert all("closed" in str(future.exception()) for future in done)


def test_what_is_handed_in_after_the_end_is_a_fault_at_once() -> None:
    with JudgeServer() as server, session(server.url) as judging:
        judging.close()
        late = judging.submit(one(1), "Reply")
        assert "closed" in str(late.exception(timeout=1))
        assert judging.progress.done == 1
        judging.close()  # a second time, as an exit handler may


def test_a_bug_is_one_items_and_not_the_workers() -> None:
    with JudgeServer() as server, session(server.url, concurrency="1") as judging:
        broken = judging.submit(None, "Reply")  # type: ignore[arg-type]
        assert isinstance(broken.exception(timeout=30), AttributeError)
        assert judging.submit(one(1), "Reply").result(timeout=30).outcome == "scored"
