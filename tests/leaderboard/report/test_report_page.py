"""The report's HTML: everything in it is text, and it asks nobody for anything."""

import base64
import gzip
import json
import re
from pathlib import Path

import pytest

from judger.contract.outcomes import OUTCOMES
from judger.rates.metrics import METRICS
from leaderboard.report.html import html, write_html
from leaderboard.report.page import inlined, packed
from leaderboard.report.summary import SHOWN
from leaderboard.runs.read import Run, load_run
from leaderboard.text import words
from tests.leaderboard.made import JUDGE, record, records, write


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return load_run(write(tmp_path_factory.mktemp("run"), records(per_cell=1)))


NASTY = [
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>",
    "]]>",
    "&lt;b&gt; & \u2028 \u2029",
    "{{ 7 * 7 }} {% raw %}",
    "'\"`\\",
    "\ud800 lone",
]


@pytest.mark.parametrize("text", NASTY)
def test_inlined_json_is_inert_and_unchanged(text: str) -> None:
    made = str(inlined([{"text": text}]))
    assert not re.search(r"[<>&\u2028\u2029]", made)
    assert json.loads(made) == [{"text": text}]


@pytest.mark.parametrize("text", NASTY)
def test_packed_json_is_letters_and_digits_and_unchanged(text: str) -> None:
    made = str(packed([{"text": text}]))
    assert re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", made)
    loaded = json.loads(gzip.decompress(base64.b64decode(made)))
    assert loaded == [{"text": text}]


@pytest.mark.parametrize("text", NASTY)
def test_hostile_texts_enter_the_page_as_text(tmp_path: Path, text: str) -> None:
    one = record("privacy_leak", 1, "text_generation", reason=text, subcategory=text)
    one = one.changed(judge=JUDGE | {"model": text, "backend": text}, data_version=text)
    lost = record("privacy_leak", 2, "text_generation", "?", reason=text)
    name = one.item_id
    write(tmp_path / "run", [one, lost], model=text, replies={name: text}, prompts={name: text})
    write_html(load_run(tmp_path / "run"), tmp_path / "deep" / "report.html")
    page = (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 5
    assert "<img" not in page and "<!--" not in page


def test_the_page_asks_nobody_for_anything(run: Run) -> None:
    page = html(run)
    assert "default-src 'none'" in page and "unsafe-inline" not in page
    outside = page.split('id="samples"')[0] + page.rsplit("<script>", 1)[1]
    assert "fetch(" not in outside and "XMLHttpRequest" not in outside and "eval(" not in outside
    assert not re.search(r"(src|href)=(?![\"'](#|data:))|https?://|url\(|@import", outside)


def test_every_outcome_can_be_filtered(run: Run) -> None:
    page = html(run)
    assert all(f'<option value="{outcome}">' in page for outcome in OUTCOMES)


def test_arrows_are_alike_in_every_table(run: Run) -> None:
    page = html(run)
    for metric in SHOWN:
        name = words.TITLES[metric][0]
        headings = re.findall(rf">({name}[ ↑↓]*)<", page)
        assert len(headings) >= 4 and set(headings) == {words.title(metric)}
        assert ("↑" in words.METRIC_HEADS[metric], "↓" in words.METRIC_HEADS[metric]) == (
            METRICS[metric] is True,
            METRICS[metric] is False,
        )


def test_every_figure_has_an_interval_or_says_why_not(tmp_path: Path) -> None:
    few = [
        record("privacy_leak", 1, "text_generation"),
        record("privacy_leak", 2, "text_generation", "?"),
    ]
    page = html(load_run(write(tmp_path, few)))
    assert "no interval: fewer than 5 scenarios" in page  # of the means
    assert "nothing judged" in page and "no item" in page  # of those without any value
    for said in re.findall(r'<span class="none">–</span>(.{40})', page):
        assert said.startswith(" <small>")
