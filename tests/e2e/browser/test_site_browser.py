"""The leaderboard's site in a real browser, opened from disk; and from a real run to a site."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.board.site import sections
from leaderboard.board.site.build import build
from tests.e2e.browser.chromium import opened, screenshot
from tests.e2e.browser.sites import HOSTILE, names
from tests.e2e.harness import BIN, control, environment
from tests.leaderboard.submissions import make

pytestmark = pytest.mark.e2e


def test_ranked_with_brackets_around_ties(page: Page) -> None:
    assert names(page)[-2:] == ["Model 5", "Text only"]
    assert set(names(page)[:2]) == {"Model 0", "Model 1"}
    ranks = page.locator("section.board:not([hidden]) td.rank").all_inner_texts()
    assert [re.split(r"\s", rank)[0] for rank in ranks] == ["1", "1", "3", "4", "5", "5", "not"]
    # The last two are apart in safety; the last one helps surely more than the one of rank 4.
    expect(page.locator("section.board:not([hidden]) tr.tied")).to_have_count(4)
    expect(page.locator("section.board:not([hidden]) tr.out")).to_contain_text("missing: 30 cells")


def test_a_hostile_name_is_text(page: Page) -> None:
    assert HOSTILE in names(page)
    page.locator("td.who").get_by_text(HOSTILE).click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert page.locator("img").count() == 0 and "owned" not in page.title().partition("<")[0]
    page.go_back()


@pytest.mark.parametrize(
    ("column", "first"),
    [("Safe", "Model"), ("Unsafe in context", "Model"), ("Model", "</script>")],
)
def test_sort(page: Page, column: str, first: str) -> None:
    button = page.locator("section.board:not([hidden]) th button", has_text=column).first
    button.click()
    once = names(page)
    assert once[0].startswith(first)
    button.click()
    twice = names(page)
    assert once != twice
    if column != "Model":  # a row without a number stays last, whichever way
        assert once[-1] == twice[-1] == "Text only"
        assert once[:-1] == twice[-2::-1]
    page.locator("section.board:not([hidden]) th button", has_text="Rank").focus()
    page.keyboard.press("Enter")
    assert set(names(page)[:2]) == {"Model 0", "Model 1"}


def test_protocols_are_never_mixed(page: Page) -> None:
    assert "Other protocol" not in names(page)
    page.select_option("#judge", index=1)
    assert names(page) == ["Other protocol"]
    page.click("nav >> text=Text")
    page.select_option("#judge", index=1)
    assert names(page) == ["Other protocol"]


def test_samples_and_published_rows_stand_apart(page: Page) -> None:
    assert "A sample" not in names(page)
    page.click("nav >> text=Samples")
    assert names(page) == ["A sample"]
    expect(page.locator(".note")).to_contain_text("Not results")
    page.click("nav >> text=Published")
    expect(page.locator(".note")).to_contain_text("Not measured here")
    expect(page.locator("tbody tr")).to_have_count(16)


def test_without_a_script_everything_is_there(browser: Browser, site: Path) -> None:
    with opened(browser, site / "index.html", java_script_enabled=False) as page:
        for board in ("Understanding", "Generation", "Text", "Samples", "Published", "Unified"):
            page.click(f"nav >> text={board}")
            expect(page.locator("main table").first).to_be_visible()
        expect(page.locator("svg.scatter").first).to_be_visible()
        expect(page.locator("td.who").get_by_text("Other protocol")).to_be_visible()
        expect(page.locator("#tools")).to_be_hidden()
        expect(page.locator("input[type=checkbox]").first).to_be_hidden()
        page.locator("td.who").get_by_text("Model 0").click()
        expect(page.locator("h1")).to_have_text("Model 0")


def test_an_item_is_seen_and_heard(browser: Browser, site: Path) -> None:
    with opened(browser, site / "items.html") as page:
        for picture in page.locator("img").all():
            assert picture.evaluate("node => node.naturalWidth") > 100
        for medium in ("audio", "video"):
            page.wait_for_function(f"document.querySelector('{medium}').readyState > 0")
        screenshot(page, "site-items-media")


def test_a_thousand_rows_are_usable(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand rows, of twenty submissions shown fifty times: what counts is the page's size.
    Half of them stand in the table from the start."""
    folder = tmp_path
    monkeypatch.setattr(sections, "FIRST", 10)
    for seed in range(20):
        make(folder / "submissions", seed, 0.3 + seed / 30, model=f"org/m{seed}", name=f"M {seed}")
    build(folder / "submissions", folder / "site")
    index = folder / "site" / "index.html"
    index.write_text(multiplied(index.read_text(), 50))
    with opened(browser, index) as page:
        expect(page.locator("tbody tr")).to_have_count(1000)
        expect(page.locator("tbody tr:visible")).to_have_count(100)
        page.fill("#find", "m 1")
        expect(page.locator("#shown")).to_have_text("550 rows")
        page.fill("#find", "")
        page.get_by_role("button", name="Show all 1000 rows").click()
        expect(page.locator("tbody tr:visible")).to_have_count(1000)
    with opened(browser, index, java_script_enabled=False) as page:
        expect(page.locator("tbody tr:visible")).to_have_count(1000)
        expect(page.locator("th:visible").get_by_text("Rank")).to_have_count(2)


