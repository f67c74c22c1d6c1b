"""Inference servers with OpenAI's protocol: how each is started. None is ours, none is installed.

An engine serves one model at one port of this machine. Flags are those of the releases named.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from judger.contract.errors import UserError

HOST = "127.0.0.1"
#: Tokens of a question with a long reply (llama-cpp-python's own default is 2048).
CONTEXT = 8192
#: A program beside this Python goes before one of the same name on the search path.
BIN = Path(sys.executable).parent


class EngineError(UserError):
    """No server for this model on this machine: which, and what to install."""


@dataclass(frozen=True)
class Engine:
    """One server: its name, the start of its command line, and what it needs.

    `slow` engines work on a CPU: few questions at once, long patience.
    """

    name: str
    command: Callable[[str, int], list[str] | None]
    get: str
    slow: bool = False

    def start(self, model: str, port: int) -> list[str] | None:
        """The command that serves `model` at `port`; None where it is not installed."""
        return self.command(model, port)


def _vllm(model: str, port: int) -> list[str] | None:
    """vLLM 0.6 and later."""
    program = _program("vllm")
    return program and [*program, "serve", model, "--host", HOST, "--port", str(port)]


def _sglang(model: str, port: int) -> list[str] | None:
    """SGLang 0.4 and later."""
    if find_spec("sglang") is None:
        return None
    start = [sys.executable, "-m", "sglang.launch_server", "--model-path", model]
    return [*start, "--host", HOST, "--port", str(port)]


def _transformers(model: str, port: int) -> list[str] | None:
    """`transformers serve` of transformers 5, with the model loaded from the start."""
    program = _program("transformers")
    if program is None or not _all("transformers", "fastapi", "uvicorn"):
        return None
    return [*program, "serve", model, "--host", HOST, "--port", str(port)]


def _llama_cpp(model: str, port: int) -> list[str] | None:
    """llama.cpp's own server, else that of llama-cpp-python 0.3; both serve one GGUF file."""
    at = ["--host", HOST, "--port", str(port)]
    if (program := _program("llama-server")) is not None:
        return [*program, "--model", model, *at]
    if _all("llama_cpp", "uvicorn", "starlette_context", "sse_starlette"):
        start = [sys.executable, "-m", "llama_cpp.server", "--model", model, *at]
        return [*start, "--n_ctx", str(CONTEXT)]
    return None


#: In the order in which `auto` tries them.
ENGINES: dict[str, Engine] = {
    "vllm": Engine("vllm", _vllm, "pip install vllm (in an environment of its own)"),
    "sglang": Engine("sglang", _sglang, "pip install sglang (in an environment of its own)"),
    "transformers": Engine(
        "transformers", _transformers, "pip install 'transformers[serving]'", slow=True
    ),
    "llama-cpp": Engine(
        "llama-cpp",
        _llama_cpp,
        "llama-server of llama.cpp, or pip install 'llama-cpp-python[server]'",
        slow=True,
    ),
}
AUTO = "auto"


def choose(name: str, model: str, port: int, extra: Sequence[str]) -> tuple[Engine, list[str]]:
    """The engine and its whole command; EngineError where there is none for this model.

    `auto` takes llama.cpp for a GGUF file, for anything else the first engine that is installed.
    """
    gguf = model.lower().endswith(".gguf")
    if gguf and not Path(model).is_file():
        raise EngineError(f"{model} is no file; give the path of a GGUF file")
    if name != AUTO:
        if name not in ENGINES:
            raise EngineError(f"--engine {name!r} is none of {AUTO}, {', '.join(ENGINES)}")
        candidates = [ENGINES[name]]
    else:
        candidates = [e for e in ENGINES.values() if (e.name == "llama-cpp") == gguf]
    for engine in candidates:
        if (command := engine.start(model, port)) is not None:
            return engine, [*command, *extra]
    wanted = "; ".join(f"{engine.name}: {engine.get}" for engine in candidates)
    raise EngineError(f"no server for {model} is installed here: {wanted}")


def _program(name: str) -> list[str] | None:
    beside = BIN / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    return [found] if found else None


def _all(*modules: str) -> bool:
    return all(find_spec(module) is not None for module in modules)
