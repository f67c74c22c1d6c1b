"""What is kept of the suite's media on disk: the same pieces, within a bound, never trusted."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from judger.media.kept import Kept
from judger.media.pieces import packed, picture, sound, unpacked, words

PIECES = (words("frame 1 of 1, at 0.0 s: é"), picture("png", b"\x89PNG" * 99), sound(b"RIFF"))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    assert kept.get("a" * 64, "image 1024") is None
    kept.put("a" * 64, "image 1024", PIECES)
    assert Kept(tmp_path).get("a" * 64, "image 1024") == PIECES
    assert kept.get("a" * 64, "image 512") is kept.get("b" * 64, "image 1024") is None
    assert unpacked(b"".join(packed(PIECES))) == PIECES


def named(kind: str, form: str, data: bytes) -> bytes:
    """What might be kept of one piece, with the right hash."""
    row = [kind, form, len(data), hashlib.sha256(data).hexdigest()]
    return json.dumps([row]).encode() + b"\n" + data


@pytest.mark.parametrize(
    "broken",
    [b"", b"\n", b"[]\nmore", b"{}\n", b'[["text","",4,"0"]]\nabc', b'[["text","",-1,"0"]]\n',
     b'[["script","",0,"0"]]\n', b'[["text",5,0,"0"]]\n', b'[["text","","0","0"]]\n', b"[1]\n",
     b"\xff\n", b'[["text","",1,"0"]]\n\xff', b'[["text","",3]]\nabc',
     b'[["text","",3,"the hash of something else"]]\nabc', named("text", "", b"\xff"),
     named("image", "image/png", b'AA"}'), named("image", "image/png", b"A\\A"),
     named("image", "image/png", b"\xc3\xa9"), named("image", 'image/"png', b"AA")],
)  # fmt: skip
def test_what_is_broken_counts_as_not_there(tmp_path: Path, broken: bytes) -> None:
    kept = Kept(tmp_path)
    kept.put("a" * 64, "f", PIECES)
    (file,) = tmp_path.rglob("*.pieces")
    file.write_bytes(broken)
    found = kept.get("a" * 64, "f")
    assert found is None or (found == () and broken == b"[]\n")


def test_the_oldest_goes_first(tmp_path: Path) -> None:
    size = len(b"".join(packed(PIECES)))
    kept = Kept(tmp_path, most=size * 5)
    for index in range(12):
        kept.put(f"{index}", "f", PIECES)
        for file in tmp_path.rglob("*.pieces"):
            os.utime(file, (file.stat().st_mtime - 9,) * 2)
    there = [index for index in range(12) if kept.get(f"{index}", "f")]
    assert there == list(range(12 - len(there), 12)) and 3 <= len(there) <= 5


def test_a_folder_that_takes_nothing_costs_no_answer(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")
    kept = Kept(tmp_path)
    kept.put("a" * 64, "f", PIECES)
    assert kept.get("a" * 64, "f") is None


def test_what_a_decoder_says_is_hashed_here_only() -> None:
    told = b"".join(packed(PIECES, hashed=False))
    assert unpacked(told, hashed=False) == PIECES
    for data, hashed in ((told, True), (b"".join(packed(PIECES)), False)):
        with pytest.raises(ValueError, match="not what was packed"):
            unpacked(data, hashed=hashed)
