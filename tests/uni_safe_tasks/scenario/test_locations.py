"""What leaves name in the two modules of locations: each category's file, and nothing else."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from judger.contract.taxonomy import CATEGORIES
from uni_safe_tasks.scenario import locations
from uni_safe_tasks.scenario.iso import locations as iso

BOTH = pytest.mark.parametrize("places", [locations, iso], ids=["cells", "sentences"])


@BOTH
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_is_its_file(places: ModuleType, category: str) -> None:
    path = Path(getattr(places, category))
    assert path == places.DATA / f"{category}.jsonl" and path.is_file()


@BOTH
def test_other_names_are_none(places: ModuleType) -> None:
    assert len(places.media_version) == 16
    for name in ("toxicity", "__path__", "media"):
        assert not hasattr(places, name)


def test_the_two_suites_have_media_of_their_own() -> None:
    assert locations.DATA != iso.DATA and locations.media_version != iso.media_version
