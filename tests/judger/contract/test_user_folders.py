"""The user's folders where a variable is empty, relative, or there is no home at all."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import SettingsError, load
from judger.contract.user_folders import user_cache, user_home


@pytest.mark.parametrize(
    ("environ", "cache"),
    [
        ({"HOME": "/home/me"}, "/home/me/.cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": ""}, "/home/me/.cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "relative"}, "/home/me/.cache"),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/caches"}, "/caches"),
        ({"XDG_CACHE_HOME": "/caches"}, "/caches"),
    ],
)
def test_the_folder_for_caches(environ: dict[str, str], cache: str) -> None:
    assert user_cache(environ) == Path(cache)


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}])
def test_without_a_home_variable_the_user_has_one(environ: dict[str, str]) -> None:
    home = user_home(environ)
    assert home is not None and home != Path("/")


def test_a_user_that_nobody_knows_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> Any:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert user_home({}) is None
    assert user_cache({}) is None
    assert user_cache({"XDG_CACHE_HOME": "/caches"}) == Path("/caches")


@pytest.mark.parametrize("name", ["cache", "ensemble", "calibration"])
def test_a_tilde_is_the_home_folder(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    settings = load({f"UNI_JUDGER_{name.upper()}": " ~/judge "})
    assert getattr(settings, name) == "/home/me/judge"
    with pytest.raises(SettingsError, match="no such home"):
        load({f"UNI_JUDGER_{name.upper()}": "~nobody-of-this-name/judge"})


def test_everything_is_imported_and_judged_without_a_home(tmp_path: Path) -> None:
    code = (
        "import pwd\n"
        "def unknown(uid): raise KeyError(uid)\n"
        "pwd.getpwuid = unknown  # as in a container whose user has a number only\n"
        "import uni_safe_tasks.media.draw.fonts, uni_safe_tasks.harness.wav as sound\n"
        "import uni_safe_tasks.paper.index as index\n"
        "from judger.contract.settings import load\n"
        "from judger.judges.registry import make_judge\n"
        "make_judge(load()); sound.cache_folder(); index.folder(); print('fine')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == "fine\n", run.stderr
