"""Whose words are these? Replies that do not add up, or come in another order, are nobody's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from lmms_eval.api.instance import GenerationResult
from lmms_eval.utils import Collator

from judger.engine.run_state import Traffic
from judger.reply.read import read_reply
from uni_safe_tasks.harness.patches import back_end
from uni_safe_tasks.harness.patches.back_end import watched

OURS, OTHERS = "uni_safe_privacy_leak_text_generation", "mmlu"
Answer = Callable[[Sequence[Any]], list[Any]]


def requests(*tasks: str, count: int = 6) -> list[Any]:
    return [
        SimpleNamespace(args=(f"ask {i}", {}, None, i, task, "test"), metadata={})
        for task in tasks
        for i in range(count)
    ]


def name_of(request: Any) -> str:
    return f"reply to {request.args[-2]} {request.args[-3]}"


class BackEnd:
    """Answers as it is told; remembers each call's requests."""

    def __init__(self, answer: Answer, docs: list[dict[str, str]] | None = None) -> None:
        self.answer, self.calls = answer, list[list[Any]]()
        docs = docs or [{}] * 400
        self.task_dict = {OURS: {"test": docs}, OURS + "_b": {"test": docs}, OTHERS: {"test": docs}}

    def generate_until(self, asked: Sequence[Any]) -> list[Any]:
        self.calls.append(list(asked))
        return self.answer(asked)


def right(asked: Sequence[Any]) -> list[Any]:
    return [name_of(request) for request in asked]


def run(model: Any, asked: list[Any], ours: set[str] | None = None) -> tuple[list[Any], Traffic]:
    traffic = Traffic()
    with watched(model, ours or {OURS, OURS + "_b"}, traffic):
        return model.generate_until(asked), traffic


def fails_twice(asked: Sequence[Any]) -> list[Any]:
    """As `claude` of 0.7.3: an empty reply, and then the one before once more."""
    replies = right(asked)
    return [*replies[:3], "", replies[2], *replies[4:]]


def sorted_and_left_so(asked: Sequence[Any]) -> list[Any]:
    """As `fuyu` of 0.7.3: sorted by length to make batches, and never put back."""
    return [name_of(r) for r in sorted(asked, key=lambda r: -r.args[-3])]


def collated(asked: Sequence[Any]) -> list[Any]:
    """As `llava_hf` and `aria` of 0.7.3: one reply too many, hidden by the harness's own zip."""
    order = Collator([r.args for r in asked], lambda x: (-x[3], x[0]), grouping=False)
    chunks = [chunk[0] for chunk in order.get_batched(n=1)]
    replies = [f"reply to {task} {doc}" for *_, doc, task, _ in chunks]
    return list(order.get_original([replies[0], "", *replies[1:]]))


