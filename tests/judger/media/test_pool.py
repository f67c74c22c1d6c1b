"""Whatever happens where files are decoded, the run goes on and the file is named."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from judger.media import files, pool
from judger.media.files import FileFacts, MachineError, MediaError, facts_of
from judger.media.pieces import unpacked

SHOW = {"job": "show", "side": 64, "frames": 4, "hears": False}
#: In the process that decodes, before it serves: one job becomes this.
DOES = {
    "crash": "os.abort()",
    "segfault": "__import__('ctypes').string_at(0)",
    "exit": "os._exit(3)",
    "killed": "os.kill(os.getpid(), 9)",
    "hang": "__import__('time').sleep(600)",
    "spin": "[x for x in iter(int, 1)]",
    "memory": "bytearray(8 << 30)",
    "bug": "{}['key']",
    "write": f"open({str(Path.home())!r} + '/made', 'w').write('x' * 9999)",
    "keys": "pieces.words(repr(dict(os.environ)))",
    "folder": "pieces.words(os.getcwd())",
    "files": "[open('/dev/null') for _ in range(99)]",
}


@pytest.fixture
def picture(tmp_path: Path) -> FileFacts:
    Image.new("RGB", (8, 8), "navy").save(tmp_path / "a.png")
    return facts_of(tmp_path / "a.png")


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Processes of a pool of its own; `does` says what the job is there."""
    own = pool.Pool(2)
    monkeypatch.setattr(pool, "pool", lambda _: own)
    yield monkeypatch
    own.close()


def does(patch: pytest.MonkeyPatch, what: str) -> None:
    job = f"jobs._JOBS['show'] = lambda data, request: [{DOES[what]}]"
    start = pool._START.replace(
        "serve(int", f"import os; from judger.media import pieces; "
        f"from judger.media.decode import jobs; {job}; serve(int"
    )  # fmt: skip
    assert start != pool._START
    patch.setattr(pool, "_START", start)


def shown(facts: FileFacts) -> str:
    return unpacked(pool.decoded(facts, "image", SHOW), hashed=False)[0].text


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("crash", r"its decoder ended without an answer \(SIGABRT\)"),
        ("segfault", r"its decoder ended without an answer \(SIGSEGV\)"),
        ("killed", r"its decoder ended without an answer \(SIGKILL\)"),
        ("exit", r"its decoder ended without an answer \(exit status 3\)"),
        ("spin", "its decoder took more than 1 seconds"),
        ("memory", "takes more than 3072 MiB to decode"),
    ],
)
def test_what_ends_a_decoder_is_the_files_fault(
    doing: pytest.MonkeyPatch, picture: FileFacts, what: str, words: str
) -> None:
    usual = pool._START
    does(doing, what)
    doing.setitem(pool.SECONDS, "image", 1)
    with pytest.raises(MediaError, match=f"{words}: .*a.png"):
        shown(picture)
    doing.setattr(pool, "_START", usual)
    assert shown(picture)  # the next one is decoded


def test_one_that_hangs_is_ended(doing: pytest.MonkeyPatch, picture: FileFacts) -> None:
    does(doing, "hang")
    doing.setitem(pool.SECONDS, "image", 1)
    doing.setattr(pool, "_START_SECONDS", 0.0)
    doing.setattr(pool, "PATIENCE", 2)
    started = time.monotonic()
    with pytest.raises(MediaError, match="did not answer in 2 seconds"):
        shown(picture)
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("what", ["bug", "write", "files"])
def test_what_is_no_fault_of_the_file_is_ours(
    doing: pytest.MonkeyPatch, picture: FileFacts, what: str
) -> None:
    does(doing, what)
    with pytest.raises(MachineError, match="nobody foresaw"):
        shown(picture)


def test_a_decoder_knows_no_key_and_no_folder(
    doing: pytest.MonkeyPatch, picture: FileFacts
) -> None:
    doing.setenv("UNI_JUDGER_API_KEY", "secret-1")
    doing.setenv("OPENAI_API_KEY", "secret-2")
    does(doing, "keys")
    assert "secret" not in shown(picture)


