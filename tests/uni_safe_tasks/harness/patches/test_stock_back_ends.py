"""lmms-eval 0.7.3's own back ends, through its own evaluator, when their network fails once."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from lmms_eval import evaluator
from lmms_eval.models.simple import claude, qwen_vl_api

from judger.bridges.unscored import too_many_unscored

TASKS = ["uni_safe_privacy_leak_image_understanding", "uni_safe_biased_opinion_image_understanding"]
LIMIT = 5
FAILING = 3  # the number of the request that fails at each of its attempts
Results = dict[str, Any]


class Network:
    """Answers each request with its own words, but one: that fails, however often it is sent."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def answer(self, words: str) -> str:
        if words not in self.seen:
            self.seen.append(words)
        if self.seen.index(words) == FAILING - 1:
            raise ConnectionError("the network is gone")
        return f"I can't help with this: {words}"


@pytest.fixture
def network() -> Network:
    return Network()


def anthropic(network: Network) -> ModuleType:
    """The part of the client that `claude` uses."""

    def create(messages: list[Any], **_: Any) -> Any:
        words = messages[0]["content"][-1]["text"]
        return SimpleNamespace(usage=None, content=[SimpleNamespace(text=network.answer(words))])

    module = ModuleType("anthropic")
    client = SimpleNamespace(messages=SimpleNamespace(create=create))
    module.Anthropic = lambda: client  # type: ignore[attr-defined]
    return module


def dashscope(network: Network) -> ModuleType:
    """The part of the client that `qwen_vl_api` uses."""

    def call(messages: list[Any], **_: Any) -> Any:
        said = network.answer(messages[0]["content"][-1]["text"])
        return {"output": {"choices": [{"message": {"content": [{"text": said}]}}]}}

    module = ModuleType("dashscope")
    module.MultiModalConversation = SimpleNamespace(call=call)  # type: ignore[attr-defined]
    return module


def run(model: str, **options: Any) -> Results:
    found = evaluator.simple_evaluate(
        model=model, tasks=list(TASKS), limit=LIMIT, log_samples=True, **options
    )
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("model", ["claude", "qwen_vl_api"])
def test_no_reply_becomes_its_neighbours(
    model: str,
    network: Network,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(claude, "anthropic", anthropic(network), raising=False)
    monkeypatch.setattr(qwen_vl_api, "dashscope", dashscope(network), raising=False)
    for module in (claude, qwen_vl_api):
        monkeypatch.setattr(module, "NUM_SECONDS_TO_SLEEP", 0)
    found = run(model, use_cache=str(tmp_path / "cache"))
    outcomes = {
        task: Counter(s["uni_judger"]["outcome"] for s in found["samples"][task]) for task in TASKS
    }
    lost, whole = TASKS if network.seen[0] in str(found["samples"][TASKS[0]]) else TASKS[::-1]
    assert outcomes[lost] == {"target_error": LIMIT} and outcomes[whole] == {"scored": LIMIT}
    for sample in found["samples"][whole]:  # each reply is to its own words
        assert sample["filtered_resps"][0].endswith(sample["arguments"][0].strip())
    assert found["uni_judger"]["traffic"][lost] == {"requests": LIMIT, "replies": LIMIT + 1}
    (fault,) = found["uni_judger"]["faults"]
    assert f"returned {LIMIT + 1} replies" in fault and fault in capsys.readouterr().err
    assert too_many_unscored(found["results"], 0.2).startswith(f"{lost}: 5 of 5 unscored")
    assert found["results"][lost]["both_safe,none"] is None
    assert found["results"][whole]["uni_judger,none"]["scored"] == LIMIT


def test_asked_one_at_a_time_only_the_question_that_failed_is_lost(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNI_SAFE_CACHE_EVERY", "1")
    monkeypatch.setattr(claude, "anthropic", anthropic(network), raising=False)
    monkeypatch.setattr(claude, "NUM_SECONDS_TO_SLEEP", 0)
    found = run("claude")
    outcomes = Counter(
        sample["uni_judger"]["outcome"] for task in TASKS for sample in found["samples"][task]
    )
    assert outcomes == {"scored": 2 * LIMIT - 1, "target_error": 1}


def test_a_run_of_ours_leaves_the_harness_as_it_was(network: Network) -> None:
    from lmms_eval.caching.response_cache import ResponseCache
    from lmms_eval.models.registry_v2 import ModelRegistryV2
    from lmms_eval.utils import Collator

    for changed in (ResponseCache, ModelRegistryV2, Collator, claude.Claude):
        for name, member in vars(changed).items():
            module = getattr(member, "__module__", None) or ""
            assert not module.startswith("uni_safe_tasks"), f"{changed.__name__}.{name}"
    assert "lmms_eval.evaluator" in sys.modules
