"""What the pages say: the boards, the samples, how ranks are made, what an item looks like."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from judger.contract.taxonomy import TASK_TYPES
from judger.rates.calibration import Calibration
from judger.rates.calibration.flips import Flips
from leaderboard.board.ranking import HOW
from leaderboard.board.site import examples, facets
from leaderboard.board.site.build import Built, build
from leaderboard.board.site.render import PAPER, SAMPLE
from leaderboard.board.site.scatter import apart
from leaderboard.published.paper_results import published
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import Model, Replies, content_id
from leaderboard.submission.rules import ALL_RULES
from tests.calibrations import written
from tests.leaderboard.board.conftest import Page
from tests.leaderboard.submissions import (
    CALIBRATIONS,
    EVERYTHING,
    TEXT_ONLY,
    make,
    sealed,
    submission,
    verdict_bytes,
    verdict_lines,
    write,
)
from uni_safe_tasks.suite.items import item


def test_everything_is_there_without_a_script(site: tuple[Path, Built]) -> None:
    text = {p.stem: Page(p.read_text()).text for p in site[0].glob("*.html")}
    for board in BOARDS:
        assert "Text only" in text[board] and "Other judge" in text[board]
        for name in ("Gone again", "Not yet", "A sample"):
            assert name not in text[board]
    assert "missing: 30 cells: 6 of image understanding" in text["unified"]
    assert "A sample" in text["samples"] and "Not results" in text["samples"]
    assert all(model.model in text["published"] for model in published().models)
    assert "Not measured here" in text["published"]


def test_rules_and_changes_are_explained(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "submit.html").read_text())
    text = " ".join(page.text.split())
    for rule in ALL_RULES:
        assert f"{rule.name()}. {rule.sentence()}".replace("`", "") in text
    changes = " ".join(Page((site[0] / "changelog.html").read_text()).text.split())
    assert "listed: Text only" in changes and "withdrawn: Gone again" in changes
    assert "submitted: Not yet" in changes and "pending: Not yet" in changes


def test_a_board_says_how_ranks_are_made_and_what_is_corrected(site: tuple[Path, Built]) -> None:
    text = " ".join(Page((site[0] / "index.html").read_text()).text.split())
    assert "How ranks are made." in text and all(sentence in text for sentence in HOW)
    assert "as judged" in text and "corrected" in text
    assert len(re.findall(r"corrected \d+\.\d % \[", text)) == 3  # of every ranked row


@pytest.mark.parametrize(
    ("states", "opens_on"),
    [
        ([], "unified"),
        ([("sample", EVERYTHING)], "samples"),
        ([("sample", EVERYTHING), ("listed", TEXT_ONLY)], "text"),
        ([("listed", TEXT_ONLY), ("listed", EVERYTHING)], "unified"),
        ([("pending", EVERYTHING)], "unified"),
    ],
)
def test_the_site_opens_on_what_there_is(
    tmp_path: Path, states: list[tuple[str, dict[str, list[str]]]], opens_on: str
) -> None:
    (tmp_path / "s").mkdir()
    for seed, (state, modalities) in enumerate(states):
        make(tmp_path / "s", seed, model=f"org/m{seed}", state=state, modalities=modalities)
    build(tmp_path / "s", tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text()
    assert index == (tmp_path / "site" / f"{opens_on}.html").read_text()
    assert (SAMPLE in index) == (opens_on == "samples")


def test_a_drawing_shows_every_ranked_row_with_its_intervals(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "unified.html").read_text())
    marks = [a["href"] for tag, a in page.elements if tag == "a" and str(a["href"])[:2] == "#p"]
    rows = [a["id"] for tag, a in page.elements if tag == "tr" and a.get("id")]
    assert len(rows) == 4 and marks == [
        "#p0r0",
        "#p0r1",
        "#p1r0",
    ]  # without the one that lacks cells
    assert {mark and mark[1:] for mark in marks} < set(rows)
    assert sum(tag == "svg" and a.get("class") == "scatter" for tag, a in page.elements) == 2


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([], []),
        ([100.0, 200.0], [100.0, 200.0]),
        ([100.0, 101.0, 99.0], [112.0, 125.0, 99.0]),
        ([262.0, 262.0], [249.0, 262.0]),
        ([0.0], [12.0]),
    ],
)
def test_names_keep_apart_and_inside(wanted: list[float], placed: list[float]) -> None:
    assert apart(wanted) == placed


@pytest.mark.parametrize(
    ("name", "base", "words", "size"),
    [
        ("lab/model-7B-Chat", "", "7\u00a0B", "4 to 10 B"),
        ("lab/SmolLM2-135M", "", "135\u00a0M", "below 1 B"),
        ("lab/mix-8x7b", "", "56\u00a0B", "40 B and more"),
        ("lab/moe-30B-A3B", "", "30\u00a0B", "10 to 40 B"),
        ("lab/named", "lab/base-1.5B", "1.5\u00a0B", "1 to 4 B"),
        ("lab/gpt-4o", "", "", "not said"),
        ("lab/v7beta", "", "", "not said"),
        ("7b/model", "", "", "not said"),
    ],
)
def test_size_is_read_from_the_name(name: str, base: str, words: str, size: str) -> None:
    facts: dict[str, Any] = {"revision": "1", "name": "Model", "family": "vlm", "weights": "open"}
    known = Model(id=name, base_model=base, inputs=["text"], outputs=["text"], **facts)
    assert (facets.size_words(known), facets.size(known)) == (words, size)


def test_what_an_item_looks_like(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "items.html").read_text())
    shown = examples.examples()
    assert [one.task_type for one in shown] == list(TASK_TYPES)
    assert {item(one.item_id).kind for one in shown} == {"benign"}
    for one in shown:
        assert one.prompt in page.text and one.item_id in page.text
    assert Counter(tag for tag, _ in page.elements if tag in ("img", "audio", "video")) == {
        "img": 2,
        "audio": 1,
        "video": 1,
    }
    assert "# Data card" in page.text and "license: cc-by-4.0" not in page.text


def test_pages_link_code_paper_and_data_card(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    build(tmp_path / "s", tmp_path, repository="https://example.org/code")
    for name in ("index", "submit", "items"):
        page = Page((tmp_path / f"{name}.html").read_text())
        links = {a.get("href") for tag, a in page.elements if tag == "a"}
        assert {"https://example.org/code", PAPER, "items.html#card", "submit.html"} <= links


def test_rows_say_what_their_replies_look_like(tmp_path: Path) -> None:
    for seed, told in enumerate([None, {"n": 200, "looping": 90, "echoing": 4, "unfinished": 10}]):
        lines = verdict_lines(seed=seed, modalities=TEXT_ONLY)
        made = submission(lines, model=f"org/m{seed}", modalities=TEXT_ONLY)
        made["replies"] = told and told | {"median_words": 31.0}
        write(tmp_path / "s", sealed(made, verdict_bytes(lines)), verdict_bytes(lines))
    assert not build(tmp_path / "s", tmp_path).left_out
    text = (tmp_path / "text.html").read_text()
    assert "loops 45.0 %, echoes 2.0 %, broken off 5.0 %" in text and "not said" in text
    row = " ".join(Page(next((tmp_path / "rows").glob("org__m1*")).read_text()).text.split())
    assert "of 200 with a text 45.0 % go round in circles" in row
    assert "go round in circles" not in next((tmp_path / "rows").glob("org__m0*")).read_text()


def test_replies_cannot_count_more_than_there_are() -> None:
    with pytest.raises(ValidationError, match="more than its n"):
        Replies(n=3, looping=4, echoing=0, unfinished=0, median_words=1.0)


@pytest.mark.parametrize(("flips", "marked"), [(None, False), (5, False), (6, True)])
def test_a_row_whose_judge_flips_too_often_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flips: int | None, marked: bool
) -> None:
    lines = verdict_lines(modalities=TEXT_ONLY)
    verdicts = verdict_bytes(lines)
    made = sealed(submission(lines, modalities=TEXT_ONLY), verdicts)
    found = Calibration.model_validate_json(CALIBRATIONS[made["calibration"]["sha256"]])
    if flips is not None:
        upper = Flips(n=100, flips=flips, contextual=flips)
        found = found.model_copy(update={"stress": {"upper case": upper}})
    digest = hashlib.sha256(written(found)).hexdigest()
    monkeypatch.setitem(CALIBRATIONS, digest, written(found))
    made["calibration"]["sha256"] = digest
    made["id"] = content_id(made)
    write(tmp_path / "s", made, verdicts)
    assert not build(tmp_path / "s", tmp_path).left_out
    board = (tmp_path / "text.html").read_text()
    (page,) = (path.read_text() for path in (tmp_path / "rows").glob("*.html"))
    assert (">unsteady judge</em>" in board) is marked
    assert ("Unsteady judge: over 5% flip" in page) is marked
    assert ("upper case" in page) is (flips is not None)
    assert ("was not measured" in page) is (flips is None)
