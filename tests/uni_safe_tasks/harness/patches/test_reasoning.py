"""lmms-eval's cutting of thoughts is off for tasks of ours, whatever its command line says."""

from __future__ import annotations

import pytest
from lmms_eval.api.reasoning import parse_reasoning_tags_config
from lmms_eval.api.task import TaskConfig
from lmms_eval.tasks import TaskManager

from uni_safe_tasks.harness.patches import discovery, reasoning

CLI = '[["<think>", "</think>"], ["<analysis>", "</analysis>"]]'


def cut(config: TaskConfig) -> bool:
    found = parse_reasoning_tags_config(cli_value=CLI, task_value=config.reasoning_tags)
    return found is not None or bool(config.auto_strip_thinking)


@pytest.mark.parametrize(
    "name", ["uni_safe_privacy_leak_text_generation", "uni_safe_biased_opinion_image_understanding"]
)
def test_replies_to_our_tasks_come_raw_while_it_lasts(name: str) -> None:
    discovery.install()
    (task,) = TaskManager(include_defaults=False).load_task_or_group([name]).values()
    assert cut(task.config)
    with reasoning.kept_raw(task):
        assert not cut(task.config)
    assert cut(task.config), "and as it was when the run is over"


def test_a_config_that_we_did_not_build_is_as_the_harness_makes_it() -> None:
    assert TaskConfig.__post_init__.__module__ == "lmms_eval.api.task"
    assert cut(TaskConfig(task="mmmu_val"))
