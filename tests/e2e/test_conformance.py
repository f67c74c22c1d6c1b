"""`uni-safe conformance`: the whole kit on our scorer, and storms of thousands of replies."""

from __future__ import annotations

import json

import pytest

from leaderboard.conformance.rows import rows
from tests.leaderboard.conformance.test_kit import conformance

pytestmark = pytest.mark.e2e


def test_our_scorer_makes_a_verdict_of_no_fault() -> None:
    done = conformance()
    assert done.exit_code == 0, done.output
    *_, counts, last = done.stdout.splitlines()
    faults = sum(row.is_fault for row in rows())
    assert counts == f"{faults} faults, {len(rows()) - faults} sound controls, 0 not as expected"
    assert last == "verdicts from faults: 0"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm_has_no_wrong_label(seed: int) -> None:
    done = conformance("--storm", "2400", "--seed", str(seed), "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0, found
    assert (found["replies"], found["faults"]) == (2400, 840) and found["kinds"] >= 47
    assert found["outcomes"]["scored"] + found["given_up_after_a_slip"] == 1560
