"""What libyaml reads of the harness's files is what PyYAML reads, and it is the one that is asked."""

from __future__ import annotations

import io
import re
from pathlib import Path

import lmms_eval
import pytest
import yaml
from lmms_eval.utils import load_yaml_config

from uni_safe_tasks.harness.patches.yaml_in_c import reading_in_c

FILES = sorted((Path(lmms_eval.__file__).parent / "tasks").rglob("*.yaml"))


def read(path: Path) -> str:
    """What the harness holds of a file, without the addresses of what it does not import."""
    return re.sub(r"0x[0-9a-f]+", "", repr(load_yaml_config(str(path), mode="simple")))


def test_the_same_objects_as_in_python() -> None:
    some = FILES[::20]
    assert len(some) > 50
    with reading_in_c():
        in_c = [read(path) for path in some]
    assert in_c == [read(path) for path in some]


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML without libyaml")
def test_it_is_the_parser_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    original = yaml.full_load
    monkeypatch.delattr(yaml.reader.Reader, "peek")
    with reading_in_c():
        assert yaml.full_load(io.BytesIO(b"task: one")) == {"task": "one"}
    assert yaml.full_load is original


def test_what_it_cannot_read_is_an_error_as_before() -> None:
    with reading_in_c(), pytest.raises(yaml.YAMLError):
        yaml.full_load(io.BytesIO(b"a: [1, 2"))


def test_without_libyaml_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CFullLoader")
    original = yaml.full_load
    with reading_in_c():
        assert yaml.full_load is original
