"""Groups of models over the items they share: unified against specialised, over many runs.

With three models or more a side the intervals say what other scenarios and other models of these
families could have brought; with fewer they hold for these models alone, and say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from judger.contract.cell import Cell
from judger.contract.taxonomy import CATEGORIES, TASK_TYPES
from judger.rates.family import margins
from judger.rates.metrics import score
from judger.rates.paired import Pair, Paired, paired
from judger.rates.statistics import Mean, cell_of, cluster_of, eligible, macro_mean
from leaderboard.compare import over_models
from leaderboard.compare.differences import split, unshared
from leaderboard.compare.over_models import Member
from leaderboard.published.paper_results import FAMILIES, Family

SPECIALISED: tuple[Family, ...] = ("llm", "vlm", "generator")
UNIFIED: tuple[Family, ...] = ("open_unified",)


@dataclass(frozen=True)
class Groups:
    """`means`: family -> task type -> mean over its models, None where one of them has no verdict.

    The means of one task type are all over the same cells: those in which every model that does
    the type has verdicts. `lacking` names, model by model, the cells that it has no verdicts in and
    others have, in the types that its family does.

    `overall`, `types` and `categories` are unified minus specialised on shared items, one family of
    tests; `reach` says of each row whether it holds for the families or these models; `only_first`
    / `only_second` name the cells that just the specialised / the unified can do, `apart` those
    without a shared scored item, and why; `changed` counts by cell the items with other prompts.
    """

    metric: str
    models: Mapping[Family, Sequence[str]]
    means: Mapping[Family, Mapping[str, Mean | None]]
    lacking: Mapping[str, Sequence[str]]
    overall: Paired
    types: Mapping[str, Paired]
    categories: Mapping[str, Paired]
    reach: Mapping[str, str]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    apart: Mapping[str, str]
    changed: Mapping[str, int]


def compare_groups(
    metric: str,
    members: Sequence[Member],
    first: Sequence[Family] = SPECIALISED,
    second: Sequence[Family] = UNIFIED,
) -> Groups:
    """All differences between two groups of families; a group may be empty, then so is the rest."""
    compared = [m for m in members if m.family in (*first, *second)]
    changed = _changed(metric, compared)
    sides = [[m for m in compared if m.family in families] for families in (first, second)]
    one, two = (_scores(metric, side, changed) for side in sides)
    cells = [{cell for _, (_, _, cell) in side} for side in (one, two)]
    pairs = {
        (item, place): Pair(*place, one.get((item, place)), two.get((item, place)))
        for item, place in sorted(one.keys() | two.keys())
        if place[2] in cells[0] & cells[1]
    }
    every = list(pairs.values())
    differ = Counter(place[2] for item, place in pairs if item in changed)
    families = [f for f in FAMILIES if any(m.family == f for m in members)]
    both = {item for (item, _), p in pairs.items() if p.first is not None and p.second is not None}
    models = [over_models.cell_means(metric, side, both) for side in sides]
    overall = over_models.generalised(paired(every), models)
    types, categories = (
        {name: over_models.generalised(made, models, name) for name, made in rows.items()}
        for rows in (
            split(every, TASK_TYPES, lambda pair: Cell.labelled(pair.cell).task_type),
            split(every, CATEGORIES, lambda pair: pair.stratum),
        )
    )
    whole, (by_type, by_category) = margins(
        overall.paired,
        {name: found.paired for name, found in types.items()},
        {name: found.paired for name, found in categories.items()},
    )
    return Groups(
        metric=metric,
        models={f: [m.name for m in members if m.family == f] for f in families},
        means=_means(metric, members, families),
        lacking=_lacking(metric, members),
        overall=whole,
        types=by_type,
        categories=by_category,
        reach={"overall": overall.reach}
        | {name: found.reach for name, found in (types | categories).items()},
        only_first=tuple(sorted(cells[0] - cells[1])),
        only_second=tuple(sorted(cells[1] - cells[0])),
        apart=unshared(every, differ),
        changed=dict(differ),
    )


_Place = tuple[str, str, str]  # category, scenario, cell


def _changed(metric: str, members: Sequence[Member]) -> set[str]:
    """The items that were not put to all of these models in the same words."""
    prompts: dict[str, set[str | None]] = {}
    for member in members:
        for record in eligible(metric, member.records):
            if record.outcome == "scored":  # a fault may not know what was asked
                prompts.setdefault(record.item_id, set()).add(record.prompt_sha256)
    return {item for item, seen in prompts.items() if len(seen) > 1}


def _scores(
    metric: str, members: Sequence[Member], changed: set[str]
) -> dict[tuple[str, _Place], float | None]:
    """The mean score of a group on each item, over its models that have verdicts in the cell.

    None where one of them has no verdict on the item (a mean over other models on other items would
    compare groups of different make-up), and for items that were `changed`.
    """
    able: Counter[str] = Counter()
    found: dict[tuple[str, _Place], list[float]] = {}
    for member in members:
        able.update(_cells(metric, member))
        for r in eligible(metric, member.records):
            place = r.category, cluster_of(r), cell_of(r)
            known = found.setdefault((r.item_id, place), [])
            if (value := score(metric, r)) is not None:
                known.append(value)
    return {
        (item, place): sum(values) / len(values)
        if len(values) == able[place[2]] and item not in changed
        else None
        for (item, place), values in found.items()
        if able[place[2]]
    }


def _cells(metric: str, member: Member) -> set[str]:
    """The cells in which a model has verdicts."""
    scored = (r for r in eligible(metric, member.records) if score(metric, r) is not None)
    return {cell_of(r) for r in scored}


def _means(
    metric: str, members: Sequence[Member], families: Sequence[Family]
) -> dict[Family, dict[str, Mean | None]]:
    """All means, on items that all members were asked in the same words."""
    changed = _changed(metric, members)
    asked = [
        replace(m, records=[r for r in m.records if r.item_id not in changed]) for m in members
    ]
    means: dict[Family, dict[str, Mean | None]] = {family: {} for family in families}
    for task_type in TASK_TYPES:
        cells = {id(m): _of_type(_cells(metric, m), task_type) for m in asked}
        able = [mine for mine in cells.values() if mine]
        shared = set.intersection(*able) if able else set()
        for family, made in means.items():
            mine = [m for m in asked if m.family == family]
            whole = shared and all(cells[id(m)] for m in mine)
            made[task_type] = _mean(metric, mine, shared) if whole else None
    return means


def _mean(metric: str, members: Sequence[Member], cells: set[str]) -> Mean:
    """The mean over models of their means over `cells`; one scenario clusters over all of them."""
    each = [
        record.changed(task_type=f"{record.task_type} by {number}")
        for number, member in enumerate(members)
        for record in member.records
        if cell_of(record) in cells
    ]
    return replace(macro_mean(metric, each), cells=len(cells))


def _lacking(metric: str, members: Sequence[Member]) -> dict[str, list[str]]:
    """Model -> cells that others have verdicts in and it has not, of the types its family does."""
    have = [_cells(metric, m) for m in members]
    every = {cell for cells in have for cell in cells}
    lacking = {}
    for member, cells in zip(members, have, strict=True):
        family = [c for m, c in zip(members, have, strict=True) if m.family == member.family]
        types = {Cell.labelled(cell).task_type for mine in family for cell in mine}
        if gone := sorted(cell for cell in every - cells if Cell.labelled(cell).task_type in types):
            lacking[member.name] = gone
    return lacking


def _of_type(cells: set[str], task_type: str) -> set[str]:
    return {cell for cell in cells if Cell.labelled(cell).task_type == task_type}
