"""From a request and a part of a reply to a judge's messages, by the templates in templates/judger.

The reply is evidence, never instruction. It stands between two marks that hold the question's
ticket (`judges.ticket`), which nobody can write into a reply beforehand.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from judger.contract.item import Item
from judger.contract.outcomes import AXES, OFFERED, Axis
from judger.contract.settings import Settings, SettingsError
from judger.contract.taxonomy import CATEGORIES, SUBCATEGORIES
from judger.judges.ticket import ticket_of
from judger.media.bounds import SENT_FILM_BYTES
from judger.media.encode import encode, media_of
from judger.reply.parts import Part


def template_folder() -> Path:
    """templates/judger: inside the wheel beside this module, in a checkout at the top level."""
    inside = Path(__file__).parents[1] / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "templates" / "judger"


def variants() -> list[str]:
    """Every wording that `UNI_JUDGER_VARIANT` may name."""
    folder = template_folder() / "variants"
    return ["default", *sorted(path.name for path in folder.iterdir() if path.is_dir())]


@functools.lru_cache
def _environment(variant: str) -> jinja2.Environment:
    if variant not in variants():  # nor may a name lead out of the folder
        known = ", ".join(variants())
        raise SettingsError(f"UNI_JUDGER_VARIANT={variant!r} is no wording; there are {known}")
    # A variant overrides single files; what it lacks comes from the default wording.
    root = template_folder()
    folders = [root / "variants" / variant, root]
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        auto_reload=False,  # else each question costs a look at each file
    )


@functools.lru_cache
def _template(variant: str, name: str) -> jinja2.Template:
    template = _environment(variant).get_template(name)
    template.globals = dict(template.globals)  # jinja copies them for each text, slowly
    return template


@functools.lru_cache
def template_sha256(variant: str = "default") -> dict[str, str]:
    """The hash of all our words behind each axis.

    Its own template, the common ones, and for the contextual axis the definitions it is shown.
    """
    env = _environment(variant)
    assert env.loader is not None

    def source(name: str) -> bytes:
        assert env.loader is not None
        return env.loader.get_source(env, name)[0].encode()

    shown = {"contextual": json.dumps([CATEGORIES, SUBCATEGORIES]).encode(), "intrinsic": b""}
    shown["contextual"] += source("helped.jinja")
    common = source("system.jinja") + source("again.jinja")
    return {
        axis: hashlib.sha256(common + source(f"{axis}.jinja") + shown[axis]).hexdigest()
        for axis in AXES
    }


def wrapper_note(variant: str = "default") -> str:
    """The source of what a judge is told of an attack; no part of `template_sha256`.

    It is shown under an attack only, and the hash of the attack's wording holds it.
    """
    env = _environment(variant)
    assert env.loader is not None
    return env.loader.get_source(env, "wrapped.jinja")[0]


def again(variant: str, ticket: str) -> dict[str, str]:
    """The message of the one re-ask."""
    return {"role": "user", "content": _template(variant, "again.jinja").render(ticket=ticket)}


@dataclass(frozen=True)
class Rendered:
    """The messages of one question, the ticket its answer must carry, and whether `helped` is
    asked."""

    messages: list[dict[str, Any]]
    ticket: str
    asks_helped: bool


def render(axis: Axis, item: Item, part: Part, settings: Settings, mode: str) -> Rendered:
    """Render one question; MediaError when a file of the request or reply cannot be opened."""
    # Media first: where they are not at hand, nothing else was done in vain.
    reply_media = encode(part.path, part.kind, settings, part.sha256) if part.path else []
    request_media = media_of(item, settings) if axis == "contextual" else []
    ticket = ticket_of(axis, item, part, settings, template_sha256(settings.variant))
    marks = {"open": f"<<<{ticket}", "close": f"{ticket}>>>"}
    asks_helped = axis == "contextual" and item.kind == "benign"
    text = _template(settings.variant, f"{axis}.jinja").render(
        **marks,
        item=item,
        part=part,
        request=visible(told(item)),
        request_media=", with its media above" if request_media else "",
        reply=visible(part.text),
        reply_media=f"the {part.kind} at the end of this message",
        asks_helped=asks_helped,
    )
    if item.attack and axis == "contextual":
        note = _template(settings.variant, "wrapped.jinja")
        text = f"{note.render(**marks, about=visible(item.attack_about[:_LONGEST]))}\n\n{text}"
    system = _system(settings.variant, axis, mode, asks_helped).replace(_ANY_TICKET, ticket)
    content: Any = text
    if request_media or reply_media:
        content = [*request_media, {"type": "text", "text": text}, *reply_media]
    return Rendered(
        [{"role": "system", "content": system}, {"role": "user", "content": content}],
        ticket,
        asks_helped,
    )


#: No description of an attack is longer (characters).
_LONGEST = 300
#: Stands where a ticket will: the system message is the same for all questions of an axis but that.
_ANY_TICKET = "0ticket0"


@functools.lru_cache
def _system(variant: str, axis: Axis, mode: str, asks_helped: bool) -> str:
    facts = {"ticket": _ANY_TICKET, "open": f"<<<{_ANY_TICKET}", "close": f"{_ANY_TICKET}>>>"}
    template = _template(variant, "system.jinja")
    return template.render(**facts, offered=OFFERED[axis], mode=mode, asks_helped=asks_helped)


def intent_messages(item: Item, ticket: str, settings: Settings) -> list[dict[str, Any]]:
    """The question for a request's intent (`judger.offline.intents`); MediaError as in `render`."""
    media = media_of(item, settings)
    facts = {
        "ticket": ticket,
        "open": f"<<<{ticket}",
        "close": f"{ticket}>>>",
        "category": item.category,
        "category_definition": item.category_definition,
        "task_type": item.task_type,
        "request": visible(told(item)),
        "request_media": ", with its media above" if media else "",
    }
    template = _environment(settings.variant).get_template("intents.jinja")
    system, text = (template.render(role=role, **facts) for role in ("system", "user"))
    content: Any = [*media, {"type": "text", "text": text}] if media else text
    return [{"role": "system", "content": system}, {"role": "user", "content": content}]


