"""Media inside a sheet: pictures made small enough, sounds and films whole, within a budget."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from judger.media.files import MediaError, checked, media_kind
from judger.media.thumb import thumb
from leaderboard.report import page

#: Longest side of a picture: a person must be able to read what is written in it.
SIDE = 896
#: Bytes of one sound or film, and of all media of a sheet.
ONE, ALL = 8_000_000, 60_000_000
_TYPES = {
    **{".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg"},
    **{".opus": "audio/ogg", ".m4a": "audio/mp4", ".mp4": "video/mp4", ".mov": "video/mp4"},
    **{".webm": "video/webm", ".mkv": "video/webm"},
}


class Media:
    """The media of a sheet as data URIs; files lie below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._root, self._left, self._kept = folder.resolve(), ALL, page.kept()
        self.sources: list[str] = []

    def all(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Each as {kind, place, label}; place -1 where the label says why it is not in the page."""
        return [self._one(path, number) for number, path in enumerate(paths, 1)]

    def _one(self, path: str, number: int) -> dict[str, Any]:
        kind = media_kind(path) or "image"
        label = f"{ {'image': 'picture', 'audio': 'recording', 'video': 'film'}[kind] } {number}"
        try:
            source = self._source(path, kind)
        except (MediaError, OSError) as error:
            why = str(error).replace(str(self._root), "")[:160]
            return {"kind": kind, "place": -1, "label": f"{label} cannot be shown: {why}"}
        if not source or len(source) > self._left:
            said = f"{label} is too large for this page: open {path} beside it"
            return {"kind": kind, "place": -1, "label": said}
        self._left -= len(source)
        self.sources.append(source)
        return {"kind": kind, "place": len(self.sources) - 1, "label": label}

    def _source(self, path: str, kind: str) -> str:
        real = checked(str(self._root / path), [self._root])
        if kind == "image":
            return thumb(real, "image", SIDE, self._kept)
        if real.stat().st_size > ONE or real.suffix.lower() not in _TYPES:
            return ""
        data = base64.b64encode(real.read_bytes()).decode("ascii")
        return f"data:{_TYPES[real.suffix.lower()]};base64,{data}"
