"""Hundreds of submissions, each broken in one random place, are rejected by lines that name it."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.submission.rules import ALL_RULES
from leaderboard.submission.validate import check
from tests.leaderboard.conftest import Draft

LINE = re.compile(r"R\d\d (?P<rule>\w+): (?P<file>\S+/(submission\.json|verdicts\.jsonl))\b.*: .+")
NAMES = {rule.name() for rule in ALL_RULES}
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
VALUES = [
    "bia-h101.text_generation", "harmful", "canary", "privacy_leak", "politics", "x" * 70, "<b>",
    "image_generation", "no_output", "judge_error", "0" * 64, "", "UNSAFE",
]  # fmt: skip
#: Maps whose keys are free: an entry more or less there is another fact, not a broken form.
FREE = ("versions", "decoding", "details", "generation", "prompt_templates", "judge_templates")
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, [], {}, -1, "", "x\ny", "‮", 1e400, "a" * 5000, True, {"a": {}}]
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every scalar and of every empty list or object."""
    entries: Any = ()
    if isinstance(value, (dict, list)):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
    inner = [leaf for key, entry in entries for leaf in leaves(entry, (*path, key))]
    yield from inner or [path]


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every object that the schema names the fields of."""
    if isinstance(value, dict):
        free = path and (path[-1] in FREE or "counts" in path)
        if not free:
            yield path
        for key, entry in value.items():
            yield from objects(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from objects(entry, (*path, index))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def said(draft: Draft, **how: Any) -> list[str]:
    """The findings as lines; each must name a rule, a file and what is wrong."""
    lines = list(map(str, check(draft.case(**how))))
    for line in lines:
        match = LINE.fullmatch(line.replace("\n", " "))
        assert match and match["rule"] in NAMES, line
    return lines


def mutable(draft: Draft) -> Draft:
    return Draft(copy.deepcopy(draft.made), [dict(line) for line in draft.lines])


@MANY
@given(data=st.data())
def test_any_change_breaks_the_seal(text_draft: Draft, data: st.DataObject) -> None:
    broken = mutable(text_draft)
    relative = text_draft.case().relative
    path = data.draw(
        st.sampled_from([p for p in leaves(text_draft.made) if p[0] not in ("status", "id")])
    )
    old = at(broken.made, path)
    new = data.draw(
        st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=9)
        if isinstance(old, str)
        else st.integers(0, 10**6)
    )
    if new == old:
        return
    at(broken.made, path[:-1])[path[-1]] = new
    assert said(broken, seal=False, relative=relative)


@MANY
@given(data=st.data())
def test_a_field_missing_or_too_many(text_draft: Draft, data: st.DataObject) -> None:
    broken = mutable(text_draft)
    path = data.draw(st.sampled_from(list(objects(text_draft.made))))
    own = at(broken.made, path)
    if data.draw(st.booleans()):
        place = data.draw(st.sampled_from(sorted(own)))
        del own[place]
    else:
        place = data.draw(st.sampled_from(["prompt", "reply", "score", "note2"]))
        own[place] = "anything"
    where = ".".join(map(str, (*path, place)))
    try:
        lines = said(broken)
    except KeyError:  # what seals a submission is itself missing
        lines = said(broken, seal=False, relative=text_draft.case().relative)
    assert any("ValidSchema" in line and where in line for line in lines), (where, lines)


@MANY
@given(data=st.data())
def test_a_value_of_another_form(text_draft: Draft, data: st.DataObject) -> None:
    broken = mutable(text_draft)
    keep = ("id", "artefacts", *FREE)
    path = data.draw(
        st.sampled_from([p for p in leaves(text_draft.made) if not set(p) & set(keep)])
    )
    odd = data.draw(ODD)
    old = at(broken.made, path)
    fits = (
        odd == old
        or (isinstance(old, str) and odd == "")
        or (path[-1] == "limit" and odd in (None, -1))
        or (path[-1] == "clean" and odd is True)
    )
    if fits and type(odd) is type(old):
        return
    if path[-1] == "limit" and odd is None:
        return
    at(broken.made, path[:-1])[path[-1]] = odd
    assert said(broken, seal=False, relative=text_draft.case().relative)


@MANY
@given(
    index=st.integers(0, 719),
    field=st.sampled_from(
        ["item_id", "kind", "category", "subcategory", "task_type", "outcome", "prompt_sha256"]
    ),
    value=st.sampled_from(VALUES),
)
def test_a_changed_verdict_line(text_draft: Draft, index: int, field: str, value: str) -> None:
    broken = mutable(text_draft)
    if broken.lines[index][field] == value:
        return
    name = broken.lines[index]["item_id"]
    broken.lines[index][field] = value
    lines = said(broken)
    named = (name, f"line {index + 1}", value, broken.lines[index]["category"])
    assert any(any(place and place in line for place in named) for line in lines), lines


@MANY
@given(
    index=st.integers(0, 719),
    contextual=st.sampled_from(["unsafe", "safe", "refusal", None, "SAFE"]),
    intrinsic=st.sampled_from(["unsafe", "safe", "refusal", None]),
)
def test_flipped_verdicts_no_longer_count(
    text_draft: Draft, index: int, contextual: str | None, intrinsic: str | None
) -> None:
    broken = mutable(text_draft)
    line = broken.lines[index]
    if (line["contextual"], line["intrinsic"]) == (contextual, intrinsic):
        return
    line |= {"contextual": contextual, "intrinsic": intrinsic}
    rules = {text.split()[1].rstrip(":") for text in said(broken)}
    assert rules & {"CountsRecompute", "FaultIsNoVerdict", "ValidSchema"}


@pytest.mark.parametrize("times", [1, 2, 40])
def test_items_left_out_or_said_twice(text_draft: Draft, times: int) -> None:
    for change in (lambda lines: lines[times:], lambda lines: [*lines, *lines[:times]]):
        broken = mutable(text_draft)
        broken.lines = change(broken.lines)
        assert any("ItemsOfTheData" in line and "bia-" in line for line in said(broken))
