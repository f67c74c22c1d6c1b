"""From submissions to a folder of static files that open from disk and ask the network for nothing.

Deterministic: the same submissions give the same bytes. Every submission is held to the rules
first; one that breaks any is left out and said so.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from leaderboard.board import kept as keeping
from leaderboard.board.made import Made
from leaderboard.board.ranking import COMPARED, Tab, tabs
from leaderboard.board.row import Row
from leaderboard.board.site.compare import layout_files
from leaderboard.board.site.data import site_csv, site_json
from leaderboard.board.site.examples import data_card, examples
from leaderboard.board.site.making import Making
from leaderboard.board.site.render import page
from leaderboard.board.site.sections import (
    SAMPLES,
    Figures,
    board_sections,
    choices,
    landing,
    sample_sections,
)
from leaderboard.published.paper_results import published
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import ATTESTATION, SUBMISSION
from leaderboard.submission.rules import ALL_RULES, Finding
from leaderboard.submission.validate import check_collection, folders

#: Folders of the site that hold files of rows; what no row has any more is taken away.
OF_ROWS = ("rows", "compare")


@dataclass(frozen=True)
class Built:
    """What was built: the rows shown, how many are sound but not shown (pending, withdrawn), and
    submission -> why it was left out."""

    rows: Sequence[Row]
    hidden: int
    tabs: Sequence[Tab]
    left_out: Mapping[str, Sequence[Finding]]


def build(
    submissions: Path,
    out: Path,
    progress: Callable[[int], object] = lambda n: None,
    cache: Path | None = None,
    repository: str = "",
) -> Built:
    """Write the site of the submissions below a folder.

    Args:
        submissions: the folder of all submissions.
        out: where the site is written.
        progress: called with the number of submissions read so far.
        cache: a folder of the user's own that keeps what was made of a submission (`site.kept`).
        repository: the address of the code, which every page then links.

    Raises:
        SubmissionsError: `submissions` is no folder of submissions.
    """
    with keeping.opened(cache) as kept, _undisturbed():
        making = Making(submissions, kept)
        made: list[Made] = []
        for one in making.everything(folders(submissions)):
            made.append(one)
            progress(len(made))
        built, shown, texts = _collect(made, repository, kept)
        own = {name for one in shown for name in one.files}
        for folder in OF_ROWS:
            here = {f"{folder}/{path.name}" for path in (out / folder).glob("*.*")}
            for old in here - own - set(texts):
                (out / old).unlink()
        for one in shown:
            _write_own(making, out, one)
        for name, text in texts.items():
            _write(out / name, text)
        making.seen.save()
    return built


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Many objects are made and next to none is garbage: looking for it again and again costs half
    of the reading. The matrices are small: threads of the linear algebra would only wait for each
    other."""
    collects = gc.isenabled()
    gc.disable()
    try:
        with threadpool_limits(1):
            yield
    finally:
        if collects:
            gc.enable()


def _collect(
    made: Sequence[Made], repository: str, kept: keeping.Kept
) -> tuple[Built, Sequence[Made], dict[str, str]]:
    """What is built, the submissions that have files of their own, and the text of all others."""
    left_out = {one.case.relative: one.findings for one in made if one.findings}
    for finding in check_collection([one.case for one in made if not one.findings]):
        left_out.setdefault(finding.where.partition(f"/{SUBMISSION}")[0], []).append(finding)
    good = [one for one in made if one.row is not None and one.case.relative not in left_out]
    rows = [one.row for one in good if one.row is not None]
    public = [x for x in good if x.row and x.row.submission.status.state in (*COMPARED, "sample")]
    shown = [one.row for one in public if one.row is not None]
    tabbed = tabs(rows, kept)
    texts = layout_files(shown)
    figures = {x.row.submission.id: x.cells for x in public if x.row is not None}
    texts["data.json"] = site_json(tabbed, [one.data for one in public]).decode()
    numbers = {x.row.submission.id: x.numbers for x in public if x.row is not None}
    texts["data.csv"] = site_csv(tabbed, numbers)
    texts |= dict(_pages(tabbed, shown, rows, figures, repository))
    return Built(shown, len(good) - len(public), tabbed, left_out), public, texts


def _write_own(making: Making, out: Path, made: Made) -> None:
    """The files of one submission, unless this cache's last build wrote them and nobody since."""
    if all(making.seen.holds(out / name, made.key) for name in made.files):
        return
    for name, text in making.texts(made).items():
        _write(out / name, text)
        making.seen.wrote(out / name, made.key)


def _pages(
    made: Sequence[Tab],
    shown: Sequence[Row],
    rows: Sequence[Row],
    figures: Figures,
    repository: str,
) -> Iterator[tuple[str, str]]:
    """The pages at the top: name -> text."""
    samples = [row for row in shown if row.submission.status.state == "sample"]
    first = landing(made, samples)
    site: dict[str, Any] = {"landing": first, "repository": repository}
    sections = {name: board_sections(name, made, figures) for name in BOARDS}
    sections[SAMPLES] = sample_sections(samples, figures)
    for name, mine in sections.items():
        text = page("board.html.jinja", name=name, sections=mine, choices=choices(mine), **site)
        yield f"{name}.html", text
        if name == first:
            yield "index.html", text
    yield "published.html", page("published.html.jinja", published=published(), **site)
    yield "items.html", page("items.html.jinja", examples=examples(), card=data_card(), **site)
    yield "changelog.html", page("changelog.html.jinja", days=changes(rows), **site)
    yield (
        "submit.html",
        page("submit.html.jinja", rules=ALL_RULES, attestation=ATTESTATION, **site),
    )


def _write(file: Path, text: str) -> None:
    """Write a file, unless it holds that text already."""
    data = text.encode()
    if file.is_file() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def changes(rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, Row]]]]:
    """Day -> what happened to which row, newest day first."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for row in sorted(rows, key=lambda row: row.submission.folder):
        said = row.submission
        found.setdefault(said.submitted, []).append(("submitted", row))
        if (said.status.state, said.status.since) != ("pending", said.submitted):
            found.setdefault(said.status.since, []).append((said.status.state, row))
    return sorted(found.items(), reverse=True)
