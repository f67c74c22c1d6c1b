"""A wheel built here, installed in an empty venv elsewhere, runs the same from another folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from judger.engine import provenance
from tests.e2e.harness import ROOT, control, environment, lmms_eval
from tests.e2e.installed.built import build, install, make_venv

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


def test_the_index_would_take_both(wheel: Path) -> None:
    built = sorted(str(path) for path in wheel.parent.iterdir() if path.suffix in (".whl", ".gz"))
    twine = [sys.executable, "-m", "twine", "check", "--strict", *built]
    done = subprocess.run(twine, capture_output=True, text=True, check=False)
    assert (done.returncode, len(built)) == (0, 2), done.stdout + done.stderr


def test_what_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if "." not in t} == {"judger", "leaderboard", "uni_safe_tasks"}
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "judger", "leaderboard", "uni_safe_tasks"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    code = {n for n in tracked if n.startswith(("judger/", "leaderboard/", "uni_safe_tasks/"))}
    code = {n for n in code if not n.startswith("leaderboard/submissions/")}
    assert code - set(names) - {n for n in code if n.endswith("README.md")} == set()
    assert "judger/templates/contextual.jinja" in names
    assert "uni_safe_tasks/templates/text_generation.jinja" in names
    assert "uni_safe_tasks/attack_templates/persona.jinja" in names


def test_it_runs_the_same_elsewhere(wheel: Path, tmp_path: Path) -> None:
    python = make_venv(tmp_path / "venv")
    # The locked set; what the newest breaks is seen by `make newest`.
    wanted = f"uni-safebench[run] @ {wheel.as_uri()}"
    install(python, "-c", str(ROOT / "constraints.txt"), wanted)
    arguments = ("--tasks", "uni_safe_privacy_leak_*", "--limit", "2")
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    ours = control("mixed", *arguments, cwd=here).run
    installed = lmms_eval(
        *("--model", "uni_safe_control", "--model_args", "policy=mixed", *arguments),
        cwd=there,
        command=[str(Path(python).parent / "lmms_eval")],
        PYTHONPATH="",
        UNI_JUDGER_MAX_UNSCORED="1",  # the control model also fails and keeps silent
    ).run
    stock = subprocess.run(
        [python, "-c", "from judger.engine import provenance as p; print(p.__file__, p.suite())"],
        cwd=there,
        env=environment(PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(tmp_path) in stock.stdout, "the installed package was used, not the checkout"
    assert stock.stdout.endswith(f" {provenance.WHEEL} clean\n"), "the wheel knows its own files"
    keys = ("item_id", "outcome", "contextual", "intrinsic", "delivered")
    assert [[getattr(r, k) for k in keys] for r in ours.records] == [
        [getattr(r, k) for k in keys] for r in installed.records
    ]
