"""Settings from the environment: each mistake is one line that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from judger.contract.settings import SettingsError, load, shared, table
from judger.judges.registry import make_judge

FULL = {
    "UNI_JUDGER_BACKEND": "openai",
    "UNI_JUDGER_MODEL": "judge-1",
    "UNI_JUDGER_BASE_URL": "http://127.0.0.1:1/v1",
}


def test_nothing_set_is_the_offline_judge() -> None:
    assert load({}).backend == "rules"


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"UNI_JUDGER_MODEL": ""}, "UNI_JUDGER_MODEL"),
        ({"UNI_JUDGER_BASE_URL": "nowhere"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": ""}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_CONCURRENCY": "0"}, "UNI_JUDGER_CONCURRENCY"),
        ({"UNI_JUDGER_CONCURRENCY": "many"}, "UNI_JUDGER_CONCURRENCY"),
        ({"UNI_JUDGER_MODALITIES": "text,smell"}, "UNI_JUDGER_MODALITIES"),
        ({"UNI_JUDGER_MAX_UNSCORED": "2"}, "UNI_JUDGER_MAX_UNSCORED"),
        ({"UNI_JUDGER_MODE": "lenient"}, "UNI_JUDGER_MODE"),
    ],
)
def test_mistakes(changes: dict[str, str], names: str) -> None:
    with pytest.raises(SettingsError, match=names) as caught:
        make_judge(load({**FULL, **changes}))
    assert "\n" not in str(caught.value)


def test_unknown_judge_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"'oracle' is no judge; choose rules, .*openai"):
        make_judge(load({**FULL, "UNI_JUDGER_BACKEND": "oracle"}))


def test_the_key_is_not_printed() -> None:
    assert "hunter2" not in repr(load({**FULL, "UNI_JUDGER_API_KEY": "hunter2"}))


@pytest.mark.parametrize(
    ("world", "part"), [("", 32), ("1", 32), ("4", 8), ("5", 6), ("100", 1), ("0", 32), ("x", 32)]
)
def test_processes_share_the_concurrency(world: str, part: int) -> None:
    assert shared(load({}), {"WORLD_SIZE": world} if world else {}).concurrency == part


def test_the_docs_name_every_setting() -> None:
    docs = Path(__file__).parents[3] / "docs" / "judge.md"
    assert table() in docs.read_text(encoding="utf-8")
