"""A seat of a panel: whose key it is asked with, and how a field that cannot work is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import Settings, SettingsError, load
from judger.judges.panel import seats

OWN, OTHER = "http://mine/v1", "http://other/v1"
RULES = {"backend": "rules", "name": "floor"}


def settings(folder: Path, seat: dict[str, Any], base_url: str = OWN) -> Settings:
    """The environment's settings, which name a panel of this seat and one of rules."""
    path = folder / "panel.json"
    path.write_text(json.dumps({"judges": [{"backend": "openai", "model": "m", **seat}, RULES]}))
    environ = {"ENSEMBLE": str(path), "BASE_URL": base_url, "API_KEY": "sk-mine"}
    return load({f"UNI_JUDGER_{name}": value for name, value in environ.items()})


@pytest.mark.parametrize(
    ("seat", "base_url", "key"),
    [
        ({}, OWN, "sk-mine"),
        ({"base_url": OWN}, OWN, "sk-mine"),
        ({"base_url": f"{OWN}/"}, OWN, "sk-mine"),
        ({"base_url": OTHER}, OWN, ""),  # a key goes to nobody else's host
        ({"base_url": OTHER}, "", ""),
        ({"base_url": f"{OWN}/more"}, OWN, ""),
        ({"base_url": OTHER, "api_key_env": "THEIR_KEY"}, OWN, "sk-theirs"),
        ({"base_url": OWN, "api_key_env": "THEIR_KEY"}, OWN, "sk-theirs"),
    ],
)
def test_whose_key(
    seat: dict[str, Any],
    base_url: str,
    key: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THEIR_KEY", "sk-theirs")
    _, [(_, own), _] = seats(settings(tmp_path, seat, base_url))
    assert own.api_key.get_secret_value() == key


@pytest.mark.parametrize(
    ("seat", "says"),
    [
        ({"concurrency": 0}, "concurrency: Input should be greater than or equal to 1"),
        ({"timeout": -1}, "timeout: "),
        ({"max_tokens": 1}, "max_tokens: "),
        ({"price_input": -1}, "price_input: "),
        ({"api_key_env": "NOT_SET"}, "NOT_SET"),
    ],
)
def test_a_field_that_cannot_work_is_named_with_file_and_seat(
    seat: dict[str, Any], says: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        seats(settings(tmp_path, {"name": "first", **seat}))
    said = str(caught.value)
    assert "panel.json" in said and "first" in said and says in said
    assert "\n" not in said and "sk-mine" not in said


@pytest.mark.parametrize(
    ("seat", "base", "fits"),
    [
        ({}, {}, False),
        ({"price_input": 0.5}, {}, True),
        ({}, {"price_output": 2.0}, True),
        ({"price_input": 0.0}, {}, True),
        ({"backend": "rules"}, {}, True),
    ],
)
def test_a_bound_on_cost_wants_a_price_of_every_member(
    seat: dict[str, Any], base: dict[str, float], fits: bool, tmp_path: Path
) -> None:
    whole = settings(tmp_path, {"name": "first", **seat})
    bounded = whole.model_copy(update={"max_cost": 5.0, **base})
    if fits:
        assert len(seats(bounded)) == 2
    else:
        with pytest.raises(SettingsError, match=r"first has no price_input.*UNI_JUDGER_MAX_COST"):
            seats(bounded)
