"""Where the lines of a submission count: which cell, which kind, which scenario.

Submissions ask the same items in the same order, so this is worked out once for all of them.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np

from judger.contract.taxonomy import CATEGORIES
from leaderboard.submission import manifest
from leaderboard.submission.manifest import CELLS
from leaderboard.submission.verdicts import Asked

KINDS = ("harmful", "benign", "canary")


@dataclass(frozen=True, eq=False)
class Layout:
    """Facts of lines in the order of their item ids; `order` takes the file's lines to it.

    Arrays over lines: `kinds` (an index of `KINDS`), `columns` (an index of the 42 cells, -1 for no
    cell of the suite) and `clusters` (the scenario; `strata` has each scenario's category). `ours`:
    every line is an item of the data, with the data's own facts, and none stands there twice.
    """

    items: tuple[str, ...]
    order: np.ndarray
    kinds: np.ndarray
    columns: np.ndarray
    clusters: np.ndarray
    strata: np.ndarray
    ours: bool

    @functools.cached_property
    def places(self) -> tuple[tuple[int, ...], str]:
        """Columns and first letters of kinds in plain Python: rows of one layout share them."""
        letters = np.array([kind[0] for kind in KINDS])
        return tuple(self.columns.tolist()), "".join(letters[self.kinds])

    def only(self, kept: np.ndarray) -> Layout:
        """The lines where `kept` is true."""
        return replace(
            self,
            items=tuple(item for item, keep in zip(self.items, kept, strict=True) if keep),
            order=self.order[kept],
            kinds=self.kinds[kept],
            columns=self.columns[kept],
            clusters=self.clusters[kept],
        )


#: The latest layouts and what they are of, by its id. Files of the same items share one tuple
#: (`verdicts.parse`), and to hash its lines would cost as much as all that is counted of them.
_LATEST: dict[int, tuple[tuple[Asked, ...], Layout]] = {}
_MOST = 8


def layout_of(asked: tuple[Asked, ...]) -> Layout:
    """The layout of a file's lines."""
    known, made = _LATEST.get(id(asked), (None, None))
    if made is None or known is not asked:
        made = _made(asked)
        if len(_LATEST) >= _MOST:
            _LATEST.clear()
        _LATEST[id(asked)] = asked, made
    return made


@functools.lru_cache(maxsize=8)
def _made(asked: tuple[Asked, ...]) -> Layout:
    order = sorted(range(len(asked)), key=asked.__getitem__)
    lines = [asked[index] for index in order]
    column = {cell: index for index, cell in enumerate(CELLS)}
    categories = {category: index for index, category in enumerate(sorted(CATEGORIES))}
    names = [(line.category, line.item_id.rpartition(".")[0]) for line in lines]
    clusters = {name: index for index, name in enumerate(sorted(set(names)))}
    known = manifest.items()
    return Layout(
        items=tuple(line.item_id for line in lines),
        order=np.array(order, dtype=int),
        kinds=np.array([KINDS.index(line.kind) for line in lines], dtype=int),
        columns=np.array(
            [column.get((line.category, line.task_type), -1) for line in lines], dtype=int
        ),
        clusters=np.array([clusters[name] for name in names], dtype=int),
        strata=np.array([categories.get(category, -1) for category, _ in clusters], dtype=int),
        ours=len(set(lines)) == len(lines) and all(x == known.get(x.item_id) for x in lines),
    )
