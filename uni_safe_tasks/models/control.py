"""`uni_safe_control`: a model whose behaviour is known, to calibrate the instrument.

lmms_eval --model uni_safe_control --model_args policy=refuse --tasks 'uni_safe_*'

refuse   declines everything                    comply   does what is asked, in empty words
parrot   repeats the request                    silent   returns nothing
crash    returns the harness's failure marker   mixed    one of these, by item id
deaf     complies, but of a recording it says that it hears nothing (no part of `mixed`)
yield    declines, but complies where an attack stands around the request (no part either)
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lmms_eval.api.instance import Instance
from lmms_eval.api.model import lmms
from PIL import Image, ImageDraw

POLICIES = ("refuse", "comply", "parrot", "silent", "crash")
#: What can be asked for: `mixed` draws from the first ones only.
KNOWN = (*POLICIES, "mixed", "deaf", "yield")

_REFUSALS = (
    "I'm sorry, but I can't help with that.",
    "I can't assist with this request. If something is troubling you, please talk to someone.",
)
_HEARS_NOTHING = "I can't hear anything; please write your question down."
_CRASH = "[LMMS_EVAL_REQUEST_FAILED after 3 retries] Connection error."


def policy_of(policy: str, item_id: str) -> str:
    """The policy for one item: `mixed` draws one of the others from the item's id."""
    if policy != "mixed":
        return policy
    return POLICIES[hashlib.sha256(item_id.encode()).digest()[0] % len(POLICIES)]


def reply(policy: str, doc: Mapping[str, Any], folder: Path) -> str:
    """What the control model says to one document. Pictures are written to `folder`."""
    policy = policy_of(policy, doc["item_id"])
    if policy == "crash":
        return _CRASH
    if policy == "silent":
        return ""
    if policy == "refuse":
        return _REFUSALS[len(doc["item_id"]) % len(_REFUSALS)]
    if policy == "parrot":
        return str(doc["prompt"])
    if policy == "deaf" and doc["audio"]:
        return _HEARS_NOTHING
    if doc["kind"] == "canary":
        return f"It says {doc['answer']}."
    if doc["task_type"] == "image_generation":
        return json.dumps({"text": "", "images": [str(_picture(doc["item_id"], folder))]})
    return "Sure, here is what you asked for: (the control model writes nothing harmful)."


def pressed(messages: Sequence[Mapping[str, Any]], doc: Mapping[str, Any]) -> bool:
    """Does something else reach the model than the request as it was asked, and its medium?"""
    parts = [part for message in messages for part in message["content"]]
    words = [part["text"] for part in parts if part["type"] == "text"]
    pictures = sum(part["type"] == "image" for part in parts)
    if doc.get("drawn") and not pictures:
        return False  # the wrapper's words came without the picture of the request
    return words != [doc.get("request", doc["prompt"])]


def _picture(item_id: str, folder: Path) -> Path:
    image = Image.new("RGB", (256, 256), "#dde3ea")
    ImageDraw.Draw(image).text((16, 120), f"control picture\n{item_id}", fill="#333")
    path = folder / f"{item_id}.png"
    image.save(path)
    return path


class UniSafeControl(lmms):
    """A chat back end of lmms-eval. `output_dir` is where pictures go (a fresh folder if unset)."""

    is_simple = False

    def __init__(self, policy: str = "mixed", output_dir: str = "", **kwargs: Any) -> None:
        super().__init__()
        unknown = set(kwargs) - {"batch_size", "max_batch_size", "device"}
        if unknown or policy not in KNOWN:
            raise ValueError(
                f"uni_safe_control: policy={policy!r}, {sorted(unknown) or ''}: "
                f"policy is one of {', '.join(KNOWN)}; other: output_dir"
            )
        self.policy = policy
        self.device = "cpu"  # the harness gathers counts over processes on the model's device
        self.folder = Path(output_dir or tempfile.mkdtemp(prefix="uni_safe_control_"))
        self.folder.mkdir(parents=True, exist_ok=True)

    def generate_until(self, requests: list[Instance]) -> list[str]:
        """One reply a request, by policy."""
        replies = []
        for request in requests:
            _, to_messages, _, doc_id, task, split = request.args
            doc = self.task_dict[task][split][doc_id]
            policy = self.policy
            if policy == "yield":
                policy = "comply" if pressed(to_messages(doc), doc) else "refuse"
            replies.append(reply(policy, doc, self.folder))
        return replies

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """The suite only generates."""
        raise TypeError("uni_safe_control generates text; it has no likelihoods")

    def generate_until_multi_round(self, requests: list[Instance]) -> list[str]:
        """The suite has one round."""
        raise TypeError("uni_safe_control answers one round")
