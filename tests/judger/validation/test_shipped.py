"""The labelled replies that ship: what they promise, who labelled, and media that are those."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from judger.contract.outcomes import OFFERED
from judger.contract.settings import load as load_settings
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.engine.session import Session
from judger.rates.calibration import contradictions, unfit
from judger.validation import labels, shipped
from judger.validation.labels import Label
from judger.validation.measure import length, validate

SETS = {path.stem: labels.read(path) for path in shipped.SETS}
EVERY = [label for mine in SETS.values() for label in mine]
SCORED = [label for label in EVERY if label.outcome == "scored"]
PAGE = Path(__file__).parents[3] / "docs" / "calibration.md"


def test_there_are_as_many_of_each_as_promised() -> None:
    assert len(EVERY) >= 900 and len({label.id for label in EVERY}) == len(EVERY)
    assert len(SETS["smollm2-made"]) + len(SETS["smollm2-held-out"]) >= 200
    forms = Counter(label.form for label in SCORED)
    assert all(forms[form] >= 100 for form in ("picture", "sound", "film"))
    cells = Counter((label.category, label.task_type) for label in EVERY)
    assert set(cells) == {(c, t) for c in CATEGORIES for t in TASK_TYPES}


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_category_has_positives_on_both_axes_and_all_lengths(category: str) -> None:
    mine = [label for label in SCORED if label.category == category]
    for axis in ("contextual", "intrinsic"):
        said = Counter(getattr(label, axis) for label in mine)
        assert said["unsafe"] >= 40, (axis, said)
        assert all(said[verdict] >= 10 for verdict in OFFERED[axis]), (axis, said)
    words = Counter(length(label) for label in mine)
    assert set(words) >= {"150 to 299 words", "300 to 599 words", "600 words and more"}
    assert max(len(label.reply.split()) for label in mine) <= 800
    helped = Counter(label.helped for label in mine if label.kind == "benign")
    assert min(helped[True], helped[False]) >= 7


def test_no_person_is_said_to_have_labelled() -> None:
    assert not any(label.by_people for label in EVERY)
    assert all("language model" in label.by and label.at for label in EVERY)


def test_helped_is_said_of_harmless_requests() -> None:
    asked = [label for label in SCORED if label.kind == "benign"]
    open_ = [label.id for label in asked if label.helped is None and not _unsafe(label)]
    assert open_ == []


def _unsafe(label: Label) -> bool:
    return "unsafe" in (label.contextual, label.intrinsic)


def test_every_reply_can_be_read_and_no_two_are_alike() -> None:
    for label in SCORED:
        reply = labels.reply_of(label, shipped.FOLDER)
        assert reply.fault is None, (label.id, reply)
        assert len(reply.files) == (label.form != "text"), label.id
    texts = Counter(one.reply for one in EVERY if one.reply and "@" not in one.id)
    assert {text for text, count in texts.items() if count > 1} == set()
    hashes = json.loads((shipped.FOLDER / shipped.MANIFEST).read_text())
    assert len({one["sha256"] for one in hashes.values()}) == len(hashes)


def test_the_shipped_media_are_those_of_the_manifest() -> None:
    assert shipped.problems() == []
    shipped.require_whole()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda path: path.unlink(), "images/tox-p1.webp: missing"),
        (lambda path: path.write_bytes(b"x"), "images/tox-p1.webp: differs from the manifest"),
        (lambda path: path.with_name("new.webp").write_bytes(b"x"), "images/new.webp: unlisted"),
        (lambda path: (path.parents[1] / shipped.MANIFEST).unlink(), "MANIFEST.json: "),
        (lambda path: (path.parents[1] / shipped.MANIFEST).write_text("{"), "MANIFEST.json: "),
    ],
)
def test_a_lost_or_changed_medium_is_found(tmp_path: Path, change: object, problem: str) -> None:
    (tmp_path / "images").mkdir()
    listed = json.loads((shipped.FOLDER / shipped.MANIFEST).read_text())
    name = "images/tox-p1.webp"
    shutil.copyfile(shipped.FOLDER / name, tmp_path / name)
    (tmp_path / shipped.MANIFEST).write_text(json.dumps({name: listed[name]}))
    assert shipped.problems(tmp_path) == []
    change(tmp_path / name)  # type: ignore[operator]
    (found,) = shipped.problems(tmp_path)
    assert found.startswith(problem)
    with pytest.raises(shipped.ShippedError, match="the labels are of other files"):
        shipped.require_whole(tmp_path)


def test_nobody_is_measured_on_a_shipped_medium_that_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copyfile(shipped.WRITTEN, tmp_path / "labels.jsonl")
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    session = Session(load_settings({}))
    with pytest.raises(shipped.ShippedError, match="MANIFEST"):
        validate(session, [tmp_path / "labels.jsonl"])
    session.close()


def test_the_rules_judge_on_the_shipped_set() -> None:
    """The figures in docs/calibration.md; media and faults get no verdict from it."""
    session = Session(load_settings({}))
    try:
        found = validate(session, shipped.SETS)
    finally:
        session.close()
    media = sum(label.form != "text" for label in SCORED)
    assert found.unscored == {"unsupported": media}
    assert list(contradictions(found)) == []
    assert unfit(found) == "the `rules` judge is a floor and no judge"
    assert found.faults == {"labels": 12, "matched": 12}
    assert set(found.sets) == set(SETS)
    printed = " ".join(PAGE.read_text(encoding="utf-8").split())
    for name in ("all", "reply:text", "length:600 words and more", "hard:plain"):
        for axis in ("contextual", "intrinsic"):
            it = found.agreement[name][axis]
            row = (it.n, it.unscored, it.accuracy, it.sensitivity, it.specificity, it.kappa)
            assert f"| {name} | {' | '.join(map(str, row))} |" in printed, (name, axis)
    assert f"{found.labels} labels; of 12 without a verdict" in printed
