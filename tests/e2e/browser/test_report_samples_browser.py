"""The samples of a report: filters, folded replies, hostile text, what can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from leaderboard.report.html import write_html
from leaderboard.runs.read import load_run
from tests.e2e.browser.chromium import chromium, opened
from tests.e2e.browser.report_page import HOSTILE, LOOP, MORE, TEXTS, inlined, rows, sample, spread
from tests.leaderboard.made import record, records, write

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 42 cells with a picture, an unsafe reply, a split panel and hostile texts."""
    folder = tmp_path_factory.mktemp("report")
    Image.new("RGB", (640, 480), "#aa3355").save(folder / "made.png")
    made = records(spread, per_cell=3)
    drawn = record("privacy_leak", 90, "image_generation")
    hostile = record("privacy_leak", 91, "text_generation", "u", reason=HOSTILE)
    hostile = hostile.changed(parts=(replace(hostile.parts[0], contextual_reason=HOSTILE),))
    differ = record("privacy_leak", 92, "text_generation")
    votes: list[Any] = [
        {"judge": judge, "axis": "contextual", "outcome": "scored", "verdict": verdict}
        | {"reason": f"{judge} says so", "refusal": True}
        for judge, verdict in (("first", "safe"), ("second", "unsafe"))
    ]
    differ = differ.changed(parts=(replace(differ.parts[0], judges=tuple(votes)),))
    babbles = record("privacy_leak", 93, "text_generation", traits=LOOP)
    useless = record("privacy_leak", 94, "text_generation", kind="benign", helped=False)
    replies = {
        drawn.item_id: json.dumps({"text": "", "images": [str(folder / "made.png")]}),
        hostile.item_id: HOSTILE,
    }
    run = write(
        folder / "run",
        [*made, drawn, hostile, differ, babbles, useless],
        model=HOSTILE,
        replies=replies,
        prompts={hostile.item_id: HOSTILE},
    )
    write_html(load_run(run), folder / "report.html")
    return folder / "report.html"


def test_a_hostile_reply_is_only_text(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        sample(page, "pri-h191")
        page.locator(".row .fold > summary").click()
        assert page.title().startswith("Uni-SafeBench: </script><img")
        expect(page.locator("img, .body style, .body b, .body script")).to_have_count(0)
        shown = page.locator(".row .fold pre")
        expect(shown).to_contain_text("</script><img src=x onerror=")
        expect(shown).to_contain_text("⟦U+202E⟧gnp.exe {{ 7*7 }} <b>bold</b> &amp;")
        assert page.evaluate("getComputedStyle(document.querySelector('pre')).unicodeBidi") in (
            "isolate",
            "isolate-override",
            "plaintext",
        )
        expect(page.locator("footer")).to_be_visible()


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ({"category": "privacy_leak"}, 7 * 4 + 4 + MORE),
        ({"type": "text_generation"}, 6 * 4 + TEXTS),
        ({"kind": "canary"}, 24),
        ({"outcome": "target_error"}, None),
        ({"contextual": "refusal"}, None),
        ({"intrinsic": "unsafe"}, None),
        ({"split": "yes"}, 1),
        ({"helped": "no"}, 1),
        ({"form": "goes in circles"}, 1),
        ({"category": "privacy_leak", "type": "video_analysis", "kind": "harmful"}, 3),
    ],
)
def test_filters(
    browser: Browser, report: Path, choices: dict[str, str], expected: int | None
) -> None:
    with opened(browser, report) as page:
        everything = rows(page)
        for name, value in choices.items():
            page.select_option(f"select[name={name}]", value)
        if expected is None:  # then count what the run itself says
            ((key, value),) = choices.items()
            expected = sum(row[key] == value for row in inlined(page))
        assert 0 < expected < everything
        assert rows(page) == expected
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#found")).to_have_text(f"{everything} of {everything} samples")


def test_the_address_keeps_the_filters(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.select_option("select[name=outcome]", "target_error")
        address, found = page.evaluate("location.hash"), rows(page)
    with opened(browser, report, address=address) as page:
        assert rows(page) == found
        assert page.input_value("select[name=outcome]") == "target_error"


def test_what_the_filters_show_can_be_kept(browser: Browser, report: Path) -> None:
    with opened(browser, report, accept_downloads=True) as page:
        page.select_option("select[name=category]", "privacy_leak")
        page.select_option("select[name=type]", "text_generation")
        with page.expect_download() as kept:
            page.get_by_role("button", name="Download").click()
        assert kept.value.suggested_filename == "samples.jsonl"
        lines = kept.value.path().read_text(encoding="utf-8").splitlines()
        wanted = [row for row in inlined(page) if row["category"] == "privacy_leak"]
        wanted = [row for row in wanted if row["type"] == "text_generation"]
        assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in wanted]
        hostile = next(json.loads(line) for line in lines if "pri-h191" in line)
        assert hostile["reply"].startswith("</script><img") and hostile["contextual"] == "unsafe"


def test_pictures_are_blurred_until_chosen(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        sample(page, "pri-h190")
        veil, picture = page.locator(".veil"), page.locator(".veil img")
        expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")
        assert picture.evaluate("node => node.naturalWidth") == 256
        veil.press("Enter")
        expect(picture).to_have_css("filter", "none")
        expect(veil).to_have_attribute("aria-pressed", "true")
        veil.click()
        expect(picture).to_have_css("filter", "blur(18px) grayscale(0.6)")


@pytest.mark.parametrize(("letter", "folded"), [("u", 1), ("c", 1), ("?", 1), ("s", 0), ("r", 0)])
def test_unsafe_and_unjudged_replies_are_folded(
    browser: Browser, tmp_path: Path, letter: str, folded: int
) -> None:
    one = record("privacy_leak", 1, "text_generation", letter)
    run = write(tmp_path / "run", [one], replies={one.item_id: "the words of the reply"})
    write_html(load_run(run), tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html") as page:
        sample(page, "pri-h101")
        words = page.locator(".row").get_by_text("the words of the reply")
        expect(page.locator(".row .fold")).to_have_count(folded)
        expect(words).to_be_visible(visible=not folded)
        if folded:
            page.locator(".row .fold > summary").press("Enter")
            expect(words).to_be_visible()


def test_judges_that_differ_stand_side_by_side(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.get_by_role("button", name="Show these samples").click()
        page.locator(".row > summary").press("Enter")
        expect(page.locator(".vote")).to_have_text(
            ["↳ firstcontextual✓ safe first says so", "↳ secondcontextual✖ unsafe second says so"]
        )


def test_2520_items_are_drawn_as_they_are_scrolled_to(browser: Browser, tmp_path: Path) -> None:
    # How fast it opens is measured by benchmarks/report_open.py.
    made = records(spread, per_cell=60)
    assert len(made) >= 2520
    write_html(load_run(write(tmp_path / "run", made)), tmp_path / "report.html")
    with opened(browser, tmp_path / "report.html") as page:
        expect(page.locator(".row").first).to_be_visible()
        assert rows(page) == len(made)
        assert 0 < page.locator(".row").count() < 200
        page.locator("#more").scroll_into_view_if_needed()
        expect(page.locator(".row")).not_to_have_count(40)