@pytest.mark.parametrize(
    "answer",
    [
        fails_twice,
        lambda asked: right(asked)[:-1],
        lambda asked: [*right(asked), "one more"],
        lambda asked: [],
        sorted_and_left_so,
        lambda asked: [*right(asked)[1:], right(asked)[0]],
        lambda asked: right(asked)[::-1],
        collated,
    ],
)
def test_replies_that_do_not_add_up_are_nobodys(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    replies, traffic = run(BackEnd(answer), requests(OURS))
    assert [read_reply(reply).fault for reply in replies] == ["target_error"] * 6
    (said,) = traffic.faults
    assert "BackEnd" in said and "whose is whose cannot be told" in said
    assert capsys.readouterr().err.count("\n") == 1


def test_only_the_slice_that_does_not_add_up_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNI_SAFE_CACHE_EVERY", "4")

    def surplus_at_five(asked: Sequence[Any]) -> list[Any]:
        return right(asked) + ["more"] * any(r.args[-3] == 5 for r in asked)

    replies, traffic = run(BackEnd(surplus_at_five), requests(OURS, count=12))
    lost = [index for index, reply in enumerate(replies) if reply != f"reply to {OURS} {index}"]
    assert lost == [4, 5, 6, 7]
    assert (traffic.requests[OURS], traffic.replies[OURS]) == (12, 13)


def test_a_slice_is_of_one_task() -> None:
    """0.7.3's back ends look the pictures of a whole batch up in its first request's task."""
    model = BackEnd(right)
    replies, traffic = run(model, requests(OURS, OURS + "_b"))
    assert all(len({r.args[-2] for r in call}) == 1 for call in model.calls)
    assert replies == [name_of(r) for r in requests(OURS, OURS + "_b")]
    assert traffic.to_json() == {
        task: {"requests": 6, "replies": 6} for task in (OURS, OURS + "_b")
    }


def test_other_tasks_replies_are_as_the_back_end_gave_them() -> None:
    odd = [None, "\ud83d", {"text": "x"}, ["a"], "[UNI", GenerationResult("a")]
    model = BackEnd(lambda asked: list(odd) if asked[0].args[-2] == OTHERS else right(asked))
    asked = [r for pair in zip(requests(OURS), requests(OTHERS), strict=True) for r in pair]
    replies, traffic = run(model, asked)
    assert replies[1::2] == odd and replies[::2] == [name_of(r) for r in requests(OURS)]
    assert [len(call) for call in model.calls[:1]] == [6], "all at once, as the harness would"
    assert OTHERS not in traffic.requests


def test_a_back_end_that_keeps_the_order_is_asked_once_more_and_then_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UNI_SAFE_CACHE_EVERY", "2")
    model = BackEnd(right)
    run(model, requests(OURS, count=8))
    assert [len(call) for call in model.calls] == [2, 1, 2, 2, 2]


def test_a_model_that_never_says_the_same_twice_is_not_called_out_of_order() -> None:
    count = iter(range(1000))
    model = BackEnd(lambda asked: [f"reply {next(count)}" for _ in asked])
    replies, traffic = run(model, requests(OURS, count=300))
    assert not traffic.faults and len(replies) == 300
    words = iter(["yes", "no", "maybe", "yes", "no", "no", "no", "no"])
    replies, traffic = run(BackEnd(lambda asked: [next(words) for _ in asked]), requests(OURS)[:3])
    assert not traffic.faults and replies == ["yes", "no", "maybe"]


def test_known_back_ends_are_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, calls in (
        ("lmms_eval.models.chat.openai", [6]),
        ("uni_safe_tasks.models.control", [6]),
        ("lmms_eval.models.simple.fuyu", [1] * 6),
    ):
        monkeypatch.setattr(BackEnd, "__module__", module)
        model = BackEnd(right)
        assert run(model, requests(OURS))[0] == right(requests(OURS))
        assert [len(call) for call in model.calls] == calls


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        (None, ""),
        ("half \ud83d", "half \ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        (GenerationResult(None), ""),
        (GenerationResult("half \ud83d"), "half \ufffd"),
        ({"text": "hi", "images": []}, '{"text": "hi", "images": []}'),
        (("words", {"input_tokens": 1}), "words"),
    ],
)
def test_a_reply_is_what_the_harness_can_read(reply: Any, read: str) -> None:
    (found,), _ = run(BackEnd(lambda asked: [reply]), requests(OURS, count=1))
    found = found[0] if isinstance(found, tuple) else found
    assert getattr(found, "text", found) == read


@pytest.mark.parametrize("reply", [["a", "b", "c"], [{"type": "text"}], 7, b"bytes"])
def test_what_is_no_text_is_a_failure(reply: Any) -> None:
    (found,), _ = run(BackEnd(lambda asked: [reply]), requests(OURS, count=1))
    assert read_reply(found).fault == "target_error"


@pytest.mark.parametrize("marked", [(), (1,), (0, 2), (0, 1, 2)])
def test_a_back_end_never_sees_what_it_cannot_do(marked: tuple[int, ...]) -> None:
    docs = [{"unsupported": "the model has no ears" if i in marked else ""} for i in range(3)]
    model = BackEnd(right, docs)
    replies, traffic = run(model, requests(OURS, count=3))
    seen = {r.args[-3] for call in model.calls for r in call}
    assert seen == {0, 1, 2} - set(marked)
    for index, reply in enumerate(replies):
        if index in marked:
            assert read_reply(reply).fault == "unsupported" and "no ears" in reply
        else:
            assert reply == f"reply to {OURS} {index}"
    assert traffic.to_json() == {OURS: {"requests": 3, "replies": 3}}


def test_when_it_is_over_the_back_end_is_as_it_was() -> None:
    model = BackEnd(right)
    before, get_original = model.generate_until, Collator.get_original
    run(model, requests(OURS))
    assert model.generate_until == before and "generate_until" not in vars(model)
    assert Collator.get_original is get_original
    assert not hasattr(back_end, "_current")
