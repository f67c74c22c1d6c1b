"""In which manner an endpoint takes questions: its dialect, and whether it knows structured output.

Found out by trying, before anything was answered: a question that was refused is asked again with
one thing changed, and what helped is kept, in the cache for the next run too. Once a question was
answered the manner is settled, so no reply under examination can change it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from judger.endpoint.cache import Cache
from judger.endpoint.dialect import Dialect
from judger.endpoint.faults import JudgeFault, JudgeRejected
from judger.judges.base import Question

#: A question is asked in so many ways at most.
WAYS = 8
Answered = TypeVar("Answered")

#: Refusals that may be about the form of a question though their status says something else.
_ABOUT_THE_WAY = frozenset({404, 405, 500, 501})


class Formed(Protocol):
    """What asks questions in more than one form: the part of a `Form` that a manner changes."""

    structured: str

    def simpler(self, question: Question) -> bool:
        """As `Form.simpler`."""


@dataclass(frozen=True)
class _Way:
    dialect: Dialect
    structured: str


class Manner:
    """One endpoint's manner; `epoch` tells which questions were asked before it changed."""

    def __init__(
        self, form: Formed, cache: Cache, name: str, probe: Callable[[], Question]
    ) -> None:
        self.dialect = Dialect()
        self.settled = False
        self.epoch = 0
        self._form, self._cache, self._name = form, cache, name
        self._refused = ""
        self._tries: Iterator[_Way] = iter(())
        note = cache.note(name)
        if note.keys() >= {"dialect", "plain"}:
            self._recall(note["dialect"], bool(note["plain"]), probe)
        self._first = self._way

    def _recall(self, dialect: object, plain: bool, probe: Callable[[], Question]) -> None:
        """Ask as in an earlier run: another form would be another question, not answered yet."""
        try:
            self.dialect = Dialect(**dialect)  # type: ignore[arg-type]
        except TypeError:
            return
        if plain:
            self._form.simpler(probe())

    def trying(self, question: Question) -> bool:
        """Whether a refusal of any kind may yet be about the form of this question."""
        return not self.settled and "response_format" in question.body

    async def ask(
        self,
        make: Callable[[], Awaitable[Question]],
        send: Callable[[Question, bool], Awaitable[Answered]],
    ) -> tuple[Question, Answered]:
        """Make and send a question in one way after the other until the server takes it.

        `send` is told whether the way is but tried. Raises its JudgeFault where none is taken.
        """
        for left in range(WAYS, 0, -1):
            epoch = self.epoch
            question = await make()
            trying = self.trying(question)
            try:
                answered = await send(question, trying)
            except JudgeRejected as fault:
                if left == 1 or not self.another(fault, question, epoch, trying):
                    raise
            except JudgeFault:
                self.give_up()
                raise
            else:
                self.taken()
                return question, answered
        raise AssertionError("the last way raises or returns")

    def another(self, fault: JudgeRejected, question: Question, epoch: int, trying: bool) -> bool:
        """After a refusal: is there another way to ask the same question?

        Yes also where the way was changed meanwhile, or turned out to be right.
        """
        if self.epoch != epoch:
            return True
        if self.settled:
            return trying and fault.status in _ABOUT_THE_WAY
        if self._way == self._first or fault.words != self._refused:
            self._tries = self._ways(fault.words, question)
            self._refused = fault.words
        way = next(self._tries, None)
        if way is None:
            self.give_up()
            return False
        self._use(way)
        return True

    def taken(self) -> None:
        """A question was answered in this manner: it is the right one."""
        if not self.settled and self._way != self._first:
            kept = {"dialect": self.dialect.kept(), "plain": self._form.structured == "line"}
            self._cache.keep_note(self._name, kept)
        self.settled = True

    def give_up(self) -> None:
        """Nothing helped: what was tried was not at fault."""
        if not self.settled and self._way != self._first:
            self._use(self._first)

    @property
    def left_out(self) -> str:
        """What of the decoding the endpoint does not let us set, in words; "" where it lets us."""
        return "" if self.dialect.temperature else "temperature left out"

    @property
    def _way(self) -> _Way:
        return _Way(self.dialect, self._form.structured)

    def _use(self, way: _Way) -> None:
        self.dialect, self._form.structured = way.dialect, way.structured
        self.epoch += 1

    def _ways(self, words: str, question: Question) -> Iterator[_Way]:
        """Each one thing changed from how it is asked now; first what the refusal names."""
        now = self._way
        plain = self._plainer(now, question)
        if plain is not None and "response_format" in words:
            yield plain
        for dialect in now.dialect.after(words):
            yield _Way(dialect, now.structured)
        if plain is not None and "response_format" not in words:
            yield plain

    def _plainer(self, now: _Way, question: Question) -> _Way | None:
        """Without structured output, where the form has such a way."""
        if not self._form.simpler(question):
            return None
        plainer, self._form.structured = self._form.structured, now.structured
        return _Way(now.dialect, plainer)
