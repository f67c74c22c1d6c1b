"""lmms-eval's cutting of thoughts is off for tasks of ours, whatever its command line says."""

from __future__ import annotations

import pytest
from lmms_eval.api.reasoning import parse_reasoning_tags_config
from lmms_eval.api.task import TaskConfig

from uni_safe_tasks.harness.patches import reasoning

CLI = '[["<think>", "</think>"], ["<analysis>", "</analysis>"]]'


@pytest.mark.parametrize(
    ("task", "cut"),
    [
        ("uni_safe_privacy_leak_text_generation", False),
        ("uni_safe_biased_opinion_video_analysis", False),
        ("uni_safebench_dual_unsafe_vqa_privacy", False),
        ("unisafe_items", False),
        ("mmmu_val", True),
        (None, True),
    ],
)
def test_replies_to_our_tasks_come_raw(task: str | None, cut: bool) -> None:
    assert reasoning.install() and reasoning.install(), "twice is once"
    config = TaskConfig(task=task)
    found = parse_reasoning_tags_config(cli_value=CLI, task_value=config.reasoning_tags)
    assert (found is not None) == cut
    assert config.auto_strip_thinking is False
