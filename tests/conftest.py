"""Every test starts from an empty environment: no judge, no cache of the user's, no hub."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import hypothesis
import pytest

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
# Servers of the tests are on this machine, whatever proxy it has.
os.environ.update(NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost")
# An example that took long on a busy machine is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _clean(tmp_path: Path) -> Iterator[None]:
    """The judge of a process is the one that its environment describes: another test, another."""
    with mock.patch.dict(os.environ):  # a recipe sets variables: they end with the test
        for name in list(os.environ):
            if name.startswith(("UNI_JUDGER_", "UNI_SAFE")):
                del os.environ[name]
        os.environ["UNI_JUDGER_CACHE"] = str(tmp_path / "judge-cache")
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` runs what is marked e2e in tests/e2e, and all that is elsewhere: none is between.

    The fast run does not look into tests/e2e, whose modules import torch and models for seconds.
    """
    folder = Path(__file__).parent / "e2e"
    for item in items:
        marked, inside = item.get_closest_marker("e2e"), item.path.is_relative_to(folder)
        if marked and not inside:
            raise pytest.UsageError(f"{item.nodeid} is marked e2e: move it to tests/e2e")
        if inside and not marked:
            raise pytest.UsageError(f"{item.nodeid} is in tests/e2e: mark it e2e, or it is not run")


def pytest_collection_finish() -> None:
    """What was imported stays: no collection of garbage looks through it again.

    A million objects of libraries cost each full collection a quarter of a second, and a call of
    statsmodels asks for one.
    """
    gc.freeze()


def pytest_unconfigure() -> None:
    """At its end Python takes all apart; what is frozen then, nanobind reports as a leak."""
    gc.unfreeze()
