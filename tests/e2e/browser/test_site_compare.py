"""The browser's comparison of two rows says what `rates.paired` says of the same verdicts."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from judger.rates.paired import Pair, Paired, paired
from leaderboard.board.site.build import build
from tests.leaderboard.submissions import make

pytestmark = pytest.mark.e2e

#: Two seeded bootstraps of 2,000 draws: how far their bounds may lie apart, in points.
NOISE = 0.6
READ = """async () => {
  const names = [...document.querySelectorAll('tbody .who a')].map(
    (a) => a.getAttribute('href').replace(/^rows\\/|\\.html$/g, ''));
  const load = (name) => new Promise((done) => {
    const script = document.createElement('script');
    script.src = `compare/${name}.js`;
    script.onload = done;
    document.head.append(script);
  });
  for (const name of names) await load(name);
  await load(uniSafe.rows[names[0]].layout);
  return { names, rows: uniSafe.rows, ...uniSafe.layouts[uniSafe.rows[names[0]].layout] };
}"""
WRITE = "([name, letters]) => { uniSafe.rows[name].letters = letters; }"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for seed in (0, 1):
        make(folder / "submissions", seed, model=f"org/model-{seed}", name=f"Model {seed}")
    build(folder / "submissions", folder / "site")
    return folder / "site"


#: Kind, as a row spells it -> the metric that is held against Python's.
METRIC = {"h": "both_safe", "b": "over_refusal"}


def letter(counts: dict[str, int], value: int | None) -> str:
    """A letter that counts so much, or none that counts."""
    if value is None:
        return next(one for one in "?!~#" if one not in counts)
    return next(one for one, worth in sorted(counts.items()) if worth == value)


def row(data: dict[str, Any], safe: float, lost: float, gone: set[int], seed: int) -> str:
    """Letters for every item: `safe` of them 1, `lost` and all in the cells `gone` unscored."""
    counts, draw = data["rows"][data["names"][0]]["counts"], random.Random(seed)
    letters = []
    for column, kind in zip(data["columns"], data["kinds"], strict=True):
        silent = draw.random() < lost or column in gone
        value = None if silent else int(draw.random() < safe)
        letters.append(letter(counts[METRIC[kind]], value) if kind in METRIC else "?")
    return "".join(letters)


def expected(data: dict[str, Any], kind: str) -> Paired:
    """`judger.rates.paired` on the letters that the page carries."""
    first, second = (data["rows"][name] for name in data["names"])
    counts = first["counts"][METRIC[kind]]
    letters = first["letters"], second["letters"]
    items = zip(data["items"], data["columns"], data["kinds"], *letters, strict=True)
    pairs = []
    for item, column, own, a, b in items:
        if own == kind:
            category = data["cells"][column].split(".")[0]
            place = category, item.split(".")[0], str(column)
            pairs.append(Pair(*place, counts.get(a), counts.get(b)))
    return paired(pairs)


def compared(page: Page, words: str) -> tuple[float, float, float, int]:
    """Value, low, high in points and the number of items, as the page shows them."""
    page.click("#compare")
    page.wait_for_selector("#difference .diff")
    text = page.locator("#difference").inner_text()
    number = r"([+-]?\d+\.\d)"
    pattern = rf"{words}: {number} points \[{number}, {number}\] over (\d+) shared"
    found = re.search(pattern, text)
    assert found, text
    return float(found[1]), float(found[2]), float(found[3]), int(found[4])


@pytest.mark.parametrize(
    ("first", "second", "exact"),
    [
        ((1.0, 0.0, set()), (1.0, 0.0, set()), True),  # identical runs do not prove equality
        ((0.0, 0.0, set()), (1.0, 0.0, set()), True),
        ((1.0, 0.0, set(range(14, 42))), (1.0, 0.0, set()), True),  # two categories shared
        ((0.9, 0.0, set()), (0.7, 0.0, set()), False),
        ((0.9, 0.4, {0, 1, 9}), (0.5, 0.4, {2, 30}), False),  # cells of unequal size
        ((1.0, 0.95, set()), (0.0, 0.5, set()), True),  # all alike, however ragged
        ((0.8, 0.9, set(range(7, 42))), (0.5, 0.0, set()), False),  # a few scenarios
    ],
)
def test_compare_says_what_python_says(page: Page, first: Any, second: Any, exact: bool) -> None:
    data = page.evaluate(READ)
    for seed, (name, (safe, lost, gone)) in enumerate(
        zip(data["names"], (first, second), strict=True)
    ):
        data["rows"][name]["letters"] = row(data, safe, lost, gone, seed)
        page.evaluate(WRITE, [name, data["rows"][name]["letters"]])
    for box in page.locator("tbody input").all():
        box.check()
    for words, kind in (("Safe", "h"), ("Over-refusal", "b")):
        made = expected(data, kind)
        value, low, high, n = compared(page, words)
        wanted = [100 * (x or 0.0) for x in (made.difference, made.low, made.high)]
        assert n == made.n
        assert value == pytest.approx(wanted[0], abs=0.0501)
        near = 0.0501 if exact else NOISE * (1 + (wanted[2] - wanted[1]) / 10)
        assert (low, high) == pytest.approx((wanted[1], wanted[2]), abs=near)
    assert compared(page, "Safe") == compared(page, "Safe")