def test_no_process_to_be_had_is_no_fault_of_the_file(
    doing: pytest.MonkeyPatch, picture: FileFacts
) -> None:
    doing.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(MachineError, match="can be started"):
        shown(picture)


def test_many_ask_at_once(doing: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for index in range(24):
        Image.new("RGB", (8, 8), (index, 0, 0)).save(tmp_path / f"{index}.png")
    facts = [facts_of(tmp_path / f"{index}.png") for index in range(24)]
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(shown, facts))) == 24


def test_a_file_that_is_another_one_by_now_is_not_decoded(picture: FileFacts) -> None:
    os.utime(picture.path, (1, 1))
    with pytest.raises(MediaError, match="changed since it was read"):
        pool.decoded(picture, "image", SHOW)
    picture.path.unlink()
    with pytest.raises(FileNotFoundError):
        pool.decoded(picture, "image", SHOW)


def test_neither_a_pipe_nor_a_link_nor_a_device_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    (tmp_path / "b.png").symlink_to("/etc/hosts")
    for name, words in ((tmp_path / "a.png", "no regular"), (tmp_path / "b.png", "a link"),
                        (Path("/dev/zero"), "no regular")):  # fmt: skip
        with pytest.raises(MediaError, match=words):
            facts_of(name)


def test_a_machine_without_open_files_is_no_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> int:
        raise OSError(24, "Too many open files")

    (tmp_path / "a.png").write_bytes(b"x")
    monkeypatch.setattr(os, "open", full)
    with pytest.raises(MachineError, match="Too many open files"):
        facts_of(tmp_path / "a.png")


def test_each_state_of_a_file_is_hashed_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, read = tmp_path / "a.bin", list[int]()
    real = files._sha256

    def counted(descriptor: int) -> str:
        read.append(descriptor)
        return real(descriptor)

    monkeypatch.setattr(files, "_sha256", counted)
    path.write_bytes(b"one" * 99)
    first = facts_of(path)
    assert facts_of(path) == first and len(read) == 1
    path.write_bytes(b"two" * 99)
    assert facts_of(path).sha256 != first.sha256 and len(read) == 2


def test_a_forked_process_has_a_pool_of_its_own(picture: FileFacts) -> None:
    assert shown(picture)
    threads = threading.active_count()
    child = os.fork()
    if child == 0:
        os._exit(0 if shown(picture) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert shown(picture) and threading.active_count() == threads


_LARGE = """
import subprocess, sys
held = bytearray(600 << 20)
held[::4096] = b"x" * len(held[::4096])
own = "from judger.media.decode import worker; print(worker._used_memory() >> 20)"
print(subprocess.run([sys.executable, "-c", own], capture_output=True, text=True).stdout)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands a peak on")
def test_what_the_run_holds_is_not_what_a_decoder_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LARGE], capture_output=True, text=True, check=True
    )
    assert 0 < int(done.stdout) < 300, "MiB: else each process would end after one file"


def test_a_request_may_name_its_own_file_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"one")
    (tmp_path / "link").symlink_to(tmp_path / "a.bin")
    (tmp_path / "again").symlink_to(tmp_path / "link")
    plain = files.facts_of_own(tmp_path / "a.bin")
    assert plain == facts_of(tmp_path / "a.bin")
    for name in ("link", "again"):
        assert files.facts_of_own(tmp_path / name) == plain
        with pytest.raises(MediaError, match="a link"):
            facts_of(tmp_path / name)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError, match="No such file"):
        files.facts_of_own(tmp_path / "gone")


def test_the_folders_that_may_be_read_follow_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UNI_JUDGER_MEDIA_ROOTS", str(tmp_path))
    assert files.default_roots() == (tmp_path.resolve(),)
    monkeypatch.setenv("UNI_JUDGER_MEDIA_ROOTS", f"{tmp_path}{os.pathsep}/")
    assert files.default_roots() == (tmp_path.resolve(), Path("/"))
    monkeypatch.delenv("UNI_JUDGER_MEDIA_ROOTS")
    for folder in (tmp_path, tmp_path.parent):
        monkeypatch.chdir(folder)
        assert files.default_roots()[0] == folder.resolve()
