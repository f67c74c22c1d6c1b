"""A small site of every kind of row, built once, and pages as a browser would parse them."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from leaderboard.board.site.build import Built, build
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


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def site(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    out = tmp_path_factory.mktemp("site")
    return out, build(submissions, out)
