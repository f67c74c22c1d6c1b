"""What counts as killed: only what a test notices that is content without the mutant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mutation import trial
from tests.mutation.trial import Copy, try_out

CODE = "import os\nCALLS = []\n\ndef double(n):\n    return 2 * n\n"
TESTS = {
    "test_never.py": "def test_what_always_fails():\n    assert False\n",
    "test_nothing.py": "import code_of_ours\n\ndef test_it():\n    code_of_ours.double(1)\n",
    "test_double.py": (
        "import pytest\nfrom code_of_ours import double\n\n"
        "@pytest.mark.parametrize('n', [1, double(2)])\n"
        "def test_it_doubles(n):\n    assert double(n) == n + n\n"
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    root = tmp_path_factory.mktemp("mutated") / "tree"
    root.mkdir()
    (root / "pytest.ini").write_text("[pytest]\nmarkers = e2e: none\n")
    for name, code in {**TESTS, "code_of_ours.py": CODE}.items():
        (root / name).write_text(code)
    with Copy.opened(root, ("pytest", "hypothesis")) as made:
        yield made


@pytest.mark.parametrize(
    ("line", "tests", "by"),
    [
        ("return 3 * n", ["test_double.py"], "test_double.py::test_it_doubles[1]"),
        ("return 3 * n", ["test_nothing.py", "test_double.py"], "test_double.py::test_it_doubles"),
        ("return 3 * n", ["test_nothing.py"], ""),
        ("return 3 * n", ["test_never.py", "test_nothing.py"], ""),
        ("return 3 * n", ["test_never.py", "test_double.py"], "test_double.py::test_it_doubles"),
        ("return n + n", ["test_double.py", "test_nothing.py"], ""),
        ("return (", ["test_nothing.py"], "test_nothing.py"),
        ("os._exit(7)", ["test_nothing.py"], "test_nothing.py: a hang or a crash"),
        ("os.kill(os.getpid(), 9)", ["test_nothing.py"], "test_nothing.py: a hang or a crash"),
        ("while True: pass", ["test_nothing.py"], "test_nothing.py: a hang or a crash"),
        ("return n * n", ["test_double.py"], "test_double.py::test_it_doubles[1]"),
    ],
)
def test_what_counts_as_killed(
    line: str, tests: list[str], by: str, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "TEST", 2)
    mutated = CODE.replace("return 2 * n", line)
    mutant = {"name": line, "path": "code_of_ours.py", "code": CODE, "mutated": mutated}
    fate = try_out(copy, mutant, tests)
    assert fate["killed"] is bool(by)
    assert fate["by"].startswith(by or f"{len(tests)} test files passed")
    assert (copy.root / "code_of_ours.py").read_text() == CODE, "taken out again"
