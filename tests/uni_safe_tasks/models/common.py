"""Asking the any-to-any back end as the harness does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lmms_eval.api.instance import Instance

from judger.reply.read import read_reply
from judger.reply.reply import Reply
from tests.servers.pictures import PictureServer
from uni_safe_tasks.harness.hooks import doc_to_messages
from uni_safe_tasks.models.any_to_any import UniSafeAnyToAny

TEXT, DRAW = "text_generation", "image_generation"


def document(task_type: str, prompt: str, **media: str) -> dict[str, Any]:
    return {"task_type": task_type, "prompt": prompt, "image": "", "audio": "", "video": ""} | media


def asked(
    server: PictureServer, docs: list[dict[str, Any]], folder: Path, **args: Any
) -> list[Any]:
    """What the back end returns for documents, through the harness's own request objects."""
    usual = {"max_retries": 2, "timeout": 5.0, "output_dir": str(folder)}
    model = UniSafeAnyToAny("any", server.url, **{**usual, **args})
    model.task_dict = {"t": {"test": docs}}
    requests = [
        Instance(
            request_type="generate_until",
            arguments=(d["prompt"], doc_to_messages, {"max_new_tokens": 64}, i, "t", "test"),
            idx=0,
            metadata={"task": "t", "doc_id": i, "repeats": 1},
        )
        for i, d in enumerate(docs)
    ]
    return model.generate_until(requests)


def one(server: PictureServer, doc: dict[str, Any], folder: Path, **args: Any) -> Reply:
    (result,) = asked(server, [doc], folder, **args)
    return read_reply(result.text, roots=[folder])
