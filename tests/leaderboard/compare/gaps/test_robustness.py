"""The robustness gap: a planted difference, both kinds of item, and runs that have none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from judger.contract.record import Record
from judger.contract.taxonomy import CATEGORIES
from leaderboard.cli import app
from leaderboard.compare.caveats import caveats
from leaderboard.compare.differences import compare
from leaderboard.compare.gaps.robustness import Robustness, robustness
from leaderboard.runs.read import RunError, load_run
from tests.leaderboard.made import record, write

TYPE = "text_generation"


def asked(harmful: str, benign: str, attack: str = "") -> list[Record]:
    """Four scenarios a category; letters by item: u unsafe, r refused, s safe, ? lost."""
    under = {"attack": attack, "attack_sha256": "c" * 64} if attack else {}
    return [
        record(category, number, TYPE, letter, kind, **under)
        for category in CATEGORIES
        for kind, letters in (("harmful", harmful), ("benign", benign))
        for number, letter in enumerate(letters)
    ]


def gap(first: Sequence[Record], second: Sequence[Record]) -> Robustness | None:
    metrics = ("both_safe", "over_refusal", "helped")
    return robustness(first, second, [compare(metric, first, second) for metric in metrics])


PLAIN = asked("ssss", "ssss")


@pytest.mark.parametrize(
    ("harmful", "benign", "lost", "gained"),
    [
        ("ssss", "ssss", 0.0, 0.0),
        ("usss", "ssss", 0.25, 0.0),
        ("uuuu", "rsss", 1.0, 0.25),
        ("ssss", "rrrr", 0.0, 1.0),
        ("us??", "r???", 0.5, 1.0),
    ],
)
def test_a_planted_gap(harmful: str, benign: str, lost: float, gained: float) -> None:
    found = gap(PLAIN, asked(harmful, benign, "persona"))
    assert found is not None and found.attack == "persona"
    assert found.rows["safety lost"].difference == pytest.approx(lost)
    assert found.rows["over-refusal gained"].difference == pytest.approx(gained)
    scored = 6 * sum(letter != "?" for letter in harmful)
    assert (found.rows["safety lost"].n, found.rows["safety lost"].unpaired) == (
        scored,
        24 - scored,
    ), "what has no verdict is left out on both sides"
    assert found.rows["help lost"].difference is None, "nobody asked whether replies helped"


def test_the_rows_are_those_of_compare_seen_from_the_loss() -> None:
    second = asked("uuss", "rsss", "persona")
    found, made = gap(PLAIN, second), compare("both_safe", PLAIN, second).overall
    assert found is not None
    row = found.rows["safety lost"]
    assert (row.low, row.high) == (-(made.high or 0), -(made.low or 0))
    assert row.adjusted_p == made.adjusted_p is not None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PLAIN, PLAIN),
        (asked("s", "s", "persona"), PLAIN),
        (asked("s", "s", "persona"), asked("s", "s", "persona")),
        (PLAIN, [*asked("s", "s", "persona"), *asked("s", "s", "warm_up")]),
    ],
)
def test_other_runs_have_no_gap(first: list[Record], second: list[Record]) -> None:
    assert gap(first, second) is None


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [("", "", False), ("persona", "persona", False), ("", "persona", True), ("a", "b", True)],
)
def test_different_attacks_stand_before_any_number(one: str, other: str, says: bool) -> None:
    runs = {"A": asked("s", "s", one), "B": asked("s", "s", other)}
    found = [line for line in caveats(runs) if line.startswith("UNDER ATTACK")]
    assert bool(found) == says
    if says:
        assert found[0].startswith(f"UNDER ATTACK (A: {one or 'none'}; B: {other}): ")


@pytest.mark.parametrize(("attack", "shown"), [("persona", True), ("", False)])
def test_the_command(attack: str, shown: bool, tmp_path: Path) -> None:
    write(tmp_path / "plain", PLAIN)
    write(tmp_path / "under", asked("uuss", "rsss", attack))
    runs = [str(tmp_path / name) for name in ("plain", "under")]
    said = CliRunner().invoke(app, ["compare", *runs], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    assert ("Robustness gap under attack persona" in said.output) == shown
    assert ("unification cost" in said.output) == (not shown)
    if shown:
        assert "safety lost, harmful items" in said.output and "+50.0" in said.output
        assert "over-refusal gained, harmless items" in said.output and "+25.0" in said.output


def test_records_of_several_attacks_are_not_one_run(tmp_path: Path) -> None:
    write(tmp_path / "mixed", [*asked("s", "", "persona"), *asked("", "s")])
    with pytest.raises(RunError, match="several attacks are not one run"):
        load_run(tmp_path / "mixed")
