"""Holm's procedure and the intervals that go with it, against statsmodels and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from judger.rates.family import as_family, holm, holm_levels, margins, one_sided_pairs_needed
from judger.rates.paired import Pair, Paired, mcnemar, paired
from tests.known import known


@pytest.mark.parametrize(
    ("ps", "expected"),
    [
        ([], []),
        ([0.03], [0.03]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([None, 0.01, None, 0.02], [None, 0.02, None, 0.02]),
    ],
)
def test_holm_is_the_closed_form(ps: list[float | None], expected: list[float | None]) -> None:
    assert holm(ps) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_is_statsmodels(ps: list[float]) -> None:
    assert holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]))


@given(st.lists(st.floats(1e-6, 1).filter(lambda p: p != 0.05), min_size=1, max_size=30))
def test_each_row_is_decided_at_its_own_level(ps: list[float]) -> None:
    for p, of_p, its_level in zip(ps, holm(ps), holm_levels(ps), strict=True):
        adjusted, level = known(of_p), known(its_level)
        assert level >= 0.95 - 1e-12
        if abs(adjusted - 0.05) > 1e-9:
            assert (p < 1 - level) == (adjusted < 0.05)


def differences(seed: int, gaps: tuple[float, ...] = (0.0,) * 6) -> dict[str, Paired]:
    rng, found = np.random.default_rng(seed), dict[str, Paired]()
    for name, gap in zip("abcdef", gaps, strict=True):
        chance = rng.random((40, 1)) * 0.4
        values = rng.random((2, 40, 3)) < np.stack([chance, np.clip(chance + gap, 0, 1)])
        found[name] = paired(
            [
                Pair("s", str(i), str(t), float(values[0, i, t]), float(values[1, i, t]))
                for i in range(40)
                for t in range(3)
            ]
        )
    return found


@pytest.mark.parametrize("seed", range(20))
def test_no_interval_of_a_family_contradicts_its_p(seed: int) -> None:
    for one in as_family(differences(seed, (0.0, 0.0, 0.05, 0.1, 0.2, 0.3))).values():
        assert one.paired.clear == one.claimed == (known(one.adjusted_p) < 0.05)
        assert one.paired.level >= 0.95


def test_without_a_difference_a_family_seldom_claims_one() -> None:
    families = [as_family(differences(seed)) for seed in range(100)]
    assert sum(any(t.claimed for t in family.values()) for family in families) <= 10


def test_margins_are_one_family() -> None:
    found = differences(1, (0.0, 0.1, 0.1, 0.2, 0.2, 0.3))
    whole, (first, second) = margins(
        found["a"], {n: found[n] for n in "bc"}, {n: found[n] for n in "def"}
    )
    adjusted = [whole.adjusted_p, *(p.adjusted_p for p in (first | second).values())]
    assert adjusted == pytest.approx(holm([p.p for p in found.values()]))


@pytest.mark.parametrize(("tests", "needed"), [(1, 6), (14, 10), (42, 11)])
def test_what_a_claim_about_one_cell_takes(tests: int, needed: int) -> None:
    assert one_sided_pairs_needed(tests) == needed
    assert tests * mcnemar(needed, 0) < 0.05 <= tests * mcnemar(needed - 1, 0)
