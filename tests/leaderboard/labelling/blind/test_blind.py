"""Labels given a second time by one who does not see the first, and what the two differ on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from judger.validation import labels
from judger.validation.labels import Label, Opinion, differ
from leaderboard.labelling import drawn
from leaderboard.labelling.blind import batches, settled
from leaderboard.labelling.blind.batches import BlindError
from tests.leaderboard.labelling.blind.sets import GOOD, LABEL, C, R, U, command, said


def opinion(
    contextual: str, intrinsic: str, helped: Any = None, by: str = "b", note: str = ""
) -> Any:
    said = {"contextual": contextual, "intrinsic": intrinsic, "helped": helped}
    return Opinion.model_validate({"by": by, "at": "t", "note": note, **said})


def test_a_second_labeller_sees_nothing_of_the_label(set_: Path, tmp_path: Path) -> None:
    out = tmp_path / "blind"
    said = command("blind", set_, "--out", out, "--size", 3)
    assert said.count("labels: ") == 2
    first, second_ = sorted(out.glob("*.items.jsonl"))
    items = {**drawn.read(first), **drawn.read(second_)}
    assert len(items) == 4  # there is no verdict on a fault
    texts = [path.read_text() for path in out.iterdir() if path.is_file()]
    for text in texts:
        for hidden in ("pri-0", "rpic", 'the first"', "a first note", "harm_in_context"):
            assert hidden not in text
    assert not {"contextual", "intrinsic", "helped"} & set(
        json.loads(first.read_text().splitlines()[0])
    )
    (picture,) = [item for item in items.values() if item.images]
    assert picture.made_text == "a picture. sign: HER ADDRESS"
    assert (out / picture.images[0]).is_file() and "rpic" not in picture.images[0]
    assert {item.prompt for item in items.values()} == {"the prompt"}
    assert "is there already" in command("blind", set_, "--out", out, fails=True)


def test_batches_are_by_chance_and_the_same_for_a_seed(set_: Path, tmp_path: Path) -> None:
    def order(name: str, seed: int) -> list[str]:
        (path,) = batches.write(batches.read([set_]), tmp_path / name, 60, seed)
        return list(drawn.read(path))

    assert order("a", 1) == order("b", 1)
    assert len({tuple(order(str(seed), seed)) for seed in range(2, 9)}) > 1


def test_what_two_say_is_stored_and_what_differs_is_settled(set_: Path, tmp_path: Path) -> None:
    every = labels.read(set_)
    lines = {"pri-01a": U | {"note": "urges"}, "pri-01b": R, "pri-02": GOOD, "pri-rpic01": C}
    answers = said(tmp_path / "said.jsonl", lines, every)
    disputed = tmp_path / "disputed.jsonl"
    by = ("--by", "the second", "--disputed", disputed)
    out = command("second", set_, "--answers", answers, *by)
    assert "1 to be settled" in out and "4 labels, 4 labelled twice, 3 of them settled" in out
    now = {label.id: label for label in labels.read(set_)}
    assert [one.by for one in now["pri-01a"].opinions] == ["the first", "the second"]
    assert (now["pri-01a"].intrinsic, now["pri-01a"].settled) == ("safe", False)
    assert all(now[name].settled for name in ("pri-01b", "pri-02", "pri-rpic01"))
    (open_,) = map(json.loads, disputed.read_text().splitlines())
    assert (open_["label"], open_["differ"]) == ("pri-01a", ["intrinsic"])
    assert [one["intrinsic"] for one in open_["said"]] == ["safe", "unsafe"]
    assert "second time already" in command("second", set_, "--answers", answers, *by, fails=True)
    why = U | {"note": "it urges to deceive"}
    by = ("--by", "the third", "--disputed", disputed)
    answers = said(tmp_path / "settled.jsonl", {"pri-01a": why}, every)
    assert "0 to be settled" in command("settle", set_, "--answers", answers, *by)
    last = labels.read(set_)[0]
    assert (last.intrinsic, last.note, last.settled) == ("unsafe", "it urges to deceive", True)
    assert [one.by for one in last.opinions] == ["the first", "the second", "the third"]
    assert "nothing to label" in command("blind", set_, "--out", tmp_path / "more", fails=True)
    printed = command("agreement", set_)
    assert "| all " in printed and "reply:picture" in printed and "category:privacy_leak" in printed


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"pri-01a": U | {"note": ""}}, "gives its reason in one line"),
        ({"pri-01a": U | {"note": "two\nlines"}}, "gives its reason in one line"),
        (
            {"pri-01a": {**U, "intrinsic": "cannot_tell", "note": "n"}},
            "a settled label has verdicts",
        ),
        ({"pri-01b": R | {"note": "n"}}, "no disagreement to settle"),
    ],
)
def test_what_does_not_settle(
    set_: Path, tmp_path: Path, line: dict[str, dict[str, Any]], fault: str
) -> None:
    every = labels.read(set_)
    answers = said(tmp_path / "said.jsonl", {"pri-01a": U, "pri-01b": R}, every)
    by = ("--disputed", tmp_path / "d.jsonl", "--by")
    command("second", set_, "--answers", answers, *by, "the second")
    before = set_.read_bytes()
    answers = said(tmp_path / "settled.jsonl", line, every)
    assert fault in command("settle", set_, "--answers", answers, *by, "x", fails=True)
    assert set_.read_bytes() == before


@pytest.mark.parametrize("who", ["the first", "the second", "The Second"])
def test_a_third_settles(set_: Path, tmp_path: Path, who: str) -> None:
    every, by = labels.read(set_), ("--disputed", tmp_path / "d.jsonl", "--by")
    answers = said(tmp_path / "said.jsonl", {"pri-01a": U}, every)
    command("second", set_, "--answers", answers, *by, "the second")
    answers = said(tmp_path / "settled.jsonl", {"pri-01a": U | {"note": "n"}}, every)
    assert "a third settles it" in command(
        "settle", set_, "--answers", answers, *by, who, fails=True
    )


def test_a_reply_that_cannot_be_read_is_not_labelled(set_: Path, tmp_path: Path) -> None:
    (tmp_path / "images/x-rpic01.webp").unlink()
    with pytest.raises(BlindError, match="pri-rpic01: the reply cannot be read"):
        batches.write(batches.read([set_]), tmp_path / "blind", 60, 0)


@pytest.mark.parametrize(
    ("one", "other", "over"),
    [
        (opinion("safe", "safe"), opinion("safe", "safe"), []),
        (opinion("safe", "safe"), opinion("refusal", "unsafe"), ["contextual", "intrinsic"]),
        (opinion("safe", "safe", "yes"), opinion("safe", "safe", "no"), ["helped"]),
        (opinion("safe", "safe", None), opinion("safe", "safe", "no"), []),
        (opinion("safe", "cannot_tell"), opinion("safe", "cannot_tell"), ["intrinsic"]),
    ],
)
def test_what_two_differ_on(one: Opinion, other: Opinion, over: list[str]) -> None:
    assert differ(one, other) == over


A, B = opinion("unsafe", "safe", by="a"), opinion("unsafe", "unsafe", by="b")


@pytest.mark.parametrize(
    ("opinions", "counts"),
    [
        ((), False),
        ((A,), False),
        ((A, A), False),
        ((A, opinion("unsafe", "safe", by="b")), True),
        ((B, opinion("unsafe", "unsafe", by="a")), False),  # the label says what neither said
        ((A, B), False),
        ((A, B, opinion("unsafe", "safe", by="c")), False),
        ((A, B, opinion("unsafe", "safe", by="c", note="why")), True),
        ((A, B, opinion("unsafe", "unsafe", by="c", note="why")), False),
    ],
)
def test_when_a_label_is_settled(opinions: tuple[Opinion, ...], counts: bool) -> None:
    label = Label.model_validate({**LABEL, "id": "x", "reply": "r"})
    assert label.model_copy(update={"opinions": opinions}).settled is counts
    told = settled.open_labels([label.model_copy(update={"opinions": opinions})])
    assert bool(told) is (len(opinions) > 1 and not counts)
