"""The composition table of the data card, counted from the files.

`python -m uni_safe_tasks.release.card` writes it.

It stands in `data/README.md` between two marks; what is around them is written by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from judger.contract.iso import FORMS
from judger.contract.taxonomy import SUBCATEGORIES, TASK_TYPES
from uni_safe_tasks.release import precision, reviews
from uni_safe_tasks.release.checks import pairs
from uni_safe_tasks.scenario.iso import rows as iso
from uni_safe_tasks.scenario.iso.files import media_paths
from uni_safe_tasks.scenario.locations import DATA
from uni_safe_tasks.scenario.media_files import all_paths
from uni_safe_tasks.scenario.rows import validate_all
from uni_safe_tasks.scenario.schema import Scenario, Utterance
from uni_safe_tasks.suite.iso.document import has_form

BEGIN = "<!-- composition: written by `python -m uni_safe_tasks.release.card` -->"
END = "<!-- end of composition -->"
_MEDIA = {".webp": "pictures (WebP)", ".ogg": "recordings (Opus)", ".mp4": "films (H.264)"}


def composition(folder: Path = DATA) -> str:
    """The tables as Markdown: scenarios, items, intervals, pairs, looks, media, sentences, readers.

    Intervals are those of the data that are installed.
    """
    rows = validate_all(folder)
    counted = (_scenarios(rows), _items(rows), _precision(rows), _pairs(rows), _looks(rows))
    tables = (*counted, _media(rows, folder))
    return "\n\n".join((*tables, *_sentences(folder / "iso"), *_read(folder)))


def _read(folder: Path) -> tuple[str, ...]:
    """What fresh readers said, where the folder holds it."""
    if not (folder / "review").is_dir():
        return ()
    blind = table(
        ("called plainly harmful from the words alone", "harmful items", "benign items"),
        reviews.blind(folder),
    )
    return blind, table(("pairs scored 1 to 5", "mean", "below 3"), reviews.scores(folder))


def table(head: Sequence[str], body: Sequence[Sequence[object]]) -> str:
    """A table in Markdown; all columns but the first stand to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _scenarios(rows: Sequence[Scenario]) -> str:
    body: list[list[object]] = []
    for category, subcategories in SUBCATEGORIES.items():
        ours = [row for row in rows if row.category == category]
        kinds = Counter(row.kind for row in ours)
        body.append([f"**{category}**", *(kinds[k] for k in ("harmful", "benign", "canary"))])
        for name in subcategories:
            kinds = Counter(row.kind for row in ours if row.subcategory == name)
            body.append([name, kinds["harmful"], kinds["benign"], ""])
    kinds = Counter(row.kind for row in rows)
    body.append(["**all**", *(kinds[k] for k in ("harmful", "benign", "canary"))])
    return table(("scenarios", "harmful", "benign", "canary"), body)


def _items(rows: Sequence[Scenario]) -> str:
    body: list[list[object]] = []
    for task_type in TASK_TYPES:
        having = [row for row in rows if getattr(row, task_type) is not None]
        kinds = Counter(row.kind for row in having)
        each = Counter(row.category for row in having)
        least, most = min(each.values()), max(each.values())
        span = str(least) if least == most else f"{least} to {most}"
        counts = [kinds[kind] for kind in ("harmful", "benign", "canary")]
        body.append([task_type, *counts, span, len(having)])
    body.append(["**all**", *[""] * 4, sum(int(str(line[-1])) for line in body)])
    return table(("items", "harmful", "benign", "canary", "in each cell", "all"), body)


def _precision(rows: Sequence[Scenario]) -> str:
    harmful = {row.id for row in rows if row.kind == "harmful"}
    return table(precision.head(), precision.widths(harmful))


def _pairs(rows: Sequence[Scenario]) -> str:
    sides: tuple[pairs.Difference, ...] = ("same words", "same medium", "both differ")
    body = [[form, *(counts[side] for side in sides)] for form, counts in pairs.table(rows).items()]
    return table(("pairs of a harmful and a benign item", *sides), body)