@pytest.mark.parametrize("first", ["find", "sort", "target", "show"])
def test_rows_after_the_first_come_when_they_are_asked_for(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Also before the browser had time to read them by itself."""
    monkeypatch.setattr(sections, "FIRST", 2)
    for seed in range(4):
        make(tmp_path / "submissions", seed, 0.3 + seed / 8, model=f"org/m{seed}", name=f"M {seed}")
    build(tmp_path / "submissions", tmp_path / "site")
    index = tmp_path / "site" / "index.html"
    with opened(browser, index, script="window.requestIdleCallback = () => {}") as page:
        expect(page.locator("tbody tr")).to_have_count(2)
        expect(page.locator("#shown")).to_have_text("4 rows")
        if first == "find":
            page.fill("#find", "m 0")
            expect(page.locator("tbody tr:visible")).to_have_count(1)
        elif first == "sort":
            page.get_by_role("button", name="Model").click()
            expect(page.locator("td.who a")).to_have_text(["M 0", "M 1", "M 2", "M 3"])
        elif first == "target":
            page.evaluate("location.hash = 'p0r3'")
            expect(page.locator("#p0r3")).to_be_in_viewport()
        else:
            page.evaluate("document.querySelector('.more').hidden = false")
            page.locator(".more").click()
            expect(page.locator("tbody tr:visible")).to_have_count(4)


def multiplied(text: str, times: int) -> str:
    """The page with every row so many times."""
    return re.sub(
        r"(<table class=\"sortable.*?<tbody>)(.*?)(</tbody>)",
        lambda match: match[1] + match[2] * times + match[3],
        text,
        flags=re.S,
    )


def test_from_a_real_run_to_a_site(browser: Browser, tmp_path: Path) -> None:
    """The three commands of the README: run, submit, build."""
    done = control("mixed", "--tasks", "uni_safe_*", "--limit", "2", cwd=tmp_path)
    assert done.status == 0, done.output[-2000:]
    facts = "--model-id lab/control --model-revision r1 --family control --weights open"
    facts += " --inputs text,image,audio,video --outputs text,image --submitter Lab"
    facts += " --generated-by Lab --judged-by Lab --attest --sample"
    cache = ["--cache", "cache"]
    for arguments in (
        ["submit", str(done.folder), *facts.split(), "--submissions", "submissions"],
        ["leaderboard", "validate", "--submissions", "submissions"],
        ["leaderboard", "build", "--submissions", "submissions", "--out", "site", *cache],
    ):
        made = subprocess.run(
            [str(BIN / "uni-safe"), *arguments],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, (arguments, made.stdout, made.stderr)
    with opened(browser, tmp_path / "site" / "index.html") as page:
        expect(page.locator("main h2").first).to_have_text("Samples")  # it opens on what there is
        expect(page.locator(".note").first).to_contain_text("A sample is a run that shows")
        expect(page.locator("td em").first).to_have_text("uncalibrated")
        expect(page.locator("td.who i").first).to_contain_text("cells")  # --limit leaves some out
        expect(page.locator("td:nth-child(4) b").first).to_contain_text("%")
        expect(page.locator("td.how").first).to_contain_text("loops")
        page.locator("tbody a").first.click()
        said = "Judged by rules, uncalibrated, run with --limit 2"
        expect(page.locator(".note").first).to_contain_text(said)
        screenshot(page, "site-sample")
