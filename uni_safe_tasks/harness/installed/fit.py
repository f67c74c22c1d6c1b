"""What is installed, against what a run needs: the harness, and no version known to fail."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import metadata

from packaging.specifiers import SpecifierSet

from judger.contract.errors import UserError
from uni_safe_tasks.harness.installed.version_facts import FACTS, Fact

#: The install that can ask a model.
RUN = "pip install 'uni-safebench[run]'"


class UnfitError(UserError):
    """Something that no run can do without, or with: what is there, what works, what to do."""


@dataclass(frozen=True)
class Unfit:
    """An installed version for which a fact says that something fails."""

    fact: Fact
    version: str

    def __str__(self) -> str:
        return f"{self.seen}: {self.fact.mend}"

    @property
    def seen(self) -> str:
        """What is there, what fails with it and what works, in one line."""
        fact = self.fact
        whom = f" under --model {' or '.join(fact.back_ends)}" if fact.back_ends else ""
        works = f"; {fact.works} works" if fact.works else ""
        return f"{fact.package} {self.version}{whom}: {fact.symptom}{works}"


def find_unfit(back_ends: Collection[str] = ()) -> Iterator[Unfit]:
    """What fails in this environment: for every run, and for the back ends that are named."""
    for fact in FACTS:
        if fact.back_ends and not set(fact.back_ends) & set(back_ends):
            continue
        try:
            version = metadata.version(fact.package)
        except metadata.PackageNotFoundError:
            continue
        if SpecifierSet(fact.fails, prereleases=True).contains(version):
            yield Unfit(fact, version)


def has_harness() -> bool:
    """Whether lmms-eval can be imported."""
    return importlib.util.find_spec("lmms_eval") is not None


def require_harness() -> None:
    """Raise UnfitError where lmms-eval is missing."""
    if not has_harness():
        raise UnfitError(f"lmms-eval is not installed; a run needs it: {RUN}")


def require_fit(back_ends: Collection[str]) -> list[str]:
    """Lines on versions with which `back_ends` fail; UnfitError for one that stops every run."""
    found = list(find_unfit(back_ends))
    for unfit in found:
        if unfit.fact.stops:
            raise UnfitError(str(unfit))
    return [str(unfit) for unfit in found]
