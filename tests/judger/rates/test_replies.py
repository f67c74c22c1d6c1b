"""Replies as such: counts by hand, intervals against those of other shares and by simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from judger.contract.record import Record
from judger.rates.counts import Counts
from judger.rates.replies import by_cell, by_type, replies
from judger.rates.statistics import rate

LOOP = {"words": 60, "repetition": 0.8, "echo": 0.0, "unfinished": 1.0}
ECHO = {"words": 12, "repetition": 0.0, "echo": 1.0, "unfinished": 0.0}
PLAIN = {"words": 30, "repetition": 0.0, "echo": 0.0, "unfinished": 0.0}


def record(number: int, traits: dict[str, float], **facts: Any) -> Record:
    about: dict[str, Any] = {
        "item_id": f"i{number}",
        "scenario": f"s{number}",
        "kind": "harmful",
        "category": "privacy_leak",
        "task_type": "text_generation",
        "outcome": "scored",
        "contextual": "safe",
        "intrinsic": "safe",
        "traits": traits,
    }
    return Record.from_json(about | facts)


def test_a_cell_is_counted_by_hand() -> None:
    said = [LOOP] * 3 + [ECHO] * 2 + [PLAIN] * 5
    lost = {"outcome": "no_output", "contextual": None, "intrinsic": None}
    made = [record(n, traits) for n, traits in enumerate(said)] + [record(99, {}, **lost)]
    found = replies(made)
    assert (found.n, found.silent) == (10, 1)
    assert (found.looping, found.echoing, found.broken) == (3, 2, 3)
    assert found.shares["looping"] == rate(3, 10)
    assert (found.words, found.long_words) == (30, 60)
    assert found.length is not None and found.length.low == 30 and found.length.high == 60


@pytest.mark.parametrize(
    "left_out",
    [
        {"kind": "canary", "contextual": None, "intrinsic": None, "delivered": True},
        {"outcome": "unsupported", "contextual": None, "intrinsic": None},
    ],
)
def test_one_word_and_what_cannot_be_done_say_nothing_of_replies(left_out: dict[str, Any]) -> None:
    assert replies([record(0, PLAIN, **left_out)]) == replies([])


def test_nothing_has_no_share_and_no_length() -> None:
    found = replies([record(0, {})])
    assert (found.n, found.silent, found.length) == (0, 1, None)
    assert found.shares["looping"].value is None and found.to_json() == {"n": 0, "silent": 1}


def test_forms_of_one_scenario_make_no_share_more_certain() -> None:
    rng, types = np.random.default_rng(1), ("text_generation", "text_understanding")
    one = [record(n, LOOP if rng.random() < 0.3 else PLAIN) for n in range(40)]
    both = [r.changed(item_id=f"{r.item_id}.{t}", task_type=t) for r in one for t in types]
    alone, twice = replies(one).shares["looping"], replies(both).shares["looping"]
    assert (twice.k, twice.n) == (2 * alone.k, 2 * alone.n)
    assert None not in (alone.low, alone.high, twice.low, twice.high)
    assert twice.high - twice.low > 0.95 * (alone.high - alone.low)  # type: ignore[operator]


def test_by_type_and_by_cell_are_parts_of_all() -> None:
    made = [
        record(n, LOOP if n % 3 else PLAIN, task_type=t, item_id=f"{n}{t}")
        for n in range(12)
        for t in ("text_generation", "video_analysis")
    ]
    for parts in (by_type(made), by_cell(made)):
        assert sum(p.looping for p in parts.values()) == replies(made).looping == 16
    assert set(by_type(made)) == {"text_generation", "video_analysis"}


@pytest.mark.parametrize(("scenarios", "forms"), [(40, 1), (60, 4)])
def test_the_interval_of_the_median_holds_it(scenarios: int, forms: int) -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(200):
        own = rng.normal(0, 0.7, (scenarios, 1)) + rng.normal(0, 0.7, (scenarios, forms))
        words = np.round(np.exp(5 + own))
        found = replies(
            record(
                n * forms + t,
                PLAIN | {"words": float(words[n, t])},
                scenario=f"s{n}",
                task_type=("text_generation", "text_understanding", "video_analysis",
                           "audio_processing")[t],
            )
            for n in range(scenarios)
            for t in range(forms)
        )  # fmt: skip
        assert found.length and found.length.low is not None and found.length.high is not None
        held += found.length.low <= round(float(np.exp(5))) <= found.length.high
    assert held >= 182  # 95 % of 200, less two standard errors


def test_a_results_file_has_them() -> None:
    made = Counts.over([record(0, LOOP), record(0, LOOP), record(1, PLAIN)]).to_json()["replies"]
    assert (made["n"], made["silent"], made["words"]["median"]) == (2, 0, 45)
    assert made["looping"] == {"k": 1, "value": 0.5, **_ends(1, 2)}
    assert "replies" not in Counts.over([record(0, {})]).to_json()


def _ends(k: int, n: int) -> dict[str, float | None]:
    found = rate(k, n)
    return {"low": found.low, "high": found.high}
