"""Rules about how it was measured. Most bind only rows that are, or are to be, compared with
others (`Case.ranked`); samples and withdrawn rows are held to the rest."""

from __future__ import annotations

from collections.abc import Iterator

from judger.contract.outcomes import AXES
from judger.contract.protocol import HALF, VERSION, number_of
from judger.rates.delivery import undelivered
from leaderboard.submission import manifest, tally
from leaderboard.submission.boards import BOARDS, cells_of
from leaderboard.submission.facts import Cell, Submission, protocol_id
from leaderboard.submission.rules.base import Case, Problem, Rule
from leaderboard.text.secrets import private_places

MAX_UNSCORED = 0.01
MAX_UNSCORED_IN_A_CELL = 0.05
#: The words of items without a verdict.
_LOST = frozenset(word for word, _ in tally.UNSCORED.values())


class ProtocolIsHashed(Rule):
    """The protocol's id is the hash of everything in it: other data, templates, judge, decoding,
    parser or generation settings are another protocol, and another board. Of its version the number
    counts, the letter does not; rows of another number than this suite's are `archived`."""

    number = 11

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        right = protocol_id(case.loaded["protocol"])
        if submission.protocol.id != right:
            yield Problem(case.at("protocol.id"), f"is {submission.protocol.id}, not {right}")
        version, state = submission.protocol.version, submission.status.state
        if state != "archived" and number_of(version) != number_of(VERSION):
            why = f"is {version}, this suite's is {VERSION}; rows of another number are `archived`"
            yield Problem(case.at("protocol.version"), why)


class TemplatesNamed(Rule):
    """The protocol names the hash of each prompt template, as this suite has them, and of the
    judge's template for each axis."""

    number = 12

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        protocol = submission.protocol
        if set(protocol.judge_templates) != set(AXES):
            yield Problem(
                case.at("protocol.judge_templates"), f"do not name just {' and '.join(AXES)}"
            )
        known = manifest.prompt_template_sha256()
        if submission.status.state == "archived":
            return  # measured with an earlier suite
        for name in sorted(set(known) | set(protocol.prompt_templates)):
            if known.get(name) != protocol.prompt_templates.get(name):
                where = case.at(f"protocol.prompt_templates.{name}")
                yield Problem(where, "is not the hash of this suite's template")


class WholeOrHalf(Rule):
    """The run asked the whole suite, or its half: the first 60 items of every cell (`--limit 60`).
    The half is a protocol of its own, which says so; with any other `--limit` a row is a sample."""

    number = 13

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        limit, named = submission.harness.limit, submission.protocol.limit
        if case.ranked and limit not in (None, HALF):
            what = f"is {limit:g}; a ranked row has none, or {HALF}"
            yield Problem(case.at("harness.limit"), what)
        wanted = HALF if limit == HALF else None
        if named != wanted:
            what = f"is {named}, with harness.limit {limit} it is {wanted}"
            yield Problem(case.at("protocol.limit"), what)


class NoAttack(Rule):
    """Requests were put as they are: a run under attack (`UNI_SAFE_ATTACK`) is another protocol,
    and may be shown as a sample, never ranked."""

    number = 30

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.ranked and submission.protocol.attack:
            name = submission.protocol.attack.split()[0]
            yield Problem(case.at("protocol.attack"), f"is {name}; such a row is a sample")


class FewUnscored(Rule):
    """At most 1 % of the items ended without a verdict: of all scored cells, and of each board that
    they cover, because each is a number of its own. In one cell it is at most 5 % (and one item is
    always allowed): what was lost by chance is spread, and what lies in one cell moves its rate.
    Canaries do not count here."""

    number = 16

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if not case.ranked:
            return
        scored = {c.name: _lost(c) for c in submission.cells if c.status == "scored"}
        if not any(total for _, total in scored.values()):
            yield Problem(case.at("cells"), "none is scored")
        for name, (lost, total) in scored.items():
            if lost > max(1, MAX_UNSCORED_IN_A_CELL * total):
                bound = f"at most {MAX_UNSCORED_IN_A_CELL:.0%}"
                yield Problem(case.at(f"cells {name}"), f"{_share(lost, total)}; {bound}")
        wholes = {"cells": set(scored)}
        for board in BOARDS:
            if (names := {".".join(cell) for cell in cells_of(board)}) <= set(scored):
                wholes[f"cells of the {board} board"] = names
        for where, names in wholes.items():
            lost, total = (sum(scored[name][i] for name in names) for i in (0, 1))
            if lost > MAX_UNSCORED * total:
                bound = f"at most {MAX_UNSCORED:.0%}"
                yield Problem(case.at(where), f"{_share(lost, total)}; {bound}")


def _lost(cell: Cell) -> tuple[int, int]:
    """(items without a verdict, items) of a cell; CountsRecompute holds them to the verdicts."""
    lost = total = 0
    for kind, words in cell.counts.items():
        if kind != "canary":
            total += sum(words.values())
            lost += sum(n for word, n in words.items() if word in _LOST)
    return lost, total


def _share(lost: int, total: int) -> str:
    return f"{lost} of {total} items ({lost / total:.1%}) are unscored"


class MediaDelivered(Rule):
    """In every scored cell with media, canaries show that the media reached the model: of those of
    the cell's task type at least 80 % came back, and at least one of the cell's own. A canary that
    ended without a reply did not come back."""

    number = 17

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        asked = tally.canaries(submission.cells) if case.ranked else {}
        for key, why in undelivered(asked).items():
            yield Problem(case.at(f"cells {'.'.join(key)} counts canary"), why)


class CleanTree(Rule):
    """The suite's own code was unmodified when the run was judged: a commit without changes, or a
    wheel as published."""

    number = 18

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        if case.ranked and not submission.harness.clean:
            yield Problem(case.at("harness.clean"), "is false")


class NothingPrivate(Rule):
    """No key, token or password and no absolute path stands anywhere in submission.json."""

    number = 19

    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        # Rules 6 and 9 leave no room for anything in the cells.
        facts = {key: value for key, value in case.loaded.items() if key != "cells"}
        for where, looks in private_places(facts):
            yield Problem(case.at(where), f"looks like {looks}")
