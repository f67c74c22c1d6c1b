"""Rows of the half on the site: a tab of their own, which says so, and never beside whole rows."""

from __future__ import annotations

import re
from pathlib import Path

from leaderboard.board.site.build import build
from tests.leaderboard.board.conftest import Page
from tests.leaderboard.submissions import TEXT_ONLY, make

SAID = "Half (--limit 60)."


def test_halves_stand_by_themselves_and_say_so(tmp_path: Path) -> None:
    for seed, half in enumerate((False, False, True)):
        make(
            tmp_path / "s",
            seed,
            modalities=TEXT_ONLY,
            half=half,
            model=f"org/m{seed}",
            name=f"Model {seed}",
        )
    assert not build(tmp_path / "s", tmp_path).left_out
    page = (tmp_path / "text.html").read_text()
    whole, half = re.findall(r'<section class="board".*?</section>', page, re.S)
    assert "Model 0" in whole and "Model 1" in whole and "Model 2" not in whole
    assert "Model 2" in half and "Model 0" not in half and "Model 1" not in half
    assert SAID in Page(half).text and SAID not in Page(whole).text
    assert [
        " · half (--limit 60) · data" in line for line in re.findall("<option.*?</option>", page)
    ][:2] == [False, True]
    rows = {path.name[:7]: Page(path.read_text()).text for path in (tmp_path / "rows").iterdir()}
    assert {name: SAID in text for name, text in rows.items()} == {
        "org__m0": False,
        "org__m1": False,
        "org__m2": True,
    }
