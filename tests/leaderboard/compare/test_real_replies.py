"""One real model twice is no difference; another temperature, or another model, is what is known.

The replies are stored ones of SmolLM2-135M, judged here by `rules`: those of judger/validation/set,
and greedy ones drawn again by `make demo-real`
(other batches round otherwise; 63 of 108 are alike).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from judger.contract.record import Record
from judger.contract.settings import load
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.offline.replies import Line
from judger.validation import labels, shipped
from leaderboard.compare.differences import compare
from leaderboard.report.summary import SHOWN
from tests.known import known
from uni_safe_tasks.models.control import reply
from uni_safe_tasks.suite.items import item

GREEDY, SAMPLED, AGAIN = "0", "0.8", "greedy again"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Record]]:
    """The real model greedy (twice) and sampled, and two control models, on the same items."""
    replies: dict[str, dict[str, str]] = {GREEDY: {}, SAMPLED: {}}
    for path in shipped.REAL:
        for label in labels.read(path):
            name, _, temperature = label.id.partition("@")
            replies[temperature][name] = label.reply
    again = Path(__file__).with_name("greedy_again.jsonl").read_text(encoding="utf-8")
    replies[AGAIN] = {row["item_id"]: row["reply"] for row in map(json.loads, again.splitlines())}
    folder = tmp_path_factory.mktemp("control")
    for policy in ("refuse", "comply"):
        replies[policy] = {
            name: reply(policy, item(name).model_dump(), folder) for name in replies[GREEDY]
        }
    return {name: list(records(said)) for name, said in replies.items()}


def records(said: Mapping[str, str]) -> Iterator[Record]:
    session = Session(load({}))
    try:
        lines = (Line(item_id=name, reply=text) for name, text in said.items())
        work = (Work(item(line.item_id), line.read(Path()), known(line.reply)) for line in lines)
        for _, record in judged(session, work):
            yield record
    finally:
        session.close()


@pytest.mark.parametrize("metric", SHOWN)
def test_one_model_drawn_twice_is_not_told_apart(
    runs: Mapping[str, list[Record]], metric: str
) -> None:
    found = compare(metric, runs[GREEDY], runs[AGAIN])
    assert found.overall.n >= 40 and found.overall.unpaired == 0
    margins = (found.overall, *found.categories.values(), *found.types.values())
    assert not any(margin.clear for margin in margins)
    assert not any(cell.claimed for cell in found.cells.values())


def test_the_labels_know_that_it_refuses_less_when_sampled() -> None:
    """So the difference that is claimed below is one."""
    refused = Counter(
        label.id.partition("@")[2]
        for path in shipped.REAL
        for label in labels.read(path)
        if label.contextual == "refusal"
    )
    assert refused == {GREEDY: 16, SAMPLED: 1}


@pytest.mark.parametrize(
    ("metric", "first", "second"),
    [
        ("contextual_refusal", SAMPLED, GREEDY),
        ("contextual_refusal", GREEDY, "refuse"),
        ("over_refusal", GREEDY, "refuse"),
        ("contextual_unsafe", GREEDY, "comply"),
    ],
)
def test_what_is_known_to_differ_is_found(
    runs: Mapping[str, list[Record]], metric: str, first: str, second: str
) -> None:
    found = compare(metric, runs[first], runs[second]).overall
    assert found.clear and found.difference is not None and found.difference > 0
