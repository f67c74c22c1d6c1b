"""Agreement between judges, against published examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from judger.contract.record import Record
from judger.rates.agreement import kappa
from judger.rates.interrater import alpha, interrater, kappa_of

N = np.nan

#: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), his four worked examples.
TWO_BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
TWO_NOMINAL = [[1, 1, 2, 2, 4, 3, 3, 3, 5, 4, 4, 1], [2, 1, 2, 2, 2, 3, 3, 3, 5, 4, 4, 4]]
FOUR_WITH_GAPS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (TWO_BINARY, 0.095),
        (TWO_NOMINAL, 0.692),
        (FOUR_WITH_GAPS, 0.743),
        ([[0, 1, 0, 1], [0, 1, 0, 1]], 1.0),
        ([[0, 0, 0], [0, 0, 0]], None),  # one and the same verdict throughout
        ([[0, 1, N], [N, N, 1]], None),  # nothing was judged twice
    ],
)
def test_krippendorffs_alpha(codes: list[list[float]], expected: float | None) -> None:
    found = alpha(np.array(codes, dtype=float))
    assert found == (expected if expected is None else pytest.approx(expected, abs=5e-4))


def test_cohens_kappa_of_the_textbook_table() -> None:
    """The example of 50 grant proposals, two readers: 20 both yes, 15 both no, 5 and 10 apart."""
    figure = kappa(np.array([[20, 5], [10, 15]]))
    assert figure.value == pytest.approx(0.40)
    assert figure.n == 50


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("most", [3, 20, 500])
def test_cohens_kappa_and_its_interval_are_those_of_statsmodels(size: int, most: int) -> None:
    rng, compared = np.random.default_rng(size * most), 0
    for _ in range(200):
        table = rng.integers(0, most, (size, size)) + np.diag(rng.integers(0, 2 * most, size))
        found = kappa(table)
        apart = int(np.trace(table)) < table.sum()
        if found.value is None or not apart or found.low == -1.0:
            continue
        theirs = cohens_kappa(table)
        assert found.value == pytest.approx(theirs["kappa"], abs=1e-12)
        assert found.low == pytest.approx(theirs["kappa_low"], abs=1e-9)
        assert found.high == pytest.approx(min(1.0, theirs["kappa_upp"]), abs=1e-9)
        compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ([[9, 0], [0, 9]], pytest.approx(0.648, abs=1e-3), 1.0),  # from Wilson's 18 of 18
        ([[5, 0], [3, 0]], None, None),  # one verdict throughout
    ],
)
def test_the_ends_of_cohens_kappa(table: list[list[int]], low: Any, high: Any) -> None:
    found = kappa(np.array(table))
    assert (found.low, found.high) == (low, high)


def record(name: str, *said: tuple[str, str | None, bool], axis: str = "contextual") -> Any:
    votes = [
        {
            "judge": judge,
            "axis": axis,
            "verdict": verdict,
            "outcome": "scored" if verdict else "judge_error",
            "reason": "",
            "refusal": tells,
        }
        for judge, verdict, tells in said
    ]
    return parted(name, [{"part": "text", "judges": votes}])


def parted(name: str, parts: list[Any]) -> Record:
    known = dict.fromkeys(("category", "task_type"), "")
    return Record.from_json(
        {"item_id": name, "kind": "harmful", "outcome": "judge_error", "parts": parts, **known}
    )


def test_agreement_over_records_leaves_missing_votes_out() -> None:
    records = [
        record("1", ("a", "unsafe", True), ("b", "unsafe", True), ("c", None, True)),
        record("2", ("a", "safe", True), ("b", "refusal", True), ("c", "safe", True)),
        record("3", ("a", "safe", True), ("b", "safe", True), ("c", "safe", True)),
        parted("4", []),
        record("5", ("a", "unsafe", True), axis="intrinsic"),
    ]
    found = interrater(records, "contextual")
    assert (found.units, found.judges, found.values) == (
        3,
        ("a", "b", "c"),
        ("unsafe", "safe", "refusal"),
    )
    assert found.kappas["a", "b"].n == 3
    assert found.kappas["a", "c"].n == 2
    assert found.alpha is not None


def test_judges_that_cannot_tell_refusals_are_compared_on_harm() -> None:
    records = [
        record("1", ("a", "refusal", True), ("guard", "safe", False)),
        record("2", ("a", "unsafe", True), ("guard", "unsafe", False)),
        record("3", ("a", "refusal", True), ("guard", "unsafe", False)),
    ]
    found = interrater(records, "contextual")
    assert found.values == ("unsafe", "not unsafe")
    assert found.kappas["a", "guard"].n == 3


def test_without_an_ensemble_there_is_nothing_to_compare() -> None:
    found = interrater([parted("1", [{"part": "text"}])], "contextual")
    assert (found.units, found.judges, found.alpha, dict(found.kappas)) == (0, (), None, {})


def test_a_pairs_kappa_is_of_both_judges() -> None:
    codes = np.array([[0.0, 0.0, 1.0, 1.0, N], [0.0, 1.0, 1.0, 1.0, 0.0]])
    assert kappa_of(codes, 2) == kappa(np.array([[1, 1], [0, 2]]))
    assert kappa_of(codes, 2).value == pytest.approx(0.5)
