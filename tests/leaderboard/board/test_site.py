"""The static site as files: what is on it, that it is the same each time, and that it is inert."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaderboard.board.ranking import HOW
from leaderboard.board.site import build as building
from leaderboard.board.site.build import Built, build
from leaderboard.board.site.data import _cell
from leaderboard.board.site.figures import heat
from leaderboard.cli import app
from leaderboard.published.results import published
from leaderboard.submission.facts import SUBMISSION
from leaderboard.submission.rules import ALL_RULES
from tests.leaderboard.submissions import TEXT_ONLY, make

HOSTILE = "</script><img src=x onerror=alert(1)>\"'{{7*7}}"
FORMULA = "=cmd|calc!A1"


class Page(HTMLParser):
    """A page's elements and its text, as a browser would parse them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> set[str | None]:
        return {attributes.get("id") for _, attributes in self.elements}


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("submissions")
    make(root, 0, 0.9, model="org/best", name=HOSTILE)
    make(root, 1, 0.5, model="org/second", name=FORMULA)
    make(root, 2, 0.7, model="lab/text", name="Text only", modalities=TEXT_ONLY)
    make(root, 3, 0.7, model="lab/other", name="Other judge", revision="2026-09")
    make(root, 4, 0.2, model="org/sample", name="A sample", state="sample")
    make(root, 5, 0.2, model="org/gone", name="Gone again", state="withdrawn")
    make(root, 6, 0.2, model="org/new", name="Not yet", state="pending")
    return root


@pytest.fixture(scope="module")
def site(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    out = tmp_path_factory.mktemp("site")
    return out, build(submissions, out)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_submissions_give_the_same_bytes(
    submissions: Path,
    site: tuple[Path, Built],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "of_an_earlier_build.html").write_text("")
    monkeypatch.setattr(building, "MANY", 2)  # with worker processes this time
    build(submissions, tmp_path)
    assert files(tmp_path) == files(site[0])


def test_what_is_written(site: tuple[Path, Built]) -> None:
    names = set(files(site[0]))
    top = {"index.html", "submit.html", "changelog.html", "data.json", "data.csv"}
    assert {name for name in names if "/" not in name} == top
    assert len(names) == len(top) + 5  # a page for each listed row and for the sample
    assert not site[1].left_out and len(site[1].tabs) == 2


def test_pages_are_inert(site: tuple[Path, Built]) -> None:
    for name, data in files(site[0]).items():
        if not name.endswith(".html"):
            continue
        page = Page(data.decode())
        tags = [tag for tag, _ in page.elements]
        assert "img" not in tags and "iframe" not in tags
        for tag, attributes in page.elements:
            assert not any(key.startswith("on") or key == "style" for key in attributes), name
            for key in ("href", "src"):
                link = attributes.get(key) or ""
                assert not re.match(r"[a-z]+:|//", link) or link == "data:,", (name, tag, link)
        scripts = [a for tag, a in page.elements if tag == "script"]
        assert [a.get("type") for a in scripts] == (
            [None, "application/json", None] if name == "index.html" else []
        )


def test_style_and_script_are_allowed_by_their_hash(site: tuple[Path, Built]) -> None:
    text = (site[0] / "index.html").read_text()
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)
    assert policy and "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
    for tag in ("style", "script"):
        sources = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert sources
        for source in sources:
            digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
            assert f"sha256-{digest}" in policy[1]


def test_hostile_names_are_text(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "index.html").read_text())
    assert HOSTILE in page.text


def test_everything_is_there_without_a_script(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "index.html").read_text())
    assert {"unified", "understanding", "generation", "text", "samples", "published"} <= page.ids()
    for name in ("Text only", "Other judge", "A sample"):
        assert name in page.text
    for name in ("Gone again", "Not yet"):
        assert name not in page.text
    assert "missing: 30 cells: 6 of image understanding" in page.text
    for model in published().models:
        assert model.model in page.text
    assert "Not measured here" in page.text and "Not results" in page.text


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
    cell = best["cells"]["privacy_leak.video_analysis"]
    assert set(cell) == {"status", "flag", "both_safe", "helped", "over_refusal"}
    assert cell["both_safe"]["n"] + cell["both_safe"]["unscored"] == 40
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


def test_rules_and_changes_are_explained(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "submit.html").read_text())
    text = " ".join(page.text.split())
    for rule in ALL_RULES:
        assert f"{rule.name()}. {rule.sentence()}".replace("`", "") in text
    changes = " ".join(Page((site[0] / "changelog.html").read_text()).text.split())
    assert "listed: Text only" in changes and "withdrawn: Gone again" in changes
    assert "submitted: Not yet" in changes and "pending: Not yet" in changes


def test_a_broken_submission_is_left_out_and_named(tmp_path: Path) -> None:
    root = tmp_path / "submissions"
    make(root, 0, model="org/good", name="Good", modalities=TEXT_ONLY)
    bad = make(root, 1, model="org/bad", name="Bad", modalities=TEXT_ONLY) / SUBMISSION
    bad.write_text(bad.read_text().replace('"safe_safe": 1', '"safe_safe": 9', 1))
    twice = make(root, 2, model="org/good", name="Good", modalities=TEXT_ONLY)
    said = CliRunner().invoke(
        app, ["leaderboard", "build", "--submissions", str(root), "--out", str(tmp_path / "site")]
    )
    assert said.exit_code == 1
    assert "left out: R04 SealedContent: org__bad/" in said.output
    assert "OneListedRow" in said.output and twice.name in said.output
    page = Page((tmp_path / "site" / "index.html").read_text())
    assert "Good" in page.text and "Bad" not in page.text


def test_commands_say_what_to_do(tmp_path: Path) -> None:
    runner = CliRunner()
    for command in ("validate", "build"):
        missing = ["leaderboard", command, "--submissions", str(tmp_path / "none")]
        said = runner.invoke(app, missing)
        assert said.exit_code == 2 and "is no folder of submissions" in said.output
    (tmp_path / "submissions").mkdir()
    options = ["--submissions", str(tmp_path / "submissions")]
    said = runner.invoke(app, ["leaderboard", "validate", *options, "--against", "no-such-state"])
    assert said.exit_code == 2 and "no folder and no git revision" in said.output
    said = runner.invoke(app, ["leaderboard", "validate", *options])
    assert said.exit_code == 0 and "0 submissions, 29 rules, 0 findings" in said.output
    out = ["--out", str(tmp_path / "site")]
    assert runner.invoke(app, ["leaderboard", "build", *options, *out]).exit_code == 0
    assert "No row is listed yet" in (tmp_path / "site" / "index.html").read_text()


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


def test_a_board_says_how_ranks_are_made_and_what_is_corrected(site: tuple[Path, Built]) -> None:
    text = " ".join(Page((site[0] / "index.html").read_text()).text.split())
    assert "How ranks are made." in text and all(sentence in text for sentence in HOW)
    assert "as judged" in text and "corrected" in text
    board = text.split("How ranks are made.")[1]
    assert board.count("corrected 9") + board.count("corrected 8") > 4


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
