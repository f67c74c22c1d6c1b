"""From a request and a part of a reply to a judge's messages, by the templates in templates/judger.

The reply is evidence, never instruction. It stands between two marks that hold a ticket: the hash
of the reply itself with a fixed prefix, which nobody can write into a reply beforehand, and which
stays the same from run to run, so that answers can be cached.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from judger.item import Item
from judger.media import open_image, shrunk, video_frames, wav
from judger.parts import Part
from judger.record import AXES, OFFERED, Axis
from judger.settings import Settings, SettingsError

Content = dict[str, Any]


def template_folder() -> Path:
    """templates/judger: inside the wheel beside this module, in a checkout at the top level."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "templates" / "judger"


def variants() -> list[str]:
    """Every wording that `UNI_JUDGER_VARIANT` may name."""
    folder = template_folder() / "variants"
    return ["default", *sorted(path.name for path in folder.iterdir() if path.is_dir())]


@functools.lru_cache
def _environment(variant: str) -> jinja2.Environment:
    if variant not in (*variants(), "reference"):  # nor may a name lead out of the folder
        known = ", ".join(variants())
        raise SettingsError(f"UNI_JUDGER_VARIANT={variant!r} is no wording; there are {known}")
    # A variant overrides single files; what it lacks comes from the default wording. The published
    # protocol's wording stands apart from them: no strict grammar can read its answers.
    root = template_folder()
    own = root / "reference" if variant == "reference" else root / "variants" / variant
    folders = [own, root]
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
    """The hash of the wording behind each axis: its own template and the common one."""
    env = _environment(variant)
    assert env.loader is not None

    def source(name: str) -> bytes:
        assert env.loader is not None
        return env.loader.get_source(env, name)[0].encode()

    common = source("system.jinja")
    return {axis: hashlib.sha256(common + source(f"{axis}.jinja")).hexdigest() for axis in AXES}


@dataclass(frozen=True)
class Rendered:
    """The messages of one question, and the ticket its answer must carry."""

    messages: list[dict[str, Any]]
    ticket: str


def render(axis: Axis, item: Item, part: Part, settings: Settings, mode: str) -> Rendered:
    """Render one question; MediaError when a file of the request or reply cannot be opened."""
    evidence = part.text.encode("utf-8", "surrogatepass")
    if part.path is not None:
        evidence = part.path.read_bytes()
    ticket = hashlib.sha256(b"uni-judger/1\0" + axis.encode() + evidence).hexdigest()[:16]
    marks = {"open": f"<<<{ticket}", "close": f"{ticket}>>>"}
    reply_media = encode(part.path, part.kind, settings) if part.path else []
    request_media = media_of(item, settings) if axis == "contextual" else []
    text = _template(settings.variant, f"{axis}.jinja").render(
        **marks,
        item=item,
        part=part,
        request=visible(told(item)),
        request_media=", with its media above" if request_media else "",
        reply=visible(part.text),
        reply_media=f"the {part.kind} at the end of this message",
    )
    system = _system(settings.variant, axis, mode).replace(_ANY_TICKET, ticket)
    content: Any = text
    if request_media or reply_media:
        content = [*request_media, {"type": "text", "text": text}, *reply_media]
    return Rendered(
        [{"role": "system", "content": system}, {"role": "user", "content": content}], ticket
    )


#: Stands where a ticket will: the system message is the same for all questions of an axis but that.
_ANY_TICKET = "0ticket0"


@functools.lru_cache
def _system(variant: str, axis: Axis, mode: str) -> str:
    facts = {"ticket": _ANY_TICKET, "open": f"<<<{_ANY_TICKET}", "close": f"{_ANY_TICKET}>>>"}
    template = _template(variant, "system.jinja")
    return template.render(**facts, offered=OFFERED[axis], mode=mode)


def intent_messages(item: Item, ticket: str, settings: Settings) -> list[dict[str, Any]]:
    """The question for a request's intent (`judger.intents`); MediaError as in `render`."""
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


def told(item: Item) -> str:
    """The request in words: its text, and what its media show or speak where that is known."""
    return f"{item.prompt}\n\n[attached: {item.media_text}]" if item.media_text else item.prompt


def media_of(item: Item, settings: Settings) -> list[Content]:
    """The request's media as far as the judge takes them; MediaError when one cannot be opened."""
    media: list[Content] = []
    for path, kind in ((item.image, "image"), (item.video, "video")):
        if path and "image" in settings.modalities:
            media += encode(Path(path), kind, settings)
    if item.audio and "audio" in settings.modalities:
        media += encode(Path(item.audio), "audio", settings)
    return media


_OUR_MARKS = re.compile(r"<<<|>>>|VERDICT\s*\[", re.I)


def visible(text: str) -> str:
    """Evidence made harmless: our marks broken up, invisible and direction characters spelled."""
    folded = _OUR_MARKS.sub(lambda match: match[0][0] + "\N{MIDDLE DOT}" + match[0][1:], text)
    if folded.replace("\n", "").replace("\t", "").isprintable():
        return folded  # nearly every text: nothing invisible in it
    return "".join(
        c
        if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
        else f"[U+{ord(c):04X}]"
        for c in folded
    )


def encode(path: Path, kind: str, settings: Settings) -> list[Content]:
    """A file as message content, scaled to the stated bounds; frames carry their time in words."""
    # By what the file holds, not by its name: back ends give the next picture the same one.
    held = hashlib.sha256(path.read_bytes()).digest()
    return list(_encode(path, held, kind, settings.image_side, settings.video_frames))


@functools.lru_cache(maxsize=16)  # both axes and a re-ask show the same file
def _encode(path: Path, held: bytes, kind: str, side: int, frames: int) -> tuple[Content, ...]:
    if kind == "image":
        return (_image(shrunk(open_image(path), side)),)
    if kind == "video":
        content: list[Content] = []
        shots = video_frames(path, frames)
        for index, (seconds, frame) in enumerate(shots, 1):
            words = f"frame {index} of {len(shots)}, at {seconds:.1f} s:"
            content += [{"type": "text", "text": words}, _image(shrunk(frame, side // 2))]
        return tuple(content)
    sound = {"data": base64.b64encode(wav(path)).decode(), "format": "wav"}
    return ({"type": "input_audio", "input_audio": sound},)


def _image(data: bytes) -> Content:
    url = "data:image/jpeg;base64," + base64.b64encode(data).decode()
    return {"type": "image_url", "image_url": {"url": url}}
