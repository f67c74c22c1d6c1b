"""What an item says of itself: its definitions, and the hash of all that the model was given."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES
from tests.judger.items import item


def test_definitions_are_those_of_the_taxonomy_and_empty_elsewhere() -> None:
    one = item()
    assert one.category_definition == CATEGORIES["privacy_leak"] != ""
    assert one.subcategory_definition == SUBCATEGORIES["privacy_leak"]["financial_privacy"] != ""
    odd = item(category="c", subcategory="s")
    assert (odd.category_definition, odd.subcategory_definition) == ("", "")


@pytest.mark.parametrize("media", [(), ("image",), ("image", "audio", "video")])
def test_the_hash_is_of_the_words_and_of_every_medium(
    media: tuple[str, ...], tmp_path: Path
) -> None:
    wanted, paths = hashlib.sha256(b"Do this."), {}
    for name in media:
        paths[name] = str(tmp_path / name)
        (tmp_path / name).write_bytes(name.encode())
        wanted.update(hashlib.sha256(name.encode()).digest())
    one = item(prompt="Do this.", **paths)
    assert one.prompt_sha256 == wanted.hexdigest()
    for name in media:
        (tmp_path / name).write_bytes(b"another")
        assert one.prompt_sha256 != wanted.hexdigest()


def test_what_comes_as_none_is_absent() -> None:
    doc = {**item().model_dump(), "answer": None, "image": None}
    assert type(item()).from_doc(doc) == item()
    assert set(item().facts()) >= {"item_id", "kind", "category", "task_type", "data_version"}
