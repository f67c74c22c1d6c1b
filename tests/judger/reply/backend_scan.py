"""Where lmms-eval's back ends catch what goes wrong as they generate, by reading their source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import lmms_eval.models

MODELS = Path(lmms_eval.models.__file__).parent
#: Functions that no reply passes through: set-up, tear-down, helpers for settings and likelihoods.
_ASIDE = re.compile(
    r"__init__|__del__|tok_decode|loglikelihood|generate_until_multi_round|max_length|is_pickable"
    r"|patched_register|get_model|get_mcp_tools|get_tool_call_parser_type|_init\w*|_load_\w*model"
    r"|_load_vision_decoder|_ensure_\w+|_safe_asanyarray|_shutdown_workers|_fastvideo_dp_worker"
    r"|_cleanup_files|_move_pipeline_to_device|_invoke_pipeline|_\w*watchdog\w*"
    r"|_summarize_batch_requests|_setup_tp_group\w*|_select_max_new_tokens|_normalize_top_p\w*"
    r"|_as_int|_as_optional_float|_to_float|_probe_video|_resume_hit|_get_input_device"
    r"|_resample_video\w*|_extract_safety_tag|_initialize_model_registry|_load_model"
)


def handlers() -> Iterator[str]:
    """`file:line` of every `except` that a reply may pass through, without those for imports."""
    for path in sorted(MODELS.rglob("*.py")):
        if "model_utils" not in path.parts:
            where = path.relative_to(MODELS).as_posix()
            yield from (f"{where}:{line}" for line in _lines(ast.parse(path.read_text()), ""))


def _lines(node: ast.AST, function: str) -> Iterator[int]:
    for inner in ast.iter_child_nodes(node):
        name = function
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name = inner.name
        if isinstance(inner, ast.ExceptHandler) and name and not _ASIDE.fullmatch(name):
            caught = ast.unparse(inner.type) if inner.type else ""
            if caught not in ("ImportError", "ModuleNotFoundError"):
                yield inner.lineno
        yield from _lines(inner, name)
