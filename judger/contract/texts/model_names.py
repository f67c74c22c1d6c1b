"""Are two names names of one model? Spellings, look-alike letters, formats and dates aside.

A judge that is the model under test judges itself, under whatever name. Names are compared by the
letters that they look like (Unicode TR 39, by `confusable_homoglyphs`), without organisation,
revision, separators, and without what says only how the same weights are packed or dated.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

#: Words that name a form of the same model: its tuning for chat, its number format, its packing.
FORMS = (
    "instruct", "chat", "gen", "it", "hf", "base", "preview", "latest", "original", "release",
    "awq", "gptq", "gguf", "ggml", "exl2", "exl3", "mlx", "onnx", "bnb", "autoround", "quantized",
    "quant", "marlin", "int3", "int4", "int8", "fp4", "fp8", "fp16", "fp32", "bf16", "nf4",
    "nvfp4", "mxfp4", "w4a16", "w8a8", "w8a16", "3bit", "4bit", "8bit", "dynamic",
)  # fmt: skip
_DATE = re.compile(r"[-_.]+(?:19|20)\d\d[-_.]?[01]\d(?:[-_.]?[0-3]\d)?$")
_GGUF = re.compile(r"[-_.]+i?q[2-8](?:_[0-9k]+)?(?:_[a-z]{1,3})?$", re.I)
#: ASCII letters that look like another, whichever case they are written in.
_ASCII = str.maketrans({"i": "l", "1": "l", "|": "l", "!": "l", "0": "o"})


def first_same(names: Iterable[str], others: Iterable[str]) -> tuple[str, str] | None:
    """The first two names of one model, one from each side."""
    known = {identity(other): other for other in others if identity(other)}
    return next(((name, known[i]) for name in names if (i := identity(name)) in known), None)


def named_in(told: str) -> list[str]:
    """Every name in what a record says of who answered (`JudgeIdentity.served`): models with their
    builds, one after the other, and settings that were left out."""
    parts = [part.strip() for part in re.split(r";|\bthen\b", told) if part.strip()]
    return [name for part in parts for name in dict.fromkeys([part, *part.split()])]


@functools.lru_cache(maxsize=4096)
def identity(name: str) -> str:
    """What is left of a name of one model: `Org/Some-Model_7B-Instruct-AWQ` as `somemodel7b`."""
    last = re.split(r"[/\\]", re.sub(r"[:@][^/]*$", "", name.strip().rstrip("/\\")))[-1]
    last = re.sub(r"\.(gguf|safetensors|bin)$", "", last, flags=re.I)
    while (shorter := _without_form(last)) != last:
        last = shorter
    # `3.5` and `3-5` are one number, `1.5B` and `15B` are two.
    numbered = re.sub(r"(?<=\d)[-_. ](?=\d)", "·", last)
    return re.sub(r"[^\w·]|_", "", skeleton(numbered))


def _without_form(name: str) -> str:
    """A name without its last word, if that says only how the model is packed, tuned or dated."""
    for pattern in (_DATE, _GGUF):
        if (found := pattern.search(name)) and found.start() > 0:
            return name[: found.start()]
    rest, _, word = re.sub(r"[_.\s+]", "-", name).rpartition("-")
    return name[: len(rest)] if rest and skeleton(word) in _forms() else name


@functools.cache
def _forms() -> frozenset[str]:
    return frozenset(map(skeleton, FORMS))


@functools.lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """A text as the letters that it looks like: two texts that look alike have one skeleton."""
    if not (text.isascii() and text.isprintable()):  # else it stays as it is
        plain = unicodedata.normalize("NFKD", text)
        seen = (c for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
        text = "".join(_prototype(c) for c in seen)
    letters = text.casefold().translate(_ASCII)
    return letters.replace("rn", "m")


@functools.lru_cache(maxsize=4096)
def _prototype(character: str) -> str:
    """The ASCII letter that a character looks like, or the character itself."""
    if character.isascii():
        return character
    from confusable_homoglyphs.confusables import confusables_data  # a large table

    alike = [entry["c"] for entry in confusables_data.get(character, ())]
    return next((c for c in alike if c.isascii() and c.isalnum()), character)
