"""The lock and setup.cfg say the same; the lock carries hashes, no address, no known failure."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.install.declared import (
    OURS,
    ROOT,
    classified_pythons,
    extras,
    pinned_for,
    pins,
    requirements,
)
from uni_safe_tasks.harness.installed.version_facts import FACTS

LOCK, CORE, PLAIN = "requirements.lock", "requirements-core.txt", "constraints.txt"
CURE = "run `make lock`"
#: What the core must never bring.
HARNESS = {"torch", "transformers", "lmms-eval", "lm-eval", "datasets", "evaluate", "accelerate"}


#: Extras that the lock leaves out: the model that speaks for the authors of media, servers of
#: judges, and what `make demo-real` reads weights with, which requirements-demo.txt pins.
UNLOCKED = ("voices", "demo", "serve-transformers", "serve-llama-cpp")
#: Packages that carry a model: another version is another measuring instrument.
WEIGHTS = ("moonshine-voice",)


def wanted(file: str) -> list[Requirement]:
    """What setup.cfg asks for of a lock: everything, or the core alone."""
    asked = requirements() if file == CORE else [*requirements(), *_of_extras()]
    return [r for r in asked if r.marker is None or r.marker.evaluate()]


def _of_extras() -> list[Requirement]:
    locked = [extra for extra in extras() if extra not in UNLOCKED]
    return [requirement for extra in locked for requirement in requirements(extra)]


@pytest.mark.parametrize("python", classified_pythons())
@pytest.mark.parametrize("file", [LOCK, CORE])
def test_every_requirement_is_locked_in_a_version_it_admits(file: str, python: str) -> None:
    locked = pinned_for(pins(file), python)
    wrong = [
        f"{requirement} but {locked.get(canonicalize_name(requirement.name))}"
        for requirement in wanted(file)
        if locked.get(canonicalize_name(requirement.name), "") not in requirement.specifier
    ]
    assert wrong == [], f"{file}: {CURE}"


@pytest.mark.parametrize("file", [LOCK, CORE])
def test_nothing_is_locked_that_nobody_asks_for(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    direct = {block.split("==")[0] for block in blocks if f"{OURS} (setup.cfg)" in block}
    asked = requirements() if file == CORE else [*requirements(), *_of_extras()]
    assert direct == {canonicalize_name(requirement.name) for requirement in asked}, CURE


@pytest.mark.parametrize("python", classified_pythons())
def test_the_core_is_locked_as_in_the_whole_and_brings_no_harness(python: str) -> None:
    core, whole = pinned_for(pins(CORE), python), pinned_for(pins(LOCK), python)
    assert core.items() <= whole.items(), CURE
    assert not HARNESS & set(core)


@pytest.mark.parametrize("file", [LOCK, CORE])
def test_every_version_has_its_hash_and_no_line_an_address(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(blocks) == len(pins(file)) > 50
    assert [b.split("\n")[0] for b in blocks if "--hash=sha256:" not in b] == []
    assert re.findall(r".*(?:://|index-url|find-links| @ ).*", text) == []


def test_the_constraints_are_the_lock_without_hashes() -> None:
    assert list(map(str, pins(PLAIN))) == list(map(str, pins(LOCK))), CURE


def test_no_locked_version_is_known_to_fail() -> None:
    locked = pins(LOCK)
    failing = [
        f"{pin}: {fact.symptom}"
        for fact in FACTS
        for pin in locked
        if fact.works
        and pin.name == canonicalize_name(fact.package)
        and str(pin.specifier).removeprefix("==") in SpecifierSet(fact.fails)
    ]
    assert failing == []


def test_every_upper_bound_has_its_evidence() -> None:
    asked = [*requirements(), *_of_extras()]
    bounds = {
        str(r.specifier): r.name
        for r in asked
        if re.search("<|==|~", str(r.specifier)) and r.name not in WEIGHTS
    }
    known = {fact.works: fact.package for fact in FACTS}
    assert bounds and bounds.items() <= known.items()
