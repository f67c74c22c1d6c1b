"""Which weights a run's own configuration names: the harness's `--model` and `--model_args`."""

from __future__ import annotations

import re

from judger.contract.texts.model_names import identity

_NAMED = re.compile(
    r"(?:^|[\s,])(?P<key>pretrained|model|model_version|model_name|model_id|model_path|image_model)"
    r"=(?P<name>[^,\s]+)"
)


def named_weights(backend: str) -> list[str]:
    """Every model that a back end's arguments name; where none does, what is named in their place.

    `backend` is `--model` and `--model_args` with a blank between (`submission.measured`).
    """
    named = [found["name"].strip("'\"") for found in _NAMED.finditer(backend)]
    return named or [backend.strip()]


def own_weights(backend: str) -> set[str]:
    """What identifies the weights that answer: a second model that only draws is left out."""
    named = [
        found["name"].strip("'\"")
        for found in _NAMED.finditer(backend)
        if found["key"] != "image_model"
    ]
    return {identity(name) for name in named or [backend.strip()]} - {""}
