"""verdicts.jsonl: one line an item, read with each distinct text in it looked at once.

A thousand submissions say of the same items one of some thirty things. So a line is cut into what
it says of the item, what became of the item, and the reply's hash; each distinct text is parsed
and held to the schema once, and lines share what it gave. A line that cannot be cut so is parsed
whole, which also finds what is wrong with it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError
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
    helped: bool | None


class Whole(About, Became):
    """A line: twelve fields, in this order."""

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
    helped: bool | None


class Verdicts(NamedTuple):
    """The lines, as columns. `replies` are the first 64 bits of each reply's hash.

    `exact`: they stand in the file in the one spelling that `dump` writes.
    """

    asked: Sequence[Asked]
    judged: Sequence[Judged]
    replies: np.ndarray
    exact: bool


class Fault(NamedTuple):
    """What is wrong with a line: its number from 1, the field, and what it says."""

    line: int
    field: str
    what: str


class LineFaults(ValueError):
    """A file that does not follow the schema: its first few faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"line {faults[0].line} {faults[0].field}: {faults[0].what}")
        self.faults = tuple(faults)


FIELDS = (*Asked._fields, *Judged._fields, "response_sha256")
#: More lines than any data of this suite has items; a file of more is not read on.
MAX_LINES = 20_000
#: Reading stops at so many faults: a file that is wrong throughout costs no more to refuse.
MAX_FAULTS = 5
#: The first 64 bits of the hash of nothing.
EMPTY_REPLY = int(hashlib.sha256(b"").hexdigest()[:16], 16)
_ABOUT, _BECAME = TypeAdapter(About), TypeAdapter(Became)
_WHOLE = TypeAdapter(Whole)
_HASH_LENGTH = len(b', "response_sha256": ""}') + 64
_CUT = b', "outcome": '
_NEWLINE = ord("\n")


def dump(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """The one spelling of verdicts.jsonl."""
    ordered = ({name: line.get(name) for name in FIELDS} for line in lines)
    return "".join(json.dumps(line) + "\n" for line in ordered).encode()


def parse(data: bytes) -> Verdicts:
    """Parse the file; LineFaults names the first few faults."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE)
    if len(ends) > MAX_LINES:
        raise LineFaults([Fault(MAX_LINES + 1, "", f"more than {MAX_LINES} lines")])
    try:
        return _cut(data, ends)
    except ValueError:
        return _one_by_one(data)


def _one_by_one(data: bytes) -> Verdicts:
    """Another spelling, or a fault: each line as a whole."""
    asked, judged, replies = list[Asked](), list[Judged](), list[str]()
    faults: list[Fault] = []
    for number, line in enumerate(io.BytesIO(data), 1):
        try:
            found: Mapping[str, Any] = _WHOLE.validate_json(line.strip(b"\n"))
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False):
                where = ".".join(map(str, fault["loc"]))
                faults.append(Fault(number, where, f"{fault['msg']} (got {short(fault['input'])})"))
            if len(faults) >= MAX_FAULTS:
                break
            continue
        asked.append(Asked(*(found[name] for name in Asked._fields)))
        judged.append(Judged(*(found[name] for name in Judged._fields)))
        replies.append(found["response_sha256"])
    if faults:
        raise LineFaults(faults[:MAX_FAULTS])
    return Verdicts(asked, judged, _numbers("".join(r[:16] for r in replies)), exact=False)


def short(value: Any) -> str:
    """A value as a fault shows it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _numbers(hexadecimal: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(hexadecimal), dtype=">u8").astype(np.uint64)


def _cut(data: bytes, ends: np.ndarray) -> Verdicts:
    """The lines that end there, cut; ValueError where one is not in the one spelling."""
    starts, tails = np.append(0, ends[:-1] + 1)[: len(ends)], ends - _HASH_LENGTH
    if (data and data[-1] != _NEWLINE) or (tails < starts).any():
        raise ValueError("another spelling")
    replies = _hashes(data, tails)
    known = _SAME.get(len(ends))
    # The same items in the same order, as in most files.
    if known is not None and all(map(data.startswith, known.texts, starts.tolist())):
        rest = _pieces(data, starts + known.lengths, tails)
        said = {text: _rest(text) for text in set(rest)}
        return Verdicts(known.asked, [said[text] for text in rest], replies, exact=True)
    cut = [line.partition(_CUT) for line in _pieces(data, starts, tails)]
    texts = [text for text, _, _ in cut]
    made = _Items(np.array([*map(len, texts)], int), texts, tuple(_asked(t) for t in texts))
    verdicts = Verdicts(made.asked, [_judged(text) for _, _, text in cut], replies, exact=True)
    if len(_SAME) >= _MOST_SAME:
        _SAME.clear()
    _SAME[len(ends)] = made
    return verdicts


def _pieces(data: bytes, starts: np.ndarray, ends: np.ndarray) -> list[bytes]:
    return [data[i:j] for i, j in zip(starts.tolist(), ends.tolist(), strict=True)]


class _Items(NamedTuple):
    """What a file's lines say of their items: the length of each text, the text, parsed."""

    lengths: np.ndarray
    texts: Sequence[bytes]
    asked: Sequence[Asked]


#: Number of lines -> the items of the latest file of so many.
_SAME: dict[int, _Items] = {}
_MOST_SAME = 8
_BEFORE, _BEHIND = (np.frombuffer(t, np.uint8) for t in (b', "response_sha256": "', b'"}'))
_DIGIT = np.zeros(256, dtype=bool)
_DIGIT[list(b"0123456789abcdef")] = True


def _hashes(data: bytes, tails: np.ndarray) -> np.ndarray:
    """The first 64 bits of each line's last field, from `tails` on; ValueError where one is not
    that field."""
    if not len(tails):
        return np.empty(0, np.uint64)
    table = sliding_window_view(np.frombuffer(data, np.uint8), _HASH_LENGTH)[tails]
    start = len(_BEFORE)
    right = (table[:, :start] == _BEFORE).all() and (table[:, -len(_BEHIND) :] == _BEHIND).all()
    if not right or not _DIGIT[table[:, start : -len(_BEHIND)]].all():
        raise ValueError("another spelling")
    return _numbers(table[:, start : start + 16].tobytes().decode("ascii"))


@functools.lru_cache(maxsize=1024)
def _rest(text: bytes) -> Judged:
    """What became of an item, from the text between what was asked and the reply's hash."""
    if not text.startswith(_CUT):
        raise ValueError("another spelling")
    return _judged(text[len(_CUT) :])


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
