"""From submissions to a folder of static files that open from disk and ask the network for nothing.

Deterministic: the same submissions give the same bytes. Every submission is held to the rules
first; one that breaks any is left out and said so.
"""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from leaderboard.board.ranking import COMPARED, Tab, tabs
from leaderboard.board.row import Row, derive
from leaderboard.board.site.data import compare_json, row_json, site_csv, site_json, slug
from leaderboard.board.site.render import page
from leaderboard.published.results import published
from leaderboard.submission import manifest
from leaderboard.submission.facts import ATTESTATION, SUBMISSION
from leaderboard.submission.rules import ALL_RULES, Case, Finding
from leaderboard.submission.validate import check_collection, folders, held, unusable

#: From so many submissions on, other processes help.
MANY = 60


class Made(NamedTuple):
    """What a worker makes of one submission: row, page, JSON; or what stands against it."""

    case: Case
    findings: list[Finding]
    row: Row | None = None
    page: str = ""
    data: bytes = b""


@dataclass(frozen=True)
class Built:
    """What was built: the rows shown, and submission -> why it was left out."""

    rows: Sequence[Row]
    tabs: Sequence[Tab]
    left_out: Mapping[str, Sequence[Finding]]


def build(
    submissions: Path, out: Path, progress: Callable[[int], object] = lambda n: None
) -> Built:
    """Write the site of the submissions below a folder; SubmissionsError when it is none."""
    made = []
    for one in _made(submissions, folders(submissions)):
        made.append(one)
        progress(len(made))
    left_out = {one.case.relative: one.findings for one in made if one.findings}
    for finding in check_collection([one.case for one in made if not one.findings]):
        left_out.setdefault(finding.where.partition(f"/{SUBMISSION}")[0], []).append(finding)
    good = [one for one in made if one.row is not None and one.case.relative not in left_out]
    rows = [one.row for one in good if one.row is not None]
    public = [x for x in good if x.row and x.row.submission.status.state in (*COMPARED, "sample")]
    shown = [one.row for one in public if one.row is not None]
    tabbed = tabs(rows)
    texts = {f"rows/{slug(x.row.submission)}": x.page for x in public if x.row is not None}
    for old in {f"rows/{path.name}" for path in (out / "rows").glob("*.html")} - set(texts):
        (out / old).unlink()
    texts["data.json"] = site_json(tabbed, [one.data for one in public]).decode()
    for name, text in {**texts, **_top(tabbed, shown, rows)}.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    return Built(shown, tabbed, left_out)


def _top(made: Sequence[Tab], shown: Sequence[Row], rows: Sequence[Row]) -> dict[str, str]:
    """The files at the top: name -> text."""
    index: dict[str, Any] = {
        "tabs": made,
        "samples": [row for row in shown if row.submission.status.state == "sample"],
        "families": sorted({row.submission.model.family for tab in made for row in tab.rows}),
        "published": published(),
        "compare": compare_json(made),
    }
    return {
        "data.csv": site_csv(made),
        "index.html": page("index.html.jinja", **index),
        "changelog.html": page("changelog.html.jinja", days=changes(rows)),
        "submit.html": page("submit.html.jinja", rules=ALL_RULES, attestation=ATTESTATION),
    }


def _made(root: Path, names: Sequence[str]) -> Iterator[Made]:
    # The matrices are small: threads of the linear algebra would only wait for each other.
    work = functools.partial(_one, root)
    processes = min(os.cpu_count() or 1, 8)
    if len(names) < MANY or processes == 1:
        with threadpool_limits(1):
            yield from map(work, names)
        return
    manifest.asked(), manifest.item_ids()  # once, before the workers are forked
    gc.freeze()  # what they share is never garbage: collecting it would copy and look at it again
    with ProcessPoolExecutor(processes, initializer=_lean) as pool:
        yield from pool.map(work, names, chunksize=16)


def _lean() -> None:
    """What a short-lived worker on one core does without: threads, and looking for garbage."""
    threadpool_limits(1)
    gc.disable()


def _one(root: Path, relative: str) -> Made:
    case, findings = held(root, relative)
    light = case.light()
    if findings or case.submission is None:
        return Made(light, findings)
    try:
        row = derive(case)
        return Made(light, [], row, page("row.html.jinja", up="../", row=row), row_json(row))
    except Exception as error:  # noqa: BLE001 one folder must not cost the others their site
        return Made(light, [unusable(relative, error)])


def changes(rows: Sequence[Row]) -> list[tuple[str, list[tuple[str, Row]]]]:
    """Day -> what happened to which row, newest day first."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for row in sorted(rows, key=lambda row: row.submission.folder):
        said = row.submission
        found.setdefault(said.submitted, []).append(("submitted", row))
        if (said.status.state, said.status.since) != ("pending", said.submitted):
            found.setdefault(said.status.since, []).append((said.status.state, row))
    return sorted(found.items(), reverse=True)
