"""What the package says of itself: one version, the tested Pythons, all that it imports."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.install.declared import ROOT, classified_pythons, read_config, requirements
from tests.mutation.__main__ import LIBRARY

VERSION = read_config()["metadata"]["version"]
PACKAGES = ("judger", "leaderboard", "uni_safe_tasks")


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("CITATION.cff", r"^version: (.*)$"),
        ("CHANGELOG.md", r"\A(?:(?!^## \d).*\n)*?## (\d\S*)"),
    ],
)
def test_the_version_of_setup_cfg_is_everybodys(file: str, pattern: str) -> None:
    found = re.search(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert found and found[1] == VERSION


def test_no_code_holds_a_version_of_its_own() -> None:
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert [path for path in code if f'"{VERSION}"' in path.read_text(encoding="utf-8")] == []


def test_the_changelog_has_room_for_what_comes() -> None:
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_every_claimed_python_is_tested_by_the_workflow() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == classified_pythons()
    minimum = min(classified_pythons(), key=lambda version: int(version.split(".")[1]))
    assert read_config()["options"]["python_requires"] == f">={minimum}"


def imported(folder: Path) -> Iterator[str]:
    """The top-level modules that code names, from within functions too."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0]


@pytest.mark.parametrize(
    ("folders", "known"),
    [
        (PACKAGES, ("", "run", "voices")),
        (("tests", "benchmarks"), ("", "run", "omni", "test")),
    ],
)
def test_all_that_is_imported_is_declared(folders: list[str], known: list[str]) -> None:
    declared = {canonicalize_name(r.name) for extra in known for r in requirements(extra)}
    if "test" in known:  # in an environment of its own
        declared.add(canonicalize_name(Requirement(LIBRARY).name))
    # 3.10 looks at top_level.txt alone, which scikit-learn no longer has.
    brought_by = {"sklearn": ["scikit-learn"], **packages_distributions()}
    own = {*PACKAGES, "tests", "benchmarks"}
    modules = {m for folder in folders for m in imported(ROOT / folder)} - own
    foreign = sorted(modules - set(sys.stdlib_module_names))
    undeclared = [
        module
        for module in foreign
        if not declared & {canonicalize_name(name) for name in brought_by.get(module, (module,))}
    ]
    assert foreign and undeclared == []


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("", "See [it](docs/a.md), [that](https://b.org).", "See it, [that](https://b.org)."),
        ("https://a.org/r", "[it](docs/a.md)", "[it](https://a.org/r/blob/v1.0/docs/a.md)"),
        ("https://a.org/r", "[it](#there)", "[it](#there)"),
    ],
)
def test_links_of_the_description_lead_somewhere(source: str, text: str, expected: str) -> None:
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "setup.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.describe(text, source, "1.0") == expected
