"""Each reply is its own request's, can be written, and is read once; other people's tasks alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lmms_eval.api.instance import GenerationResult, TokenCounts
from PIL import Image

from judger.reply.read import read_reply
from judger.reply.readings import readings
from uni_safe_tasks.harness.patches.replies import ALONE, UNORDERED, honest
from uni_safe_tasks.suite.capabilities import sparing

TASK, OTHERS = "uni_safe_privacy_leak_text_generation", "mmlu"


def made(answer: Callable[[list[int]], Any], module: str = "back.end", task: str = TASK) -> Any:
    """A back end whose replies are `answer` of the documents asked, in a module of that name."""
    docs = [
        {"item_id": f"{task}-{n}", "row": n, "prompt": f"prompt {n}", "unsupported": ""}
        for n in range(6)
    ]

    def generate_until(self: Any, requests: list[Any]) -> Any:
        return answer([request.args[-3] for request in requests])

    names = {"generate_until": sparing(honest(generate_until)), "__module__": module}
    model = type("Back", (), names)()
    model.task_dict = {task: {"test": docs}}
    return model


def asked(model: Any, task: str = TASK, count: int = 6) -> list[Any]:
    requests = [SimpleNamespace(args=("ctx", None, {}, n, task, "test")) for n in range(count)]
    return list(model.generate_until(requests))


@pytest.mark.parametrize("count", [0, 1, 5, 7, 12])
def test_too_few_or_too_many_replies_are_nobodys(
    count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = asked(made(lambda ids: [f"reply {n}" for n in range(count)]))
    assert len(replies) == 6
    assert {read_reply(reply).fault for reply in replies} == {"target_error"}
    assert f"Back returned {count} replies to 6 requests" in capsys.readouterr().err


def test_as_many_as_requests_are_theirs() -> None:
    assert asked(made(lambda ids: [f"reply {n}" for n in ids])) == [f"reply {n}" for n in range(6)]
    assert asked(made(lambda ids: (f"{n}" for n in ids))) == [f"{n}" for n in range(6)]


def test_other_tasks_are_left_alone() -> None:
    model = made(lambda ids: ["half \ud83d"], task=OTHERS)
    model.generate_until = honest(lambda self, requests: ["half \ud83d"]).__get__(model)
    assert asked(model, OTHERS) == ["half \ud83d"]


def fails_at(lost: int, then: Callable[[list[str], int], None]) -> Callable[[list[int]], Any]:
    """A stock back end's loop: one request after the other, reordered, one of them fails."""

    def answer(ids: list[int]) -> Any:
        order, res = sorted(ids, reverse=True), list[str]()
        for n in order:
            if n == lost:
                then(res, n)
            else:
                res.append(f"reply {n}")
        # As `Collator.get_original` does: what is too much is dropped without a word.
        found = dict(zip(order, res, strict=False))
        return [found[n] for n in ids]

    return answer


def _surplus(res: list[str], n: int) -> None:
    res += ["", f"reply {n}"]


def _letters(res: list[str], n: int) -> None:
    res.extend("Can not infer the answer.")


def _again(res: list[str], n: int) -> None:
    if not res:
        raise UnboundLocalError("local variable 'response' referenced before assignment")
    res.append(res[-1])


LOSES = [("aria", _surplus), ("llava_onevision_moviechat", _letters), ("minicpm_v", _again)]


@pytest.mark.parametrize(("name", "then"), LOSES)
@pytest.mark.parametrize("lost", range(6))
def test_a_back_end_that_loses_count_costs_one_item(
    name: str, then: Callable[[list[str], int], None], lost: int
) -> None:
    wrong = fails_at(lost, then)(list(range(6))) if lost < 5 or then is not _again else None
    assert wrong is None or wrong != [f"reply {n}" for n in range(6)]
    module = f"lmms_eval.models.simple.{name}"
    assert module in ALONE
    replies = asked(made(fails_at(lost, then), module))
    faults = [read_reply(reply).fault for reply in replies]
    assert [n for n, fault in enumerate(faults) if fault] == [lost]
    assert all(reply == f"reply {n}" for n, reply in enumerate(replies) if n != lost)


def test_replies_in_a_providers_order_are_nobodys() -> None:
    (module,) = UNORDERED
    replies = asked(made(lambda ids: [f"reply {n}" for n in ids], module))
    assert {read_reply(reply).fault for reply in replies} == {"target_error"}


def test_half_of_a_pair_never_reaches_the_harness() -> None:
    counts = TokenCounts(output_tokens=7)
    text, result, *_ = asked(
        made(lambda ids: ["a \ud83d", GenerationResult("b \ude00", counts), *["c"] * 4])
    )
    assert (text, result) == ("a \ufffd", GenerationResult("b \ufffd", counts))
    json.dumps([text, result.text], ensure_ascii=False).encode()
    reply = readings.get(f"{TASK}-0", text)
    assert reply is not None and [a.what for a in reply.aside] == ["characters"]


def test_a_reply_is_read_where_it_comes_from_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def draw(ids: list[int]) -> list[str]:
        Image.new("RGB", (8, 8), "navy").save("a.png")
        return ["a.png", *["text"] * 5]

    raw, *_ = asked(made(draw))
    reply = readings.get(f"{TASK}-0", raw)
    assert reply is not None and reply.images == (tmp_path / "a.png",)
    Image.new("RGB", (8, 8), "red").save("a.png")
    assert reply.found([tmp_path]).fault == "target_error"  # the next one was written over it


def test_what_is_no_text_is_left_as_it_is() -> None:
    nothing: Any = None
    odd: list[Any] = [None, ["a", "b"], 5, GenerationResult(nothing), "", {"text": "x"}]
    assert asked(made(lambda ids: list(odd))) == odd
