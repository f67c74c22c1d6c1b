"""A browser, and the pages that several files open in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from leaderboard.report.html import write_html
from leaderboard.runs.read import load_run
from tests.e2e.browser.chromium import chromium, opened
from tests.e2e.browser.report_page import HOSTILE, LOOP
from tests.e2e.browser.sites import board_site
from tests.leaderboard.made import record, records, write
from tests.leaderboard.report.reported import spread


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while playwright runs, nothing else of the process may run a loop."""
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board of made submissions."""
    return board_site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The first page of the site; a file may have a `site` of its own."""
    with opened(browser, site / "index.html") as page:
        yield page
