"""Ten thousand bent completions, and none accepted that a second, strict reading would not."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judger.contract.outcomes import AXES, Axis
from judger.endpoint.grammar.completion import read_body
from judger.judges.verdict import read_verdict
from tests.judger.endpoint.grammar.bodies import T, body
from tests.judger.endpoint.grammar.mutations import bent, written
from tests.judger.endpoint.grammar.strict import accepted

COUNT = 12_000


def ours(content: bytes, axis: Axis, helped: bool = False) -> str | None:
    """The verdict that the judger reads; None where it reads none."""
    try:
        completion = read_body(content)
    except ValueError:
        return None
    answer = read_verdict(completion, axis, T, helped)
    assert (answer.verdict is None) == (answer.outcome != "scored")
    assert (answer.helped is not None) == (helped and answer.verdict is not None)
    return answer.verdict


def test_no_bent_completion_is_accepted_that_a_strict_reading_would_not() -> None:
    rng = random.Random(12)
    count: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for n in range(COUNT):
        axis, helped = AXES[n % 2], n % 4 == 0
        content = bent(rng, helped)
        read, strict = ours(content, axis, helped), accepted(content, axis, T, helped)
        assert read == strict, content  # nor is anything refused that is whole
        for counter in (count, asked) if helped else (count,):
            counter["accepted" if read else "refused"] += 1
    assert min(count["accepted"], count["refused"]) > COUNT // 8, count
    assert min(asked["accepted"], asked["refused"]) > COUNT // 4 // 8, asked


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.sampled_from(AXES), st.booleans())
def test_nor_one_that_hypothesis_finds(rng: random.Random, axis: Axis, helped: bool) -> None:
    content = bent(rng, helped)
    assert ours(content, axis, helped) == accepted(content, axis, T, helped)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_at_all_are_a_verdict(content: bytes) -> None:
    assert ours(content, "contextual") is None


@pytest.mark.parametrize("axis", AXES)
def test_a_whole_completion_is_accepted_by_both(axis: Axis) -> None:
    said = f'{{"ticket": "{T}", "reason": "r", "verdict": "safe"}}'
    content = json.dumps(body(said)).encode()
    assert ours(content, axis) == accepted(content, axis, T) == "safe"
    assert written(content, random.Random(1)) != content
