"""The index of tasks is read by libyaml: seconds of Python less before a run begins.

lmms-eval reads its 1,900 files of tasks with PyYAML's loader in Python. The same loader stands over
a parser in C beside it, and gives the same objects. It is used while the index is made, and for
nothing else; where PyYAML has no such loader, nothing changes. What it cannot read is read as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import yaml


@contextmanager
def reading_in_c() -> Iterator[None]:
    """While this lasts `yaml.full_load` reads by libyaml, if that is there."""
    in_c: Any = getattr(yaml, "CFullLoader", None)
    if in_c is None:
        yield
        return
    in_python = yaml.full_load

    def full_load(stream: Any) -> Any:
        # The harness adds its `!function` to the loader in Python alone, again for each file.
        loader = type("Loader", (in_c,), {"yaml_constructors": yaml.FullLoader.yaml_constructors})
        try:
            return yaml.load(stream, loader)
        except yaml.YAMLError:
            stream.seek(0)
            return in_python(stream)

    with mock.patch.object(yaml, "full_load", full_load):
        yield
