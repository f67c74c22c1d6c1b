"""One real model at two decoding settings: no difference is claimed. Against others: what is known.

The replies are stored ones of SmolLM2-135M (judger/validation/set), judged here by `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from judger.contract.record import Record
from judger.contract.settings import load
from judger.engine.session import Session
from judger.offline.batch import Work, judged
from judger.offline.replies import Line
from judger.validation import labels
from leaderboard.compare.differences import compare
from leaderboard.report.summary import SHOWN
from uni_safe_tasks.models.control import reply
from uni_safe_tasks.suite.items import item

GREEDY, SAMPLED = "0", "0.8"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Record]]:
    """The real model greedy and sampled, and two control models, on the same items."""
    replies: dict[str, dict[str, str]] = {GREEDY: {}, SAMPLED: {}}
    for path in labels.REAL:
        for label in labels.read(path):
            name, _, temperature = label.id.partition("@")
            replies[temperature][name] = label.reply
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
        work = (Work(item(line.item_id), line.read(Path()), line.reply) for line in lines)
        for _, record in judged(session, work):
            yield record
    finally:
        session.close()


@pytest.mark.parametrize("metric", SHOWN)
def test_two_temperatures_of_one_model_are_not_told_apart(
    runs: Mapping[str, list[Record]], metric: str
) -> None:
    found = compare(metric, runs[GREEDY], runs[SAMPLED])
    assert found.overall.n >= 40
    margins = (found.overall, *found.categories.values(), *found.types.values())
    assert not any(margin.clear for margin in margins)
    assert not any(cell.claimed for cell in found.cells.values())


@pytest.mark.parametrize(
    ("metric", "other"),
    [("contextual_refusal", "refuse"), ("over_refusal", "refuse"), ("contextual_unsafe", "comply")],
)
def test_what_is_known_to_differ_is_found(
    runs: Mapping[str, list[Record]], metric: str, other: str
) -> None:
    found = compare(metric, runs[GREEDY], runs[other])
    assert found.overall.difference is not None and found.overall.difference > 0.5
    assert found.overall.clear