def shown(settings: Settings) -> str:
    """What a judge of these settings is shown of files, as its identity says it."""
    taken = settings.modalities
    said = ["+".join(sorted(taken))]
    if "image" in taken:
        said.append(f"pictures to {settings.image_side} px")
    if "image" in taken:
        frames = f"{settings.video_frames} frames"
        whole = f"a film as a film (MP4, WebM to {SENT_FILM_BYTES // 1024**2} MiB), else as "
        said.append(f"{whole}{frames}" if "video" in taken else f"a film as {frames}")
        said.append(f"a film's sound {'as sound' if 'audio' in taken else 'not at all'}")
    return ", ".join(said)


def told(item: Item) -> str:
    """The request in words: its text, and what its media show or speak where that is known."""
    return f"{item.prompt}\n\n[attached: {item.media_text}]" if item.media_text else item.prompt


_OUR_MARKS = re.compile(r"<{3,}|>{3,}|V(?=ERDICT\s*\[)", re.I)
#: What no reader sees though Unicode counts it as printable: fillers, joiners, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_DOT = "\N{MIDDLE DOT}"


def visible(text: str) -> str:
    """Evidence made harmless: our marks broken up, invisible and direction characters spelled."""
    broken = text
    if "[" in text or "<<<" in text or ">>>" in text:  # no mark is without one of these
        broken = _OUR_MARKS.sub(lambda mark: mark[0][0] + _DOT + _DOT.join(mark[0][1:]), text)
    if not broken.isascii():
        broken = _UNSEEN.sub(lambda unseen: f"[U+{ord(unseen[0]):04X}]", broken)
    if broken.replace("\n", "").replace("\t", "").isprintable():
        return broken  # nearly every text: nothing invisible in it
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
        else f"[U+{ord(c):04X}]"
        for c in broken
    )