def _looks(rows: Sequence[Scenario]) -> str:
    """How harmful rows look and sound: what a figure of the card says is counted here."""
    ours = [row for row in rows if row.kind == "harmful"]
    films = [row.video_analysis for row in ours if row.video_analysis]
    sounds = [row.audio_processing for row in ours if row.audio_processing]
    counted: list[tuple[str, int]] = [
        (f"severity {n}", sum(row.severity == n for row in ours)) for n in (1, 2, 3)
    ]
    for form in ("image_understanding", "multimodal_interaction"):
        scenes = sum(getattr(row, form).picture.kind == "scene" for row in ours)
        counted.append((f"{form}: scenes of things", scenes))
    edits = sum(bool(row.image_generation and row.image_generation.picture) for row in ours)
    moving = sum(any(t.does for shot in f.storyboard for t in shot.things) for f in films)
    counted += [
        ("image_generation: edits of a picture", edits),
        ("films in which things move", moving),
        ("films whose answer depends on the order of shots", sum(f.order_matters for f in films)),
        ("films that speak", sum(bool(f.speech) for f in films)),
        ("recordings with noise", sum(bool(s.noise) for s in sounds)),
        ("recordings with more than one voice", sum(_voices(s.speech) > 1 for s in sounds)),
    ]
    return table(("of the harmful scenarios", "have"), counted)


def _voices(speech: Sequence[Utterance]) -> int:
    return len({turn.voice for turn in speech})


def _sentences(folder: Path) -> tuple[str, ...]:
    """The second suite, where the folder holds it: sentences, items and megabytes of media."""
    if not folder.is_dir():
        return ()
    rows = iso.read_all(folder)
    body: list[list[object]] = []
    for category in SUBCATEGORIES:
        kinds = Counter(row.kind for row in rows if row.category == category)
        body.append([category, *(kinds[k] for k in ("harmful", "benign", "canary"))])
    kinds = Counter(row.kind for row in rows)
    body.append(["**all**", *(kinds[k] for k in ("harmful", "benign", "canary"))])
    asked: list[list[object]] = []
    for form, told in FORMS.items():
        mine = [media_paths(row)[form] for row in rows if form in media_paths(row)]
        size = sum((folder / path).stat().st_size for path in mine)
        asked.append([told, sum(has_form(row, form) for row in rows), f"{size / 1e6:.1f}"])
    return (
        table(("sentences in five forms", "harmful", "benign", "canary"), body),
        table(("the sentence is", "items", "MB of media"), asked),
    )


def _media(rows: Sequence[Scenario], folder: Path) -> str:
    files = {path for found in all_paths(rows).values() for path in found.values()}
    sizes = {path: (folder / path).stat().st_size for path in files}
    body: list[list[object]] = []
    for suffix, name in _MEDIA.items():
        ours = [size for path, size in sizes.items() if path.endswith(suffix)]
        body.append([name, len(ours), f"{sum(ours) / 1e6:.1f}"])
    body.append(["**all**", len(files), f"{sum(sizes.values()) / 1e6:.1f}"])
    return table(("media", "files", "MB"), body)


def filled(card: str, tables: str, begin: str = BEGIN, end: str = END) -> str:
    """The card with the tables between two marks; ValueError when a mark is missing."""
    before, first, rest = card.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"the card has no {begin if not first else end}")
    return f"{before}{begin}\n\n{tables}\n\n{end}{after}"


def write(folder: Path = DATA) -> bool:
    """Bring the card's table up to date; False when it was."""
    path = folder / "README.md"
    card = path.read_text(encoding="utf-8")
    now = filled(card, composition(folder))
    if now != card:
        path.write_text(now, encoding="utf-8")
    return now != card


if __name__ == "__main__":
    print(f"README.md: {'written' if write() else 'as it was'}")
