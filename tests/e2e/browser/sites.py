"""A board of made submissions for the browser, and what is shown of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from leaderboard.board.site.build import build
from tests.leaderboard.submissions import TEXT_ONLY, make

HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><b>x</b>{{7*7}}"
SHARES = (0.95, 0.95, 0.9, 0.7, 0.5, 0.3)
#: What the third model is called; phones broke such names letter by letter.
LONG = "org/model-2-unified-instruct-preview-7B"


def board_site(folder: Path) -> Path:
    """Six ranked rows, one of them hostile, a text model, another protocol, a sample."""
    root = folder / "submissions"
    for seed, safe in enumerate(SHARES):
        name = HOSTILE if seed == 2 else f"Model {seed}"
        make(root, seed, safe, model=LONG if seed == 2 else f"org/model-{seed}", name=name)
    make(root, 10, 0.7, model="lab/text-135M", name="Text only", modalities=TEXT_ONLY)
    make(root, 11, 0.7, model="lab/other", name="Other protocol", revision="2026-09")
    make(root, 12, 0.1, model="lab/sample", name="A sample", state="sample")
    assert not build(root, folder / "site").left_out
    return folder / "site"


def names(page: Page) -> list[str]:
    """The models shown, in order."""
    shown = page.locator("section.board:not([hidden]) tbody tr:not([hidden]) td.who a")
    return shown.all_inner_texts()
