"""What must not stand in a published file: secrets, and paths of somebody's machine."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

#: What stands in place of something private.
LEFT_OUT = "…"

# A name may end a longer one: `hf_token`, `UNI_JUDGER_API_KEY`, `clientSecret`.
_STARTS = r"(?:(?<![^\W_])|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
_KEYS = (
    r"(?:api|access|secret|private|auth|account|subscription|signing|azure|openai|google|gemini"
    r"|anthropic|openrouter)[_-]?keys?"
)
_WORDS = r"secrets?|passw(?:or)?ds?|passphrase|pwd|credentials?|authorization"
#: Tokens of a tokenizer are no secrets, and neither is their number.
_TOKENS = r"(?<!eos_)(?<!bos_)(?<!pad_)(?<!unk_)token"
_ENDS = r"(?=$|[\s,;\"'})\]])"
_NOTHING = rf"(?:{LEFT_OUT}|\*{{3,}}|none|null|true|false){_ENDS}"
_OF_A_TOKENIZER = rf"(?:\d{{1,6}}|<[^<>]*>|\[[A-Z]+\]){_ENDS}"
_IS = r"[\"']?\s*[=:]\s*"
_NAMED = re.compile(
    rf"(?P<name>{_STARTS}(?:(?:{_KEYS}|{_WORDS}){_IS}|{_TOKENS}{_IS}(?!{_OF_A_TOKENIZER})))"
    rf"(?!\s|{_NOTHING})(?:\"[^\"\n]*\"|'[^'\n]*'|\[[^\]\n]*\]?|\{{[^}}\n]*\}}?"
    rf"|[^\s,][^,\n]*(?:,(?!\s*[\w.-]+\s*[=:])[^,\n]*)*)",
    re.I,
)
#: What looks like a secret whatever it is called.
_BARE = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bhf_[A-Za-z0-9]{16,}|\bgh[pousr]_[A-Za-z0-9]{16,}"
    r"|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}|\bAKIA[0-9A-Z]{12,}|\bAIza[\w-]{20,}"
    r"|\bxox[abpr]-[\w-]{10,}|\bbearer\s+(?=[\w.~+/-]*\d)[\w.~+/=-]{8,}"
    r"|\bgsk_\w{16,}|\b(?:nvapi|xai)-[\w-]{16,}|(?<=[?&])(?:key|sig|signature|code)=[^&\s,]+"
    r"|--(?:api[_-]?key|token|password|secret)\s+[^\s,]+|(?<=://)[^/\s:@,]+@"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|(?<=://)[^/\s:@,]+:[^/\s@,]+@"
    r"|-----BEGIN [A-Z ]*KEY[\s\S]*",
    re.I,
)
#: From the root, from a home, a variable or a drive, UNC, file URLs; web addresses are none. A
#: path starts where no word, tag or other path goes on; one part alone must be a whole value.
_PATH = re.compile(
    r"(?<![\w./\\~%<…-])(?:/[\w.@+~#-][\w.@+~#%&()! -]*/|/[^\W\d][\w.@+-]*(?=$|[\s,;:\"'`|)\]}])"
    r"|~[\w.-]*/|%\w+%[\\/]|\\\\\w)|\$\{?[A-Za-z_]\w*\}?[\\/]|(?<![^\W_])[A-Za-z]:[\\/](?!/)"
    r"|\bfile:/",
    re.M | re.I,
)
_WHOLE_PATH = re.compile(rf"(?:{_PATH.pattern})[^,;\"'|)\]}}\n]*", _PATH.flags)


@functools.lru_cache(maxsize=8192)  # most of what submissions say, others say, too
def private(text: str) -> tuple[str, ...]:
    """What a text looks like that must not be published: a secret, an absolute path, or nothing."""
    secret = _NAMED.search(text) or _BARE.search(text)
    found = {"a secret": secret, "an absolute path": _PATH.search(text)}
    return tuple(looks for looks, match in found.items() if match)


def redacted(text: str) -> str:
    """The text with `…` in place of each secret and each absolute path; names of settings stay.

    A value without quotes goes to the next comma or the line's end: rather too much than too
    little. Where something private would still stand there, nothing is left but `…`.
    """
    made = _NAMED.sub(rf"\g<name>{LEFT_OUT}", text)
    made = _WHOLE_PATH.sub(LEFT_OUT, _BARE.sub(LEFT_OUT, made))
    return LEFT_OUT if private(made) else made


def private_places(value: object) -> Iterator[tuple[str, str]]:
    """(where, what it looks like) for every private text of a JSON value, keys too."""
    for where, text in _texts(value):
        for looks in private(text):
            yield where, looks


def _texts(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value with its place."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}.{key}".lstrip("."), key
            yield from _texts(inner, f"{where}.{key}".lstrip("."))
            if isinstance(inner, str):  # the key can be what makes the value a secret
                yield f"{where}.{key}".lstrip("."), f"{key}={inner}"
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{where}[{index}]")
