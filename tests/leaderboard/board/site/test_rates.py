"""A rate on the site is never alone, and what was not measured is not shown as nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judger.rates.statistics import Mean, Rate
from leaderboard.board.numbers import SHOWN as METRICS
from leaderboard.board.site.build import build
from leaderboard.board.site.data import slug
from leaderboard.board.site.render import SAMPLE
from leaderboard.text import words
from tests.leaderboard.board.conftest import Page
from tests.leaderboard.submissions import (
    TEXT_ONLY,
    make,
    sealed,
    submission,
    verdict_bytes,
    verdict_lines,
    write,
)


def test_every_rate_has_its_n_interval_and_bounds(tmp_path: Path) -> None:
    make(tmp_path / "submissions", 0, 0.9)
    best = build(tmp_path / "submissions", tmp_path).tabs[0].boards["unified"].places[0].row
    index = (tmp_path / "index.html").read_text()
    page = (tmp_path / "rows" / slug(best.submission)).read_text()
    pooled = [*best.joint_rates().values(), best.over_refusal()]
    for metric in METRICS:
        mean = best.means["unified"][metric]
        assert mean.unscored
        assert f"<b>{words.percent(mean.value)}</b>" in index
        assert f"<i>{words.interval(mean)}</i>" in index and said(mean) in page
    harmful, benign = (best.means["unified"][m] for m in ("both_safe", "over_refusal"))
    unscored = harmful.unscored + benign.unscored
    assert f">{harmful.n} + {benign.n}<i>{unscored} unscored</i>" in index
    for made in pooled:
        assert f"<b>{words.percent(made.value)}</b>" in page and said(made) in page
    cells = [cell[metric] for cell in best.cells for metric in ("both_safe", "over_refusal")]
    for made in cells:
        lines = words.interval(made), words.counted(made), words.bounds(made)
        assert "".join(f"<span>{line}</span>" for line in lines if line) in page


def said(made: Mean | Rate) -> str:
    return f"{words.interval(made)}\nn {made.n}, {made.unscored} unscored\n{words.bounds(made)}"


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Samples only: a text model, one by a judge that cannot tell refusals, one never measured."""
    root, out = tmp_path_factory.mktemp("samples"), tmp_path_factory.mktemp("samples_site")
    make(root, 0, 0.8, model="a/text", name="Text", state="sample", modalities=TEXT_ONLY)
    blind: dict[str, Any] = {"details": {"refusal": False}}
    lines = verdict_lines(0.8, refuses=0)
    made = submission(lines, model="b/blind", name="Blind", state="sample", **blind)
    made["calibration"] = {"calibrated": False, "sha256": ""}
    made["model"]["family"] = "control"
    write(root, sealed(made, verdict_bytes(lines)), verdict_bytes(lines))
    assert not build(root, out).left_out
    return out


def test_samples_say_what_they_are(samples: Path) -> None:
    page = (samples / "index.html").read_text()
    assert page == (samples / "samples.html").read_text() and SAMPLE in page
    tables = [part.split("</tbody>")[0] for part in page.split("<tbody>")[1:]]
    text, blind = (" ".join(Page(part).text.split()) for part in tables)
    assert "open unified · open · figures of the text board · 2026-02-02" in text
    assert "uncalibrated" in blind and "figures of the unified board" in blind
    assert "missing" not in text + blind and "cells" not in text + blind
    assert blind.count("not measured") == 2
    assert text.startswith("sample") and "not ranked" not in text + blind
    assert "How ranks are made" not in page.split("<main>")[1]


def test_rates_of_refusals_are_not_measured_by_a_judge_that_cannot_tell(samples: Path) -> None:
    page = next((samples / "rows").glob("b__blind*")).read_text()
    joint = page.split("Scored harmful items")[1].split("</table>")[0]
    assert joint.count("<td>not measured</td>") == 2 and "safe or refused in context" in joint
    assert "0.0 %" not in page.split("<h2>Cell by cell")[0]
    heat_map = page.split("harmless twins that were refused")[2].split("</table>")[0]
    assert heat_map.count("<b>not measured</b></td>") == 42
    data = {
        row["model"]["name"]: row for row in json.loads((samples / "data.json").read_text())["rows"]
    }
    assert data["Blind"]["boards"]["unified"]["over_refusal"] == "not measured"
    assert data["Text"]["boards"]["unified"] == "missing"
