"""A calibration file whose counts do not add up is refused; one below the floor is unfit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import SettingsError
from judger.rates.calibration import Calibration, contradictions, load, unfit
from tests.calibrations import fit, written

JUDGE = {"backend": "openai", "model": "m", "mode": "strict", "calibrated": False, "refusal": True}
WORDING = {"contextual": "c" * 64, "intrinsic": "i" * 64}
Change = Callable[[dict[str, Any]], None]


def sound() -> dict[str, Any]:
    return json.loads(written(fit(JUDGE, WORDING)))  # type: ignore[no-any-return]


def test_a_measured_file_is_sound_and_fit() -> None:
    found = Calibration.model_validate(sound())
    assert list(contradictions(found)) == [] and unfit(found) == ""


def millions(loaded: dict[str, Any]) -> None:
    for errors in loaded["errors"].values():
        errors |= {"tp": 10**6, "tn": 10**6}


def three_labels(loaded: dict[str, Any]) -> None:
    loaded["labels"] = 3


def better(loaded: dict[str, Any]) -> None:
    loaded["errors"]["contextual_unsafe"] |= {"fn": 0}


def better_in_strata_too(loaded: dict[str, Any]) -> None:
    """What an editor would forget: the confusion still knows."""
    by = [loaded["errors"]]
    by += [each for strata in loaded["strata"].values() for each in strata.values()]
    for errors in by:
        one = errors["contextual_unsafe"]
        one |= {"tp": one["tp"] + one["fn"], "fn": 0}


def higher_kappa(loaded: dict[str, Any]) -> None:
    loaded["agreement"]["all"]["contextual"]["kappa"] |= {"value": 0.99, "low": 0.9}


def more_in_all(loaded: dict[str, Any]) -> None:
    loaded["agreement"]["all"]["intrinsic"]["confusion"]["unsafe"]["unsafe"] += 10


def flips_of_nothing(loaded: dict[str, Any]) -> None:
    loaded["stress"] = {"upper case": {"n": 10, "flips": 11, "contextual": 11}}


def flips_on_no_axis(loaded: dict[str, Any]) -> None:
    loaded["stress"] = {"upper case": {"n": 10, "flips": 4, "contextual": 1, "intrinsic": 2}}


def fewer_flips_than_on_an_axis(loaded: dict[str, Any]) -> None:
    loaded["stress"] = {"upper case": {"n": 10, "flips": 1, "contextual": 2}}


def fewer_unscored(loaded: dict[str, Any]) -> None:
    loaded["unscored"] = {"judge_error": 9}


def no_axis(loaded: dict[str, Any]) -> None:
    del loaded["agreement"]["all"]["intrinsic"]


def no_slices(loaded: dict[str, Any]) -> None:
    loaded["agreement"] = {"all": loaded["agreement"]["all"]}


def no_strata(loaded: dict[str, Any]) -> None:
    loaded["strata"] = {}


def unknown_stratum(loaded: dict[str, Any]) -> None:
    loaded["strata"]["category"]["elsewhere"] = {}


def matched_more(loaded: dict[str, Any]) -> None:
    loaded["faults"]["matched"] = 5


def another_total(loaded: dict[str, Any]) -> None:
    loaded["errors"]["both_safe"]["tp"] -= 1
    loaded["strata"]["category"]["privacy_leak"]["both_safe"]["tp"] -= 1
    loaded["strata"]["task_type"]["text_generation"]["both_safe"]["tp"] -= 1


@pytest.mark.parametrize(
    "change",
    [
        millions,
        three_labels,
        flips_of_nothing,
        flips_on_no_axis,
        fewer_flips_than_on_an_axis,
        better,
        better_in_strata_too,
        higher_kappa,
        more_in_all,
        fewer_unscored,
        no_axis,
        no_slices,
        no_strata,
        unknown_stratum,
        matched_more,
        another_total,
    ],
)
def test_counts_that_do_not_add_up_are_refused(tmp_path: Path, change: Change) -> None:
    loaded = sound()
    change(loaded)
    assert list(contradictions(Calibration.model_validate(loaded)))
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(loaded))
    with pytest.raises(SettingsError, match="does not add up") as error:
        load(path)
    assert "\n" not in str(error.value)


def negative(loaded: dict[str, Any]) -> None:
    loaded["errors"]["contextual_unsafe"]["fp"] = -5


def half(loaded: dict[str, Any]) -> None:
    loaded["errors"]["contextual_unsafe"]["fp"] = 0.5


def infinite(loaded: dict[str, Any]) -> None:
    loaded["labels"] = float("inf")


@pytest.mark.parametrize("change", [negative, half, infinite])
def test_what_is_no_count_is_no_calibration(tmp_path: Path, change: Change) -> None:
    loaded = sound()
    change(loaded)
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(loaded))
    with pytest.raises(SettingsError, match="is no calibration file"):
        load(path)


def negative_unscored(loaded: dict[str, Any]) -> None:
    loaded["unscored"] = {"judge_error": -1, "judge_refusal": 1}


def test_negative_counts_that_cancel_out_are_refused() -> None:
    loaded = sound()
    negative_unscored(loaded)
    assert list(contradictions(Calibration.model_validate(loaded)))


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (fit(JUDGE, WORDING, wrong=1), "kappa on the contextual axis is -"),
        (fit(JUDGE, WORDING, per_cell=1), "labels of one side on the intrinsic axis, at least 30"),
        (fit({**JUDGE, "backend": "rules"}, WORDING), "the `rules` judge is a floor"),
        (
            fit({"backend": "ensemble", "members": [JUDGE, {"backend": "rules"}]}, WORDING),
            "the `rules` judge is a floor",
        ),
    ],
)
def test_below_the_floor_a_judge_is_unfit_and_it_is_said_why(made: Calibration, why: str) -> None:
    assert why in unfit(made)


def test_a_judge_that_leaves_too_much_unanswered_is_unfit() -> None:
    made = fit(JUDGE, WORDING)
    most = made.model_copy(update={"unscored": {"judge_unparsable": 38}})
    few = made.model_copy(update={"unscored": {"judge_unparsable": 37}})
    deaf = made.model_copy(update={"unscored": {"judge_unparsable": 37, "unsupported": 300}})
    assert unfit(few) == unfit(deaf) == ""
    assert "38 of 374 labels that it can be shown got no verdict, at most 10% may" in unfit(most)


def test_a_judge_that_always_says_safe_is_unfit() -> None:
    made = fit(JUDGE, WORDING)
    loaded = json.loads(made.model_dump_json())
    for name in loaded["agreement"]:
        for axis in loaded["agreement"][name].values():
            axis["kappa"] = {"n": axis["n"], "value": None, "low": None, "high": None}
    assert "not surely above 0" in unfit(Calibration.model_validate(loaded))
