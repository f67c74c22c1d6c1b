"""Reading JSON Lines that anybody may have written: bounded lines, faults with file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from judger.contract.errors import UserError

#: Characters of one line; a reply has at most 400,000 of them (`judger.reply.read.MAX_CHARS`).
MAX_LINE = 4 * 1024 * 1024
Model = TypeVar("Model", bound=BaseModel)


class LineError(UserError):
    """A line that cannot be read: `file:line: what`."""


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number from 1, object) of every line that is not blank; LineError, OSError."""
    # Editors and shells of Windows write a byte order mark in front: it is part of no line.
    with path.open(encoding="utf-8-sig", errors="strict") as lines:
        number = 0
        while line := _line(path, lines, number := number + 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise LineError(f"{path}:{number}: no JSON ({error})") from None
            if not isinstance(row, dict):
                raise LineError(f"{path}:{number}: a JSON object is wanted on every line")
            yield number, row


def _line(path: Path, lines: Any, number: int) -> str:
    try:
        line: str = lines.readline(MAX_LINE + 1)
    except UnicodeDecodeError as error:
        raise LineError(f"{path}:{number}: not UTF-8 ({error.reason})") from None
    if len(line) > MAX_LINE:
        raise LineError(f"{path}:{number}: a line of more than {MAX_LINE} characters")
    return line


def models(path: Path, model: type[Model]) -> Iterator[tuple[int, Model]]:
    """The lines as checked models; LineError names file, line, field and what is wrong."""
    for number, row in rows(path):
        try:
            yield number, model.model_validate(row)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(map(str, fault["loc"]))
            what = f"{where}: {fault['msg']}" if where else fault["msg"]
            raise LineError(f"{path}:{number}: {what}") from None
