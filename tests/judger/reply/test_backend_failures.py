"""docs/backend-failures.md against the installed lmms-eval and the reader."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

from judger.reply.read import read_reply
from tests.judger.reply.backend_scan import MODELS, handlers

DOC = Path(__file__).parents[3] / "docs" / "backend-failures.md"
READ = "0.7.3"
#: Forms that hold the text of any exception.
_FREE = re.compile(r"FAILED|BLOCKED:|conditioning failed:|^\{")
_WHERE = re.compile(r"`([\w/]+\.py):(\d+)`")


def table(number: int) -> list[list[str]]:
    """The rows of one of its tables, each as its cells."""
    tables = re.split(r"\n\|(?:---\|)+\n", DOC.read_text(encoding="utf-8"))
    rows = tables[number].split("\n\n")[0].strip().splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


FORMS = [
    (cells[0].strip("`"), cells[1].strip("`"), cells[2].strip("`"), cells[3]) for cells in table(1)
]
same_version = pytest.mark.skipif(
    metadata.version("lmms-eval") != READ, reason=f"the tables are those of lmms-eval {READ}"
)


@pytest.mark.parametrize(("reply", "outcome", "source", "where"), FORMS)
def test_each_form_is_read_as_the_table_says(
    reply: str, outcome: str, source: str, where: str
) -> None:
    assert source and where
    assert read_reply(reply).fault == outcome
    longer = [f"I wrote: {reply}"]
    if not _FREE.search(reply):  # what follows could be the exception's own words
        longer += [f"{reply}\nThat is all.", f"{reply} And so on, as asked."]
    for more in longer:
        assert read_reply(more).fault is None, more


@same_version
@pytest.mark.parametrize(("reply", "outcome", "source", "where"), FORMS)
def test_each_form_is_written_there(reply: str, outcome: str, source: str, where: str) -> None:
    found = _WHERE.findall(where)
    assert found
    for file, line in found:
        assert source in (MODELS / file).read_text().splitlines()[int(line) - 1], (file, line)


@same_version
def test_every_handler_that_a_reply_passes_is_in_the_table() -> None:
    listed = [f"{file}:{line}" for cells in table(2) for file, line in _WHERE.findall(cells[0])]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(handlers())
