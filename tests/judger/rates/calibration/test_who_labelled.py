"""Who gave the labels, and the slices of what they are about: counts that add up, and standings."""

from __future__ import annotations

import pytest

from judger.rates.calibration import Calibration, contradictions, of_file, unfit
from tests.calibrations import fit
from tests.judger.rates.calibration.test_soundness import JUDGE, WORDING, sound


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
