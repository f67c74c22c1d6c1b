"""A sample of a run's replies for people to label, with its files copied beside it.

Only replies that are there can be labelled: an item whose outcome is the model's or a provider's
fault, a canary, a reply whose file is gone or changed, is none of the sample and is counted. People
are shown what a judge is shown: under an attack the request without its wrapper, and what that
does.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from judger.contract.item import Item
from judger.contract.outcomes import OUTCOME_MEANING, SIDE
from judger.media.files import MediaError, checked
from judger.offline.replies import Line
from judger.reply.reply import Reply
from leaderboard.labelling.drawn import FILES, ITEMS, Drawn, DrawnError, beside, text_of
from leaderboard.labelling.stratify import draw
from leaderboard.report.items import replies
from leaderboard.report.items.rows import About, reply_roots, request_roots, scenarios
from leaderboard.runs.read import Run, Sample
from uni_safe_tasks.suite.items import NoSuchItem
from uni_safe_tasks.suite.items import item as suite_item

_KEYS = {"image": "images", "audio": "audios", "video": "videos"}


@dataclass(frozen=True)
class Labelled:
    """A sample and why so many items of the run could not be in it."""

    items: tuple[Drawn, ...]
    left_out: Counter[str]


def write(run: Run, n: int, seed: int, sheet: Path) -> Labelled:
    """Draw `n` items and write them, with copies of their files, beside `sheet`.

    DrawnError, with nothing touched, where another sample or another page has that name: labels
    may hang on it, and its files have the same names. OSError.
    """
    target, files = beside(sheet, ITEMS), beside(sheet, FILES)
    sheet.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=sheet.parent, prefix=".uni-safe-label-") as folder:
        made = sample(run, n, seed, Path(folder) / sheet.name)
        text = text_of(made.items)
        if not target.exists() and (there := next((p for p in (sheet, files) if p.exists()), None)):
            raise DrawnError(f"{there} is there already, and is no sample's: name another --out")
        if target.exists() and target.read_text(encoding="utf-8") != text:
            raise DrawnError(
                f"{target} holds another sample, labels may hang on it: name another --out"
            )
        for name in (name for item in made.items for name in (*item.given, *item.made)):
            files.mkdir(exist_ok=True)
            (Path(folder) / name).replace(sheet.parent / name)
        target.write_text(text, encoding="utf-8")
    return made


def sample(run: Run, n: int, seed: int, sheet: Path) -> Labelled:
    """Draw `n` items and copy their files to where `sheet` will look for them; DrawnError when
    there is nothing to label."""
    roots = reply_roots(run)
    left_out: Counter[str] = Counter()
    there: list[tuple[Sample, Reply]] = []
    for one in run.samples:
        reply = replies.reply_of(one)
        if why := _unfit(one, reply, roots):
            left_out[why] += 1
        else:
            there.append((one, reply))
    if not there:
        raise DrawnError(f"{run.folders[0]} holds no reply that a person could label")
    known, given_roots = scenarios(run), request_roots(run)
    items = []
    for number, (one, reply) in enumerate(draw(there, lambda pair: pair[0].record, n, seed), 1):
        about = known.get(one.record.item_id, About(media=one.input_media[:4]))
        asked = _asked(one, about)
        if asked is None:
            left_out["what was asked inside the attack's wrapper is not known here: other data or "
                     "wording than installed"] += 1  # fmt: skip
            continue
        made = _Copies(sheet, number)
        media = asked.files if asked.attack else about.media
        given = made.copied(media, given_roots, "given")
        for file in reply.files:
            made.copied([str(file.path)], roots, _KEYS[file.kind])
        files = {key: tuple(made.paths.get(key, ())) for key in _KEYS.values()}
        item = Drawn.of(asked, reply, given=given, lacking="; ".join(made.lacking), **files)
        if not _reads_alike(item, reply, sheet.parent):
            left_out["cannot be handed to a judge again as it was judged"] += 1
            continue
        items.append(item)
    if not items:
        raise DrawnError(f"{run.folders[0]}: nothing can be labelled: {', '.join(left_out)}")
    return Labelled(tuple(items), left_out)


def _unfit(one: Sample, reply: Reply, roots: Sequence[Path]) -> str:
    """Why nobody can label this item; "" where one can."""
    record = one.record
    if record.kind == "canary":
        return "canary: its word came back or not, nobody judges it"
    if SIDE.get(record.outcome) in ("model", "provider"):
        return OUTCOME_MEANING[record.outcome]
    if reply.fault is not None or not (reply.text or reply.files):
        return OUTCOME_MEANING[reply.fault or "no_output"]
    _, note = replies.files(reply, roots)
    return "a file of the reply is gone or is another than was judged" if note else ""


class _Copies:
    """Copies of the files of one item, named by its number: no name of a model's stays."""

    def __init__(self, sheet: Path, number: int) -> None:
        self.folder, self._number = beside(sheet, FILES), number
        self.paths: dict[str, list[str]] = {}
        self.lacking: list[str] = []

    def copied(self, paths: Sequence[str], roots: Sequence[Path], key: str) -> tuple[str, ...]:
        """Their paths relative to the sheet; those that cannot be copied are in `lacking`."""
        found = self.paths.setdefault(key, [])
        for path in paths:
            try:
                real = checked(path, roots)
                self.folder.mkdir(parents=True, exist_ok=True)
                name = f"{self._number:04d}-{key}-{len(found) + 1}{real.suffix.lower()}"
                shutil.copyfile(real, self.folder / name)
            except (MediaError, OSError) as error:
                self.lacking.append(f"{Path(path).name[:80]} is not here ({type(error).__name__})")
                continue
            found.append(f"{self.folder.name}/{name}")
        return tuple(found)


def _asked(one: Sample, about: About) -> Item | None:
    """The request as a judge was shown it; None where it is only known inside a wrapper."""
    record = one.record
    if not record.attack:
        told = {"intent": about.intent, "media_text": about.words}
        prompt = one.prompt or "(the run does not say what was asked)"
        return Item.model_validate({**record.to_json(), **told, "prompt": prompt})
    try:
        item = suite_item(record.item_id, record.attack)
    except NoSuchItem:
        return None
    was = record.prompt_sha256, record.attack_sha256
    return item if was == (item.prompt_sha256, item.attack_sha256) else None


def _reads_alike(item: Drawn, reply: Reply, folder: Path) -> bool:
    """Would a judge be shown the same reply that people label?"""
    again = Line(
        item_id=item.id,
        reply=item.reply,
        images=item.images,
        audios=item.audios,
        videos=item.videos,
    ).read(folder)
    hashes = [[file.sha256 for file in one.files] for one in (reply, again)]
    return again.fault is None and again.text == reply.text and hashes[0] == hashes[1]
