"""Rows of a file by how its name ends: CSV, JSON, JSON Lines (also packed), Parquet."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from uni_safe_tasks.importers.source import MAX_BYTES, SourceError, csv_rows, json_rows


def records(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`file:row`, row) of a file that has at least `fields`; SourceError otherwise."""
    if path.name.endswith(".csv"):
        return csv_rows(path, fields)
    if path.name.endswith((".jsonl.gz", ".jsonl.xz")):
        return _packed(path, fields)
    if path.name.endswith(".parquet"):
        return _parquet(path, fields)
    return json_rows(path, fields)


def _packed(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if path.suffix != ".gz":
        raise SourceError(f"{path}: unpack it first (xz -dk)")
    read = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                read += len(line)
                if read > MAX_BYTES:
                    raise SourceError(f"{path}: more than {MAX_BYTES} bytes are too many")
                if line.strip():
                    yield _whole(f"{path}:{number}", json.loads(line), fields)
    except (ValueError, RecursionError, OSError, EOFError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: no packed JSON Lines ({error})") from None


def _parquet(path: Path, fields: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise SourceError(
            f"{path}: reading Parquet needs pyarrow (`pip install pyarrow`); CSV will do"
        ) from None
    if (size := path.stat().st_size) > MAX_BYTES:
        raise SourceError(f"{path}: {size} bytes are too many for this set")
    try:
        with parquet.ParquetFile(path) as table:
            number = 0
            for batch in table.iter_batches(batch_size=256):
                for row in batch.to_pylist():
                    number += 1
                    yield _whole(f"{path}:{number}", row, fields)
    except (ArrowException, OSError) as error:
        raise SourceError(f"{path}: no Parquet ({' '.join(str(error).split())[:200]})") from None


def _whole(where: str, row: Any, fields: Sequence[str]) -> tuple[str, dict[str, Any]]:
    missing = [f for f in fields if not isinstance(row, dict) or f not in row]
    if missing:
        raise SourceError(f"{where}: no field {', '.join(missing)}")
    return where, row
