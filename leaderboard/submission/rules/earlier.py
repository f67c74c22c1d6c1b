"""What can be checked of a row on data that this installation does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from judger.contract.taxonomy import SUBCATEGORIES
from leaderboard.submission import manifest
from leaderboard.submission.facts import VERDICTS, Submission
from leaderboard.submission.rules.base import Case, Problem
from leaderboard.submission.verdicts import Asked
from uni_safe_tasks.scenario.locations import data_version

#: A cell of earlier data holds at most so many times the items that it holds today.
LARGEST = 2


def earlier(case: Case, submission: Submission) -> Iterator[Problem]:
    """Everything that no version of the data can have: items twice, no cell of the suite, ..."""
    version = submission.protocol.data_version
    if submission.status.state != "archived":
        yield Problem(
            case.at("protocol.data_sha256"),
            f"data {version} with this hash are not this installation's; "
            "rows on earlier data have the status `archived`",
        )
    elif version == data_version():
        yield Problem(
            case.at("protocol.data_sha256"), f"is not that of data {version}, as installed here"
        )
    asked = () if case.verdicts is None else case.verdicts.asked
    for item_id, times in Counter(line.item_id for line in asked).items():
        if times > 1:
            yield Problem(case.at(f"item {item_id}", VERDICTS), f"stands {times} times")
    facts: dict[str, tuple[str, str, str]] = {}
    for line in asked:
        scenario = line.item_id.rpartition(".")[0]
        own = line.kind, line.category, line.subcategory
        if wrong := _wrong(line, own == facts.setdefault(scenario, own)):
            yield Problem(case.at(f"item {line.item_id}", VERDICTS), wrong)
    sizes = Counter((line.category, line.task_type) for line in asked)
    for cell in submission.cells:
        n = sizes[cell.category, cell.task_type]
        most = LARGEST * len(manifest.item_ids().get((cell.category, cell.task_type), ()))
        if (cell.status == "scored") != (n > 0) or n > most:
            yield Problem(
                case.at(f"cells {cell.name}"),
                f"is {cell.status} with {n} items; a scored cell holds 1 to {most}, others none",
            )


def _wrong(line: Asked, as_before: bool) -> str:
    """What no data can say of an item, "" for nothing."""
    if (line.category, line.task_type) not in manifest.CELLS:
        return f"{line.category}.{line.task_type} is no cell of the suite"
    if line.item_id.rpartition(".")[2] != line.task_type:
        return f"task_type is {line.task_type!r}, the id says otherwise"
    if line.kind != "canary" and line.subcategory not in SUBCATEGORIES[line.category]:
        return f"subcategory {line.subcategory!r} is none of {line.category}"
    return "" if as_before else "kind, category or subcategory is not that of its scenario"
