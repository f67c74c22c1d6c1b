"""Mistyped variables are said with the nearest name; the list of variables is the code's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from judger.contract.environment import known, unread

ROOT = Path(__file__).resolve().parents[3]
#: Marks inside replies, and what only the tests of tiny models set.
NO_VARIABLES = {
    "UNI_SAFE_BLOCKED", "UNI_SAFE_FAILED", "UNI_SAFE_UNSUPPORTED", "UNI_SAFE_CPU_SHIM"
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("UNI_JUDGER_MODLE", "did you mean UNI_JUDGER_MODEL?"),
        ("UNI_JUDGER_BASEURL", "did you mean UNI_JUDGER_BASE_URL?"),
        ("UNI_JUDGER_APIKEY", "did you mean UNI_JUDGER_API_KEY?"),
        ("UNI_JUDGE_BACKEND", "did you mean UNI_JUDGER_BACKEND?"),
        ("uni_judger_model", "did you mean UNI_JUDGER_MODEL?"),
        ("UNI_SAFE_CAPABILITES", "did you mean UNI_SAFE_CAPABILITIES?"),
        ("UNISAFE_CAPABILITIES", "did you mean UNI_SAFE_CAPABILITIES?"),
        ("UNI_SAFE_BACKEND", "did you mean UNI_JUDGER_BACKEND?"),
        ("UNI_SAFE_QQQQQQQQ", "there are UNI_JUDGER_BACKEND, "),
    ],
)
def test_a_variable_that_nobody_reads_is_said(name: str, says: str) -> None:
    (line,) = unread({name: "x", "PATH": "/bin", "UNI_JUDGER_MODEL": "m"})
    assert line.startswith(f"{name} is set, but nothing reads it: ") and says in line
    assert "\n" not in line


def test_variables_that_are_read_and_foreign_ones_are_silent() -> None:
    assert list(unread(dict.fromkeys((*known(), "UNIVERSE", "OPENAI_API_KEY"), "x"))) == []


def test_a_value_is_never_said() -> None:
    assert "sk-secret" not in "".join(unread({"UNI_JUDGER_APIKEY": "sk-secret"}))


def test_a_key_that_a_panel_names_is_the_users_own(tmp_path: Path) -> None:
    panel = tmp_path / "panel.yaml"
    panel.write_text("judges:\n  - {api_key_env: UNI_JUDGER_KEY_TWO}\n")
    environ = {"UNI_JUDGER_KEY_TWO": "k", "UNI_JUDGER_ENSEMBLE": str(panel)}
    assert list(unread(environ)) == []
    assert len(list(unread({**environ, "UNI_JUDGER_ENSEMBLE": str(tmp_path)}))) == 1


def test_every_variable_in_code_and_docs_is_on_the_list() -> None:
    files = [
        path
        for top in ("judger", "leaderboard", "uni_safe_tasks", "docs")
        for suffix in ("py", "md", "yaml", "yml", "jinja")
        for path in (ROOT / top).rglob(f"*.{suffix}")
    ]
    found = {
        name
        for path in (*files, ROOT / "README.md")
        for name in re.findall(r"\bUNI_(?:JUDGER|SAFE|SAFEBENCH)_[A-Z_]*[A-Z]\b", path.read_text())
        if not name.endswith(("_PRICE", "_MAX"))  # written as UNI_JUDGER_PRICE_…
    }
    assert found - NO_VARIABLES <= set(known())
    assert set(known()) - found == set(), "on the list, but in no code and no page"
