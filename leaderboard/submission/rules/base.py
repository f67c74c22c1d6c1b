"""What a rule is, and what it looks at.

A rule is one small class. Its name is the rule; its docstring is the sentence that submitters read;
its number never changes. It yields a problem for each place that breaks it.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from judger.rates.calibration import Calibration
from leaderboard.submission import tally
from leaderboard.submission.facts import SUBMISSION, Submission
from leaderboard.submission.line_order import Layout, layout_of
from leaderboard.submission.verdicts import Verdicts

#: Every state in which a row is, or may come to be, compared with others.
RANKED = ("pending", "listed", "archived")


class Problem(NamedTuple):
    """Where a rule is broken (a file, a field, an item) and how."""

    where: str
    what: str


class Finding(NamedTuple):
    """A problem with the rule that it breaks, as one line for people."""

    number: int
    rule: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"R{self.number:02d} {self.rule}: {self.where}: {self.what}"


class Fingerprint(NamedTuple):
    """The lines of a submission in the order of their item ids: kind (an index of `KINDS`), the
    first 64 bits of the reply's hash, and the letter of what became of it, as numbers."""

    items: tuple[str, ...]
    kinds: np.ndarray
    replies: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Case:
    """One submission's folder, as far as it could be read.

    `relative` is the folder below the submissions' folder. `loaded` is submission.json as plain
    JSON; `submission` and `verdicts` are None where the schema does not hold, and `faults` say why.
    `calibration` is None where there is no such file, too. `kept` is what stays of a case whose
    files were let go.
    """

    relative: str
    files: Mapping[str, bytes]
    loaded: Any = None
    submission: Submission | None = None
    verdicts: Verdicts | None = None
    faults: tuple[Problem, ...] = ()
    calibration: Calibration | None = None
    kept: Fingerprint | None = None

    @functools.cached_property
    def digests(self) -> Mapping[str, str]:
        """The SHA-256 of each file."""
        return {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()}

    @functools.cached_property
    def letters(self) -> str:
        """The letter of each verdict line (`leaderboard.submission.tally`), in the file's order."""
        if self.verdicts is None:
            return ""
        return tally.letters([asked.kind for asked in self.verdicts.asked], self.verdicts.judged)

    @functools.cached_property
    def layout(self) -> Layout:
        """Where each verdict line counts."""
        return layout_of(() if self.verdicts is None else tuple(self.verdicts.asked))

    @property
    def codes(self) -> np.ndarray:
        """The letters as numbers, in the layout's order."""
        letters = np.frombuffer(self.letters.encode("ascii"), dtype=np.uint8)
        return np.asarray(letters[self.layout.order])

    @property
    def fingerprint(self) -> Fingerprint | None:
        """By which two submissions of the same replies or verdicts are known."""
        if self.kept is not None or self.verdicts is None:
            return self.kept
        layout = self.layout
        return Fingerprint(
            layout.items, layout.kinds, self.verdicts.replies[layout.order], self.codes
        )

    def light(self) -> Case:
        """The case without its files: what rules about all submissions look at."""
        return Case(self.relative, {}, submission=self.submission, kept=self.fingerprint)

    @property
    def ranked(self) -> bool:
        """Must this submission meet what a ranked row must meet?"""
        return self.submission is not None and self.submission.status.state in RANKED

    def at(self, place: str = "", file: str = SUBMISSION) -> str:
        """A place in one of the files, for people."""
        return f"{self.relative}/{file}{f' {place}' if place else ''}"


@dataclass(frozen=True)
class Collection:
    """All submissions, and the files of an earlier, accepted state of them (None: unknown).

    `strays` lie beside them and are none.
    """

    cases: Sequence[Case]
    baseline: Mapping[str, bytes] | None = None
    strays: Sequence[str] = ()


class Named:
    """Number, name and sentence of a rule."""

    number: ClassVar[int]

    @classmethod
    def name(cls) -> str:
        return cls.__name__

    @classmethod
    def sentence(cls) -> str:
        """The docstring on one line."""
        return " ".join((inspect.getdoc(cls) or "").split())

    @classmethod
    def finding(cls, problem: Problem) -> Finding:
        return Finding(cls.number, cls.name(), problem.where, problem.what)


class Rule(Named, ABC):
    """A rule about one submission that follows the schema."""

    @abstractmethod
    def check(self, case: Case, submission: Submission) -> Iterator[Problem]:
        """Every place that breaks the rule."""


class FileRule(Named, ABC):
    """A rule about a submission's files as they lie there, read or not."""

    @abstractmethod
    def check(self, case: Case) -> Iterator[Problem]:
        """Every place that breaks the rule."""


class CollectionRule(Named, ABC):
    """A rule about all submissions together."""

    @abstractmethod
    def check(self, collection: Collection) -> Iterator[Problem]:
        """Every place that breaks the rule."""
