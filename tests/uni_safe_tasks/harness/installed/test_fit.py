"""Versions that are known to fail are found in an environment; what mends them is one command."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from uni_safe_tasks.harness.installed import fit
from uni_safe_tasks.harness.installed.version_facts import FACTS, Fact, constrain, tabulate

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def having(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Makes the environment one that holds these versions and nothing else."""

    def set_versions(versions: dict[str, str]) -> None:
        def version(name: str) -> str:
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(metadata, "version", version)

    return set_versions


@pytest.mark.parametrize(
    ("versions", "back_ends", "found"),
    [
        ({}, {"qwen2_5_omni"}, []),
        ({"filelock": "3.32.7", "lmms-eval": "0.7.3"}, {"qwen2_5_vl"}, []),
        ({"filelock": "4.0.0"}, {"qwen2_5_vl"}, ["filelock"]),
        ({"filelock": "4.3.1"}, (), ["filelock"]),
        ({"lmms-eval": "0.8.0"}, (), ["lmms-eval"]),
        ({"transformers": "5.14.1"}, {"qwen2_5_omni"}, []),
        ({"transformers": "5.15.0"}, {"qwen2_5_omni"}, ["transformers"]),
        ({"transformers": "5.24.0"}, {"qwen2_5_omni"}, ["transformers"]),
        ({"transformers": "6.0.0rc1"}, {"qwen2_5_omni"}, ["transformers"]),
        ({"transformers": "5.24.0"}, {"qwen2_5_vl"}, []),
        ({"transformers": "5.14.1"}, {"huggingface"}, ["transformers"]),
        ({"moviepy": "1.0.3"}, {"qwen3_omni"}, ["moviepy"]),
        ({"moviepy": "1.0.3"}, {"openai"}, []),
    ],
)
def test_what_fails_here(
    versions: dict[str, str],
    back_ends: set[str],
    found: list[str],
    having: Callable[[dict[str, str]], None],
) -> None:
    having(versions)
    assert [unfit.fact.package for unfit in fit.find_unfit(back_ends)] == found


@pytest.mark.parametrize(
    ("versions", "stops", "says"),
    [
        ({"filelock": "4.3.1"}, True, ("filelock 4.3.1", "<4 works", "pip install 'filelock<4'")),
        (
            {"transformers": "5.24.0"},
            False,
            ("transformers 5.24.0 under --model qwen2_5_omni", "pip install 'transformers>=5.0,<5"),
        ),
        ({"lmms-eval": "0.8.0"}, False, ("not tried", "pip install 'lmms-eval==0.7.3'")),
    ],
)
def test_a_line_names_version_what_works_and_the_command(
    versions: dict[str, str],
    stops: bool,
    says: tuple[str, ...],
    having: Callable[[dict[str, str]], None],
) -> None:
    having(versions)
    if stops:
        with pytest.raises(fit.UnfitError) as caught:
            fit.require_fit({"qwen2_5_omni"})
        line = str(caught.value)
    else:
        (line,) = fit.require_fit({"qwen2_5_omni"})
    assert all(part in line for part in says) and "\n" not in line, line


def test_no_harness_names_the_install_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(fit.UnfitError, match=r"pip install 'uni-safebench\[run\]'"):
        fit.require_harness()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.package}{fact.fails}")
def test_a_fact_is_whole(fact: Fact) -> None:
    fails, works = SpecifierSet(fact.fails), SpecifierSet(fact.works)
    assert fact.symptom and fact.evidence and fact.mend
    assert bool(fact.works) != bool(fact.instead), "a version that works, or what to do instead"
    versions = ("0.7.3", "1.0", "2.0", "3.9", "4.0", "4.57.6", "5.0", "5.14.1", "5.15", "6.0")
    both = [v for v in versions if fact.works and v in fails and v in works]
    assert both == [], "no version fails and works"
    assert any(version in fails for version in versions)


def test_the_docs_show_the_table() -> None:
    page = (ROOT / "docs" / "backends-and-versions.md").read_text(encoding="utf-8")
    assert "\n".join(tabulate()) in page
    assert "filelock<4" in constrain()
