"""The site's data files, and the small parts that its pages and files are made of."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from leaderboard.board.site.build import Built
from leaderboard.board.site.data import _cell
from leaderboard.board.site.figures import heat
from tests.leaderboard.board.conftest import FORMULA


def test_data_files_hold_what_the_pages_show(site: tuple[Path, Built]) -> None:
    data = json.loads((site[0] / "data.json").read_text())
    assert [len(protocol["places"]["unified"]) for protocol in data["protocols"]] == [3, 1]
    by_id = {row["id"]: row for row in data["rows"]}
    places = data["protocols"][0]["places"]["unified"]
    assert [place["rank"] for place in places] == [1, 2, None]
    assert len(places[2]["missing"]) == 30
    assert by_id[places[2]["id"]]["boards"]["unified"] == "missing"
    best = by_id[places[0]["id"]]
    assert best["boards"]["unified"]["both_safe"]["n"] > 1600
    assert len(best["cells"]) == 42
    assert (best["judge_standing"], best["replies"]) == ("calibrated", None)
    cell = best["cells"]["privacy_leak.video_analysis"]
    assert set(cell) == {"status", "flag", "both_safe", "helped", "over_refusal"}
    assert cell["both_safe"]["n"] + cell["both_safe"]["unscored"] == 60
    rate = best["boards"]["unified"]["both_safe"]
    assert rate["unscored"] and rate["smallest"] < rate["value"] < rate["largest"]
    assert (rate["why_none"], rate["thin"]) == ("", 0) and rate["possible_bias"] is not None
    freed = best["boards"]["unified"]["corrected"]["both_safe"]
    assert freed["low"] < freed["value"] < freed["high"] and freed["value"] > rate["value"]
    assert best["joint"]["unsafe in context, unsafe in itself"]["n"] == rate["n"]
    assert best["over_refusal"]["low"] < best["over_refusal"]["value"]
    rows = list(csv.DictReader((site[0] / "data.csv").read_text().splitlines()))
    assert len(rows) == 4 * 4 and rows[0]["rank"] == "1" and rows[2]["rank"] == "not ranked"
    assert float(rows[0]["both_safe_smallest"]) == rate["smallest"]
    assert int(rows[0]["both_safe_unscored"]) == rate["unscored"]
    assert float(rows[0]["both_safe_corrected_value"]) == freed["value"]
    assert rows[0]["helped_corrected_low"] == "not corrected"
    assert (
        rows[2]["both_safe_value"] == rows[2]["over_refusal_largest"] == "missing"
        and rows[1]["name"] == f"'{FORMULA}"
    )


@pytest.mark.parametrize(
    ("value", "better_high", "name"),
    [
        (None, True, "none"),
        (1.0, True, "h0"),
        (0.0, True, "h9"),
        (1.0, False, "h9"),
        (0.5, True, "h5"),
    ],
)
def test_heat(value: float | None, better_high: bool, name: str) -> None:
    assert heat(value, better_high) == name


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        " =1+1",
        "\t=1",
        "＝1+1",
        "　＝1",
        "\u00a0=1",
        "\u200b=1",
        "+1",
        "－1",
        "@x",
        "＠x",
        "|x",
        "\n=1",
    ],
)
def test_no_cell_of_a_csv_file_is_a_formula(text: str) -> None:
    assert _cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Model", "a=b", "Näme: #1", "模型", ""])
def test_other_names_stay_as_they_are(text: str) -> None:
    assert _cell(text) == text
