"""A back end's replies as they enter the harness: each the own of its request, writable, read once.

lmms-eval 0.7.3 pairs replies with requests by `zip`, so one reply too many gives every later item
its neighbour's. Some stock back ends lose count when one request fails, and reordering then hides
it (docs/backend-failures.md): they are asked one request at a time. Half of a surrogate pair in a
reply stops lmms-eval from writing the samples. What is read here is what the judge gets, with the
hashes that its files have now.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from typing import Any

from judger.reply.clean import cleaned
from judger.reply.read import read_reply
from judger.reply.readings import readings

OURS = ("uni_safe", "unisafe_")
_SIMPLE = "lmms_eval.models.simple."
#: Where a failed request shifts the replies to others, or repeats one of them.
ALONE = {
    _SIMPLE + name
    for name in (
        *("aria", "claude", "cogvlm2", "llava_hf", "llava_onevision_moviechat", "minicpm_v"),
        *("minimonkey", "qwen_vl_api"),
    )
}
#: Where replies come in the provider's order, not in that of the requests.
UNORDERED = {_SIMPLE + "batch_gpt4"}
#: All that is left of a failure of moviechat, which adds "Can not infer the answer." by letters.
_LETTER = (_SIMPLE + "llava_onevision_moviechat", "C")


def honest(original: Any) -> Any:
    """A back end's `generate_until` whose replies can be relied on, where our tasks ask."""

    def generate_until(self: Any, requests: list[Any], *args: Any, **kwargs: Any) -> Any:
        if not any(str(request.args[-2]).startswith(OURS) for request in requests):
            return original(self, requests, *args, **kwargs)
        if module_of(self) in ALONE:
            each = ([request] for request in requests)
            return [_alone(self, original, one, *args, **kwargs) for one in each]
        return _counted(self, requests, original(self, requests, *args, **kwargs))

    return generate_until


def module_of(model: Any) -> str:
    """Where a back end's class is written."""
    return type(model).__module__


def _alone(model: Any, original: Any, requests: list[Any], *args: Any, **kwargs: Any) -> Any:
    """The reply to one request that is asked by itself."""
    try:
        replies = original(model, requests, *args, **kwargs)
    except (
        UnboundLocalError
    ) as error:  # it would have returned the reply before, had there been one
        return _failed(model, f"failed ({error})")
    (reply,) = _counted(model, requests, replies)
    if (module_of(model), getattr(reply, "text", reply)) == _LETTER:
        return _failed(model, "failed (`Can not infer the answer.`)")
    return reply


def _counted(model: Any, requests: list[Any], replies: Any) -> list[Any]:
    """The replies, each read; failures in place of all where it is not known whose each is."""
    replies = list(replies or ())
    if len(replies) != len(requests):
        why = f"returned {len(replies)} replies to {len(requests)} requests"
        return [_failed(model, why)] * len(requests)
    if module_of(model) in UNORDERED and len(requests) > 1:
        return [_failed(model, "does not say which reply is whose")] * len(requests)
    return [taken(model, *pair) for pair in zip(requests, replies, strict=True)]


def _failed(model: Any, why: str) -> str:
    """The failure that stands for a reply; said once where a person sees it."""
    said = f"{type(model).__name__} {why}"
    print(f"uni_safe: {said}: not judged (docs/backend-failures.md)", file=sys.stderr)
    return f"[UNI_SAFE_FAILED] {said}"[:600].replace("\n", " ")


def taken(model: Any, request: Any, reply: Any) -> Any:
    """One reply, clean, after it was read; what is no text is left as it is."""
    text = getattr(reply, "text", reply)
    if not isinstance(text, str) or not str(request.args[-2]).startswith(OURS):
        return reply
    doc = document(model, request)
    clean, _ = cleaned(text)
    read = read_reply(text, int(doc.get("row") or 0), prompt=str(doc.get("prompt") or ""))
    readings.put(str(doc.get("item_id") or ""), clean, read)
    if clean == text:
        return reply
    whole = is_dataclass(reply) and not isinstance(reply, type)
    return replace(reply, text=clean) if whole else clean


def document(model: Any, request: Any) -> Mapping[str, Any]:
    """The document of a request; simple and chat requests end in its id, its task and its split."""
    doc_id, task, split = request.args[-3:]
    found: Mapping[str, Any] = model.task_dict[task][split][doc_id]
    return found
