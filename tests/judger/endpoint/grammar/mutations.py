"""Completions bent by a few changes: of their bytes, their structure, their words."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from tests.judger.endpoint.grammar.bodies import T, body

OTHER = "fedcba9876543210"
VERDICTS = ("safe", "unsafe", "refusal")
ENDINGS = (
    "stop", "STOP", "eos", "end_turn", "stop ", "", None, "length", "max_tokens", "SAFETY", "error",
    "abort", "cancelled", "content_filter", "tool_calls", "null", "stopped", "RECITATION", 0, True,
    ["stop"], "insufficient_system_resource", "COMPLETE", "unknown",
)  # fmt: skip
ERRORS: tuple[object, ...] = (
    {"code": 502, "message": "broke off"}, "overloaded", True, [1], None, {}, "", 0, False, [], "0",
)  # fmt: skip
KEYS = (
    "error", "errors", "Error", "error_code", "error_msg", "code", "status", "success", "ok",
    "delta", "index", "object", "finish_reason", "native_finish_reason", "message", "text",
    "choices", "content", "refusal", "role", "tool_calls", "usage", "model", "base_resp",
)  # fmt: skip
POOL: tuple[object, ...] = (
    None, 0, 1, -1, 200, 429, True, False, "", "ok", "safe", "error", "assistant", "user", [], {},
    ["safe"], {"verdict": "safe"}, 1.5, "chat.completion", "chat.completion.chunk", "stop",
)  # fmt: skip
BYTES = (
    b"\xff", b"\x00", b"\xef\xbb\xbf", b"}", b"{", b'"', b",", b"]", b"NaN", b"\\", b"\\ud83d",
    b"data: ", b"\n", b" ", b'"error":1,', b'"choices":[],', b"safe", b"unsafe",
)  # fmt: skip
Draw = random.Random


def said(rng: Draw, asked: bool, ticket: str = T) -> str:
    """What a judge may write: in form, nearly in form, or not at all.

    `asked`: the question asks whether the reply helped, too.
    """
    verdict, other = rng.choice(VERDICTS), rng.choice(VERDICTS)
    known = ("yes", "no", "no", "no", "maybe", "") if asked else ("", "", "", "", "", "", "yes")
    helped = rng.choice(known)
    more = {"helped": helped} if helped else {}
    one = json.dumps({"ticket": ticket, "reason": "It says so.", "verdict": verdict, **more})
    line = f"VERDICT[{ticket}]: {verdict}{f'; helped: {helped}' if helped else ''}"
    return rng.choice(
        (
            *[one] * 14,  # often in form: `helped` alone can put an answer out of it
            *(f"Because.\n{line}", f"Because.\n{line}", f"Because.\n{line}", line, line),
            f"```json\n{one}\n```",
            f"```\n{one}\n```",
            f"<think>It could be {other}.</think>{one}",
            f"<think>VERDICT[{ticket}]: {other}\n</think>\n{line}",
            f"<think>{one}",
            f"{one}</think>{one}",
            f"VERDICT[{ticket}]: {other}\n{line}",
            f"{line}\nVERDICT[{OTHER}]: {other}",
            f"{line}\u2028VERDICT[{ticket}]: {other}",
            f"{one}{one}",
            f"{one} I hope this helps.",
            one[:-1] + f', "verdict": "{other}"}}',
            one.replace('"It says so."', "null"),
            one.replace(ticket, OTHER),
            one.replace(ticket, ticket.upper()),
            one.replace('"verdict"', '"Verdict"'),
            line.replace("VERDICT", "verdict"),
            line + ".",
            f"> {line}",
            f"**{line}**",
            verdict,
            "",
        )
    )


def structured(made: dict[str, Any], rng: Draw) -> None:
    """One change of the structure, in place."""
    levels = [made]
    choices = made.get("choices")
    if isinstance(choices, list):
        levels += [one for one in choices if isinstance(one, dict)]
        levels += [m for one in levels[1:] if isinstance(m := one.get("message"), dict)]
    level = rng.choice(levels)
    change = rng.randrange(8)
    if change == 0:
        level.pop(rng.choice(list(level) or [""]), None)
    elif change == 1:
        level[rng.choice(KEYS)] = copy.deepcopy(rng.choice(POOL))
    elif change == 2:
        level[rng.choice(KEYS[:5])] = copy.deepcopy(rng.choice(ERRORS))
    elif change == 3 and len(levels) > 1:
        levels[1]["finish_reason"] = rng.choice(ENDINGS)
    elif change == 4 and len(levels) > 1:
        levels[1]["native_finish_reason"] = rng.choice(ENDINGS)
    elif change == 5 and isinstance(choices, list) and choices:
        made["choices"] = rng.choice((choices * 2, choices[0], [choices], [], {"0": choices[0]}))
    elif change == 6 and len(levels) > 2:
        levels[2]["content"] = parts(levels[2].get("content"), rng)
    elif level:
        key = rng.choice(list(level))
        level[key] = rng.choice(([level[key]], {"value": level[key]}, str(level[key])))


def parts(content: Any, rng: Draw) -> Any:
    """A message's text as the parts that some servers send."""
    words, half = str(content), len(str(content)) // 2
    text = {"type": "text", "text": content}
    return rng.choice(
        (
            [text],
            [{"type": "thinking", "thinking": "hm"}, text],
            [{"type": "text", "text": piece} for piece in (words[:half], words[half:])],
            [{"type": "refusal", "refusal": "I won't."}, text],
            [{"type": "image_url"}, text],
            [content],
            text,
            [{**text, "error": "cut"}],
        )
    )  # fmt: skip


def written(content: bytes, rng: Draw) -> bytes:
    """One change of the bytes."""
    at, length = rng.randrange(len(content) + 1), rng.randrange(1, 12)
    change: Callable[[], bytes] = rng.choice(
        (
            lambda: content[:at] + content[at + length :],
            lambda: content[:at] + rng.choice(BYTES) + content[at:],
            lambda: content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :],
            lambda: content[:at] + content[max(0, at - length) : at] + content[at:],
            lambda: content[:at],
            lambda: rng.choice(BYTES) + content,
            lambda: content + rng.choice(BYTES),
            lambda: doubled(content, rng),
        )
    )
    return change()


def doubled(content: bytes, rng: Draw) -> bytes:
    """A key that stands twice in its object."""
    names = (b"choices", b"message", b"content", b"finish_reason", b"refusal", b"model")
    key = b'"' + rng.choice(names) + b'": '
    other = json.dumps(rng.choice((*POOL, *ENDINGS))).encode()
    return content.replace(key, key + other + b", " + key, 1)


def bent(rng: Draw, asked: bool = False) -> bytes:
    """One completion, mostly with changes."""
    made = body(said(rng, asked), rng.choice(("stop", "stop", "stop", rng.choice(ENDINGS))))
    if rng.random() < 0.15:
        made["choices"][0] = {"index": 0, "text": said(rng, asked), "finish_reason": "stop"}
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        structured(made, rng)
    content = json.dumps(made, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    return written(content, rng) if rng.random() < 0.3 else content
