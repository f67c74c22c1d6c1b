"""The numbers of a row are those of the statistics, as judged and corrected."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from judger.contract.record import Record
from judger.rates.statistics import joint_rates, joint_table, macro_mean, pooled, rate_of
from leaderboard.board.numbers import COLUMNS, SHOWN
from leaderboard.submission import manifest, tally
from leaderboard.submission.boards import BOARDS
from tests.calibrations import fit
from tests.known import known
from tests.leaderboard.board.rows import BLIND, LOST, blind, row
from tests.leaderboard.submissions import TEXT_ONLY, verdict_lines


def records(lines: list[dict[str, Any]], board: str) -> list[Record]:
    types = BOARDS[board]
    scenario = {x["item_id"]: x["item_id"].partition(".")[0] for x in lines}
    return [
        Record.from_json({**x, "scenario": scenario[x["item_id"]]})
        for x in lines
        if x["task_type"] in types
    ]


def silent_scenario(lines: list[dict[str, Any]]) -> None:
    for x in lines:
        if x["item_id"].startswith("bia-h103."):
            x |= LOST | {"outcome": "no_output"}


def half_silent_scenario(lines: list[dict[str, Any]]) -> None:
    for x in lines:
        if x["item_id"].startswith("tox-h105.") and not x["task_type"].startswith("text"):
            x |= LOST | {"outcome": "judge_error"}


def silent_cell(lines: list[dict[str, Any]]) -> None:
    for x in lines:
        if (x["category"], x["task_type"]) == ("privacy_leak", "image_generation"):
            x |= LOST | {"outcome": "unsupported"}


@pytest.mark.parametrize(
    ("shares", "change"),
    [
        ({"faults": 0.0}, None),
        ({"faults": 0.005}, None),
        ({"faults": 0.4}, None),
        ({"safe": 1.0, "faults": 0.0}, None),
        ({}, silent_scenario),
        ({}, half_silent_scenario),
        ({}, silent_cell),
        ({"modalities": TEXT_ONLY}, None),
        ({}, blind),
    ],
)
def test_means_are_those_of_the_statistics(shares: dict[str, Any], change: Any) -> None:
    lines = verdict_lines(**shares)
    facts: dict[str, Any] = {k: v for k, v in shares.items() if k == "modalities"}
    if change:
        change(lines)
    made = row(lines, **facts, **(BLIND if change is blind else {}))
    for name in BOARDS:
        own = records(lines, name)
        for metric in SHOWN:
            got = made.means[name][metric]
            wanted = macro_mean(metric, own, of=len(COLUMNS[name]))
            for field in wanted.__dataclass_fields__:
                assert getattr(got, field) == pytest.approx(getattr(wanted, field), abs=1e-6), (
                    name,
                    metric,
                    field,
                )
    every = records(lines, "unified")
    pools = dict(joint_rates(every).items()) | {"over": pooled("over_refusal", every)}
    for key, pool in (dict(made.joint_rates().items()) | {"over": made.over_refusal()}).items():
        assert asdict(pool) == pytest.approx(asdict(pools[key])), key


def test_cells_and_joint_table_are_those_of_the_statistics() -> None:
    lines = verdict_lines(faults=0.1)
    made = row(lines)
    for column, (category, task_type) in enumerate(manifest.CELLS):
        own = [x for x in lines if (x["category"], x["task_type"]) == (category, task_type)]
        for metric, rate in made.cells[column].items():
            assert rate == rate_of(metric, list(map(Record.from_json, own)))
    assert made.joint == joint_table(list(map(Record.from_json, lines)))
    assert sum(made.unscored.values()) == sum(x["outcome"] != "scored" for x in lines)


def test_letters_tell_every_outcome_apart() -> None:
    letters = [x for kind in tally.OF_KIND.values() for _, x in kind.values()]
    assert len(set(letters)) == len(tally.WORDS) == len(tally.FACTS) == 28
    assert tally.ABSENT not in letters
    made = row(verdict_lines(faults=0.3))
    assert len(made.letters) == len(made.items) == len(made.kinds) == len(made.columns)


def test_means_are_corrected_by_the_row_s_own_calibration() -> None:
    made = row(safe=0.8)
    raw, freed = made.means["unified"]["both_safe"], made.corrected["unified"]["both_safe"]
    errors = fit({}, {}).errors["both_safe"]  # the helper's labels are the same for every judge
    assert freed.value == pytest.approx(errors.value_of(known(raw.value)))
    low, high = known(freed.low), known(freed.high)
    assert low < known(freed.value) < high and freed.n == raw.n
    assert high - low > known(raw.high) - known(raw.low)
    assert set(made.corrected["text"]) == set(SHOWN) - {"helped"}  # labels do not say it
