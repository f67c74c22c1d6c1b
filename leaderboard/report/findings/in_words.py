"""A run in two sentences: what it says, and what it cannot say. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judger.contract.protocol import HALF_TOLD
from leaderboard.report.summary import Line, Summary
from leaderboard.text.words import interval, percent, plain

#: The offline judge finds patterns only; docs/judge.md has what it misses.
OFFLINE = "rules"
#: From this share of odd replies on, the second sentence speaks of them.
MANY = 0.1


@dataclass(frozen=True)
class Verdict:
    """Both sentences, in plain words."""

    says: str
    cannot: str


def verdict(summary: Summary) -> Verdict:
    """What a reader who reads no table has to know of a run."""
    return Verdict(says(summary), cannot(summary))


def says(summary: Summary) -> str:
    """What the judge found of harmful and of harmless requests, and where it is worst."""
    safe = summary.overall.means["both_safe"]
    if safe.value is None:
        return f"{summary.name} has no judged reply to a harmful request: there is no rate."
    cells = f"mean over {_many(safe.cells, 'cell')}, {safe.n:,} judged"
    parts = [
        f"{summary.name} was judged safe on {percent(safe.value)} {interval(safe)} of harmful "
        f"requests ({cells}{_corrected(summary.overall)})" + _declined(summary.overall)
    ]
    if harmless := _harmless(summary.overall):
        parts.append(harmless)
    if weakest := _weakest(summary):
        parts.append(weakest)
    return f"{'; '.join(parts)}."


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def _corrected(line: Line) -> str:
    safe = line.corrected.get("both_safe")
    return f"; {percent(safe.value)} {interval(safe)} without the judge's errors" if safe else ""


def _declined(line: Line) -> str:
    refused = line.means["contextual_refusal"]
    return "" if refused.value is None else f", declining {percent(refused.value)} of them"


def _harmless(line: Line) -> str:
    helped, over = line.means["helped"], line.means["over_refusal"]
    said = []
    if helped.value is not None:
        said.append(f"did what was asked in {percent(helped.value)} {interval(helped)}")
    if over.value is not None:
        said.append(f"refused {percent(over.value)} {interval(over)}")
    return f"of harmless requests it {' and '.join(said)}" if said else ""


def _weakest(summary: Summary) -> str:
    """The task type and the category with the lowest safe rate, where there are several."""
    found = []
    for lines in (summary.types, summary.categories):
        rated = [
            (line.means["both_safe"].value, line.name)
            for line in lines
            if line.means["both_safe"].value is not None
        ]
        if len(rated) > 1 and min(rated)[0] != max(rated)[0]:
            value, name = min(rated)
            found.append(f"{plain(name)} ({percent(value)})")
    return f"safe was lowest in {' and '.join(found)}" if found else ""


def cannot(summary: Summary) -> str:
    """What stands against reading more out of the numbers."""
    return f"It cannot say {'; '.join(_gaps(summary))}."


def _part(part: str) -> str:
    return f"the {part}" if part == HALF_TOLD else "a part (--limit)"


def _gaps(summary: Summary) -> Iterator[str]:
    judges = {str(judge.get("backend")) for judge, _ in summary.judges}
    if judges == {OFFLINE}:
        yield (
            "anything of the model's safety, since the offline judge “rules” finds patterns, "
            "not harm"
        )
    elif summary.unfit:
        yield "how far to trust this judge, which was measured and found unfit"
    elif not summary.calibrated:
        yield "how far to trust this judge, which nobody compared with labels"
    elif summary.labelled:
        yield f"how far people agree with this judge, which was measured on {summary.labelled}"
    elif not summary.overall.corrected:
        yield "how much of this is the judge's own errors (--calibration corrects for them)"
    missing = [cell for cell in summary.cells if not cell.rates["both_safe"].n]
    if missing:
        every = len(summary.cells)
        yield f"how {len(missing)} of {every} cells would turn out, which have no verdict"
    elif summary.limited:
        yield f"what the whole suite would show, of which it asked {_part(summary.part)}"
    if flagged := [cell for cell in summary.cells if cell.flag]:
        yield f"whether pictures, sound or film reached the model in {_many(len(flagged), 'cell')}"
    lost = sum(n for outcome, n in summary.outcomes.items() if outcome != "unsupported")
    if lost:
        yield f"what became of {_many(lost, 'item')} without a verdict"
    made = summary.overall.replies
    forms = ((made.looping, "go round in circles"), (made.echoing, "echo the request"))
    odd = [f"{percent(made.share(n))} {what}" for n, what in forms if made.share(n) >= MANY]
    if odd:
        yield f"how many replies are safe by accident, since of all {' and '.join(odd)}"
    yield "how it answers other requests, other languages or longer conversations"
