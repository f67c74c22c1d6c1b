"""One made-up submission that meets every rule, shared by the tests that break it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from leaderboard.submission.rules import Case
from leaderboard.submission.validate import parse
from tests.leaderboard.submissions import (
    TEXT_ONLY,
    files_of,
    sealed,
    submission,
    verdict_bytes,
    verdict_lines,
)


class Draft:
    """A submission to be broken: `made` is submission.json, `lines` are the verdicts."""

    def __init__(self, made: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        self.made, self.lines = made, lines

    def case(self, seal: bool = True, relative: str = "", **files: bytes) -> Case:
        """As the rules see it; sealed anew unless the seal itself is the matter."""
        verdicts = verdict_bytes(self.lines)
        made = sealed(self.made, verdicts) if seal else self.made
        name = relative or f"{made['model']['id'].replace('/', '__')}/{made['id']}"
        return parse(name, files_of(made, verdicts) | files)


@pytest.fixture(scope="session")
def _whole() -> Draft:
    lines = verdict_lines()
    return Draft(sealed(submission(lines), verdict_bytes(lines)), lines)


@pytest.fixture(scope="session")
def text_draft() -> Draft:
    """A smaller one, of a model that only reads and writes text. Copy it before breaking it."""
    lines = verdict_lines(modalities=TEXT_ONLY)
    made = sealed(submission(lines, modalities=TEXT_ONLY), verdict_bytes(lines))
    return Draft(made, lines)


@pytest.fixture
def draft(_whole: Draft) -> Draft:
    """A fresh copy that meets every rule."""
    return Draft(copy.deepcopy(_whole.made), [dict(line) for line in _whole.lines])
