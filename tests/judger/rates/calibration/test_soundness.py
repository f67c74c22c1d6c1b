"""A calibration file whose counts do not add up is refused; one below the floor is unfit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judger.contract.settings import SettingsError
from judger.rates.calibration import Calibration, contradictions, load, of_file, unfit
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


def by(not_by_people: int, twice: int) -> Calibration:
    made = fit(JUDGE, WORDING)
    counts = {"not_by_people": not_by_people, "twice": twice}
    return made.model_copy(update=counts)


ON = "labels of language models, not of people"


@pytest.mark.parametrize(
    ("not_by_people", "twice", "told"),
    [
        (0, 0, "calibrated"),
        (336, 336, f"calibrated, on {ON}"),
        (40, 40, f"calibrated, on 40 of 336 {ON}"),
        (336, 0, "measured, unfit: 336 of 336 labels are neither by people nor given twice"),
        (336, 335, "measured, unfit: 1 of 336 labels are neither by people nor given twice"),
    ],
)
def test_labels_of_language_models_count_where_two_gave_them(
    not_by_people: int, twice: int, told: str
) -> None:
    found = by(not_by_people, twice)
    assert list(contradictions(found)) == [] and of_file(found).told.startswith(told)
    assert of_file(found).calibrated is told.startswith("calibrated")


@pytest.mark.parametrize(("not_by_people", "twice"), [(40, 41), (337, 0), (-1, -1), (40, -1)])
def test_more_labels_of_a_kind_than_there_are_do_not_add_up(not_by_people: int, twice: int) -> None:
    assert any("twice, not_by_people" in said for said in contradictions(by(not_by_people, twice)))


def test_a_file_of_before_is_read_and_its_labels_were_given_once() -> None:
    loaded = sound()
    for name in [name for name in loaded["agreement"] if name.startswith(("reply:", "length:"))]:
        del loaded["agreement"][name]
    loaded["not_by_people"] = 336
    del loaded["twice"]
    found = Calibration.model_validate(loaded)
    assert list(contradictions(found)) == []
    assert "336 of 336 labels are neither by people" in unfit(found)


def test_slices_by_length_and_form_add_up() -> None:
    loaded = sound()
    assert {"reply:text", "length:001 to 049 words"} <= set(loaded["agreement"])
    one = loaded["agreement"]["reply:text"]["contextual"]
    loaded["agreement"]["reply:text"] = {
        **loaded["agreement"]["reply:text"], "contextual": {**one, "unscored": 0}
    }  # fmt: skip
    del loaded["agreement"]["length:001 to 049 words"]
    loaded["agreement"]["length:050 to 149 words"] = loaded["agreement"]["category:privacy_leak"]
    found = list(contradictions(Calibration.model_validate(loaded)))
    assert any(said.startswith("agreement: length slices hold") for said in found)
