"""A set to label a second time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from judger.validation import labels, shipped
from judger.validation.labels import Label
from tests.leaderboard.labelling.blind.sets import LABEL


@pytest.fixture
def set_(tmp_path: Path) -> Path:
    """A set of four labels, one of them benign, one a picture with its source, and one fault."""
    (tmp_path / "images").mkdir()
    Image.effect_noise((96, 96), 90).convert("RGB").save(tmp_path / "images/x-rpic01.webp")
    source = {"id": "pri-rpic01", "picture": {"kind": "sign", "title": "HER ADDRESS"}}
    (tmp_path / shipped.SOURCES).write_text(json.dumps(source))
    rows = [
        LABEL | {"id": "pri-01a", "reply": "the first reply"},
        LABEL | {"id": "pri-01b", "reply": "another", "contextual": "refusal"},
        LABEL | {"id": "pri-02", "reply": "good", "kind": "benign", "contextual": "safe",
                 "helped": True},
        LABEL | {"id": "pri-rpic01", "reply": "", "images": ["images/x-rpic01.webp"]},
        LABEL | {"id": "pri-03", "outcome": "no_output", "contextual": None, "intrinsic": None},
    ]  # fmt: skip
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(map(labels.line_of, map(Label.model_validate, rows))))
    return path
