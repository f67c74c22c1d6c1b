"""verdicts.jsonl: one line an item, read with each distinct text in it looked at once.

A thousand submissions say of the same items one of some thirty things. So a line is cut into what
it says of the item, what became of the item, and the reply's hash; each distinct text is parsed
and held to the schema once, and lines share what it gave. A line that cannot be cut so is parsed
whole, which also finds what is wrong with it.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, StringConstraints, TypeAdapter
from typing_extensions import TypedDict

from judger.contract.outcomes import Kind, Outcome

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_STRICT = ConfigDict(extra="forbid", strict=True)


class About(TypedDict):
    """The fields that say which item it is, and what was asked."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]

    item_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+$", max_length=100)]
    kind: Kind
    category: Annotated[str, StringConstraints(max_length=60)]
    subcategory: Annotated[str, StringConstraints(max_length=60)]
    task_type: Annotated[str, StringConstraints(max_length=60)]
    prompt_sha256: Sha256


class Became(TypedDict):
    """The fields that say what became of it."""

    __pydantic_config__ = _STRICT  # type: ignore[misc]

    outcome: Outcome
    contextual: Literal["unsafe", "safe", "refusal", None]
    intrinsic: Literal["unsafe", "safe", None]
    delivered: bool | None


class Whole(About, Became):
    """A line: eleven fields, in this order."""

    response_sha256: Sha256


class Asked(NamedTuple):
    """`About`, as lines share it."""

    item_id: str
    kind: Kind
    category: str
    subcategory: str
    task_type: str
    prompt_sha256: str


class Judged(NamedTuple):
    """`Became`, as lines share it."""

    outcome: str
    contextual: str | None
    intrinsic: str | None
    delivered: bool | None


class Verdicts(NamedTuple):
    """The lines, as columns. The replies' hashes are held to the schema; no rule needs them.

    `exact`: they stand in the file in the one spelling that `dump` writes.
    """

    asked: Sequence[Asked]
    judged: Sequence[Judged]
    exact: bool


FIELDS = (*Asked._fields, *Judged._fields, "response_sha256")
_ABOUT, _BECAME = TypeAdapter(About), TypeAdapter(Became)
_WHOLE = TypeAdapter(list[Whole])
_HASHES = re.compile(rb'(?:, "response_sha256": "[0-9a-f]{64}"\})*')
_HASH_LENGTH = len(b', "response_sha256": ""}') + 64
_CUT = b', "outcome": '


def dump(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The one spelling of verdicts.jsonl."""
    ordered = ({name: line.get(name) for name in FIELDS} for line in lines)
    return "".join(json.dumps(line) + "\n" for line in ordered).encode()


def parse(data: bytes) -> Verdicts:
    """Parse the file; pydantic's ValidationError names a wrong line's index and its field."""
    try:
        return _cut(data)
    except ValueError:
        found = _WHOLE.validate_json(b"[" + data.strip(b"\n").replace(b"\n", b",") + b"]")
        asked = [Asked(*_of(line, Asked)) for line in found]
        return Verdicts(asked, [Judged(*_of(line, Judged)) for line in found], exact=False)


def _of(line: Mapping[str, Any], kind: type[NamedTuple]) -> list[Any]:
    return [line[name] for name in kind._fields]


def _cut(data: bytes) -> Verdicts:
    """The lines, cut; ValueError where one is not in the one spelling."""
    *lines, last = data.split(b"\n")
    if last or not _HASHES.fullmatch(b"".join([line[-_HASH_LENGTH:] for line in lines])):
        raise ValueError("another spelling")
    cut = [line[:-_HASH_LENGTH].partition(_CUT) for line in lines]
    asked = [_asked(text) for text, _, _ in cut]
    return Verdicts(asked, [_judged(text) for _, _, text in cut], exact=True)


# Twice the suite's items: hostile lines push others out, and cost no memory.
@functools.lru_cache(maxsize=8192)
def _asked(text: bytes) -> Asked:
    return Asked(**_once(_ABOUT, text + b"}"))


@functools.lru_cache(maxsize=1024)
def _judged(text: bytes) -> Judged:
    return Judged(**_once(_BECAME, b'{"outcome": ' + text + b"}"))


def _once(schema: TypeAdapter[Any], text: bytes) -> Any:
    found = schema.validate_json(text)
    if json.dumps(found).encode() != text:
        raise ValueError("another spelling")
    return found
