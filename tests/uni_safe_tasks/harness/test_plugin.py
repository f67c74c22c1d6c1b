"""Discovery: found by the harness's entry point, idempotent, harmless if lmms-eval changes."""

from __future__ import annotations

import warnings
from importlib.metadata import entry_points

import lmms_eval.tasks
import pytest
from lmms_eval.models import get_model_manifest

from uni_safe_tasks.harness import plugin
from uni_safe_tasks.harness.patches import discovery
from uni_safe_tasks.scenario.locations import TASKS


def test_the_harness_knows_us_by_entry_point() -> None:
    (point,) = [p for p in entry_points(group="lmms_eval.models") if p.name == "uni_safe"]
    assert point.value == "uni_safe_tasks.harness.plugin:manifests"
    assert get_model_manifest("uni_safe_control").chat_class_path


def test_adding_twice_wraps_once() -> None:
    assert discovery.install() and discovery.install()
    found = lmms_eval.tasks.TaskManager.initialize_tasks
    assert not hasattr(found.__wrapped__, "__wrapped__")


def test_naming_our_folder_as_well_changes_nothing() -> None:
    discovery.install()
    manager = lmms_eval.tasks.TaskManager(include_path=str(TASKS), include_defaults=False)
    assert len(manager.match_tasks(["uni_safe_*"])) == 42


def test_a_changed_lmms_eval_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(lmms_eval.tasks, "TaskManager")
    with pytest.warns(UserWarning, match="--include_path"):
        assert discovery.install() is False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert plugin.manifests(), "the models are announced all the same"
