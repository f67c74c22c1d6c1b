"""lmms-eval sets Pillow's LOAD_TRUNCATED_IMAGES; off here, where a cut-off picture is an error."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from PIL import ImageFile

_lock = threading.Lock()
_within = 0
_before = False


@contextlib.contextmanager
def whole_pictures() -> Iterator[None]:
    """Within, Pillow raises OSError on a truncated file; from several threads at once, too."""
    global _within, _before
    with _lock:
        if _within == 0:
            _before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        _within += 1
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if _within == 0:
                ImageFile.LOAD_TRUNCATED_IMAGES = _before
