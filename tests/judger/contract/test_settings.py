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
        ({"UNI_JUDGER_MODALITIES": "text,video"}, "UNI_JUDGER_MODALITIES"),
        ({"UNI_JUDGER_MAX_UNSCORED": "2"}, "UNI_JUDGER_MAX_UNSCORED"),
        ({"UNI_JUDGER_MODE": "lenient"}, "UNI_JUDGER_MODE"),
        ({"UNI_JUDGER_MAX_COST": "nan"}, "UNI_JUDGER_MAX_COST"),
        ({"UNI_JUDGER_MAX_COST": "-1"}, "UNI_JUDGER_MAX_COST"),
        ({"UNI_JUDGER_MAX_COST": "5"}, "UNI_JUDGER_PRICE_INPUT"),
        ({"UNI_JUDGER_MAX_CALLS": "1.5"}, "UNI_JUDGER_MAX_CALLS"),
        ({"UNI_JUDGER_TIMEOUT": "inf"}, "UNI_JUDGER_TIMEOUT"),
        ({"UNI_JUDGER_BASE_URL": "http://"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": "http://[::1/v1"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": "http://host:port/v1"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": "http://ho st/v1"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": "http://a:b@host/v1"}, "UNI_JUDGER_API_KEY"),
        ({"UNI_JUDGER_BASE_URL": "http://host/v1#x"}, "UNI_JUDGER_BASE_URL"),
        ({"UNI_JUDGER_BASE_URL": "http://host/v1/chat/completions"}, "/chat/completions away"),
        ({"UNI_JUDGER_API_KEY": "sk-\u201chunter2\u201d"}, "UNI_JUDGER_API_KEY"),
        ({"UNI_JUDGER_API_KEY": "sk-hunter2\nX-Evil: 1"}, "UNI_JUDGER_API_KEY"),
        ({"UNI_JUDGER_API_KEY": "sk-hunter2\x00"}, "UNI_JUDGER_API_KEY"),
    ],
)
def test_mistakes(changes: dict[str, str], names: str) -> None:
    with pytest.raises(SettingsError, match=names) as caught:
        make_judge(load({**FULL, **changes}))
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {} ", "\t{}", "{}\u00a0"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("api_key", "sk-1234"),
        ("model", "judge-1"),
        ("base_url", "http://127.0.0.1:1/v1"),
        ("concurrency", "7"),
        ("backend", "openai"),
    ],
)
def test_white_space_around_a_value_is_not_meant(around: str, name: str, value: str) -> None:
    settings = load({**FULL, f"UNI_JUDGER_{name.upper()}": around.format(value)})
    held = getattr(settings, name)
    assert str(held.get_secret_value() if name == "api_key" else held) == value


def test_modalities_are_a_list_of_words() -> None:
    assert load({"UNI_JUDGER_MODALITIES": "text, image ,audio,image"}).modalities == (
        "text",
        "image",
        "audio",
    )


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
