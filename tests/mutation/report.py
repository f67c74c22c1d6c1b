"""What a run found: a table by file, the survivors with their diffs, and the page in docs/."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Any

import yaml

from tests.install.declared import ROOT

PAGE = ROOT / "docs" / "mutation.md"
EQUIVALENT = ROOT / "tests" / "mutation" / "equivalent.yaml"
#: Of all mutants, equivalent ones too, the share that has to be killed.
LEAST = 0.9

AGAIN = (
    "- Put together from several calls while tests were written: what an earlier call saw killed",
    "  was not tried again, unless the file has changed since.",
)

Mutants = list[dict[str, Any]]
Fates = dict[str, dict[str, Any]]


def changed(mutant: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The lines taken out and put in."""
    lines = list(difflib.ndiff(mutant["code"].splitlines(), mutant["mutated"].splitlines()))
    return (
        [line[2:].strip() for line in lines if line.startswith("- ")],
        [line[2:].strip() for line in lines if line.startswith("+ ")],
    )


def why_equivalent(mutant: dict[str, Any]) -> str:
    """Why no test can tell this mutant, as somebody has written down; empty if nobody has."""
    noted = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    taken_out, put_in = ("".join(lines) for lines in changed(mutant))
    this = {"file": mutant["path"], "out": taken_out, "in": put_in}
    return next((n["why"] for n in noted if this.items() <= n.items()), "")


def tabulate(mutants: Mutants, fates: Fates) -> list[str]:
    """File, mutants, killed, survived."""
    drawn = Counter(mutant["path"] for mutant in mutants)
    killed = Counter(m["path"] for m in mutants if fates[m["sha256"]]["killed"])
    rows = ["| file | mutants | killed | survived |", "|---|---:|---:|---:|"]
    rows += [f"| {p} | {drawn[p]} | {killed[p]} | {drawn[p] - killed[p]} |" for p in sorted(drawn)]
    total, dead = len(mutants), sum(killed.values())
    return [*rows, f"| **all** | {total} | {dead} | {total - dead} |"]


def survivors(mutants: Mutants, fates: Fates) -> list[str]:
    """Each survivor: where, what was changed, and why that is no gap, if it is none."""
    lines: list[str] = []
    for mutant in mutants:
        if not fates[mutant["sha256"]]["killed"]:
            taken_out, put_in = changed(mutant)
            why = why_equivalent(mutant)
            lines += ["", f"`{mutant['path']}`, line {mutant['line']}:", "", "```diff"]
            lines += [*(f"-{line}" for line in taken_out), *(f"+{line}" for line in put_in)]
            lines += ["```", "", f"Equivalent: {why}" if why else "**Not killed: wants a test.**"]
    return lines


def share_killed(mutants: Mutants, fates: Fates) -> float:
    killed: int = sum(fates[m["sha256"]]["killed"] for m in mutants)
    return killed / max(1, len(mutants))


def page(mutants: Mutants, fates: Fates, said: dict[str, Any]) -> str:
    """docs/mutation.md."""
    share = share_killed(mutants, fates)
    gaps = [m for m in mutants if not fates[m["sha256"]]["killed"] and not why_equivalent(m)]
    lines = [
        "# Mutation testing: are the tests tested?",
        "",
        "Made by `make mutants`; do not edit. One place at a time is changed in the files that",
        "decide outcomes, verdicts, rates and ranks, and the fast tests have to fail.",
        "A mutant counts as killed only if a test that fails, hangs or crashes with it passes",
        f"without it. Below {LEAST:.0%} killed the command fails.",
        "",
        f"- {said['date']}, commit {said['commit']}, Python {said['python']}, {said['library']},",
        f"  seed {said['seed']}: `{said['command']}`",
        f"- **{len(mutants)} mutants in {len({m['path'] for m in mutants})} files:",
        f"  {share:.1%} killed**; {len(gaps)} survivors that want a test",
        f"- Tests asked: the file's own folder of tests first, then those up to {said['far']}",
        "  imports away. A survivor has passed all of these, not every fast test of the tree.",
        *(AGAIN if said["again"] else ()),
        "- The operators are cosmic-ray's; a place is drawn first, then one mutant of this place.",
        "  Annotations and docstrings are left alone.",
        "",
        *tabulate(mutants, fates),
        "",
        "## Survivors",
        *(survivors(mutants, fates) or ["", "None."]),
    ]
    return "\n".join(lines) + "\n"
