"""The harness's messages as an OpenAI-compatible server wants them: media as data, not as paths."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

from PIL import Image

from uni_safe_tasks.harness.hooks import film


def openai_messages(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pictures as data URLs, sound as `input_audio`, films as evenly spaced pictures.

    A message that is text only has a plain string as its content: every server takes that.
    """
    found = []
    for message in messages:
        parts = [part for item in message["content"] for part in _parts(item)]
        texts = [part["text"] for part in parts if part["type"] == "text"]
        content: Any = parts if len(texts) < len(parts) else "\n".join(texts)
        found.append({"role": message["role"], "content": content})
    return found


def _parts(item: dict[str, Any]) -> list[dict[str, Any]]:
    if item["type"] == "text":
        return [{"type": "text", "text": item["text"]}]
    if item["type"] == "audio":
        data = base64.b64encode(Path(item["url"]).read_bytes()).decode()
        return [{"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}]
    pictures = film(item["url"], "frames") if item["type"] == "video" else [item["url"]]
    return [{"type": "image_url", "image_url": {"url": data_url(picture)}} for picture in pictures]


def png(picture: Image.Image) -> bytes:
    """A picture as the bytes of a PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def data_url(picture: Image.Image) -> str:
    """A picture as a PNG in a data URL."""
    return f"data:image/png;base64,{base64.b64encode(png(picture)).decode()}"


def words_and_pictures(messages: list[dict[str, Any]]) -> tuple[str, list[Image.Image]]:
    """The text of all messages, and their pictures."""
    items = [item for message in messages for item in message["content"]]
    words = "\n".join(item["text"] for item in items if item["type"] == "text")
    return words, [item["url"] for item in items if item["type"] == "image"]
